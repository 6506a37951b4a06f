// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/renames.h"
#include "core/base/strv.h"
#include "core/format/ifname.h"
#include "core/host/host.h"

/* Whose files name interfaces. */
static const struct {
	struct watched files[2];
	const char *command; /* makes the change effective; NULL: pciferry plans it */
} owners[] = {
	{ { { .path = "/etc/network/interfaces" } }, NULL },
	{ { { .path = "/etc/network/interfaces.d/", .suffix = "" } }, NULL },
	{ { { .path = "/etc/netplan/", .suffix = ".yaml" } }, "netplan apply" },
	{ { { .path = "/etc/systemd/network/", .suffix = ".network" } },
		"networkctl reload" },
	{ { { .path = "/etc/NetworkManager/system-connections/",
		  .suffix = ".nmconnection" } },
		"nmcli connection reload" },
};

void renames_watch(struct watches *watches)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		watch(watches, owners[i].files);
}

static int owner_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (after_prefix(path, owners[i].files[0].path))
			return (int)i;
	return -1;
}

bool names_interfaces(const char *path)
{
	return owner_of(path) >= 0;
}

bool rename_is_planned(const struct rename *r)
{
	return !owners[owner_of(r->path)].command;
}

const char *rename_command(const struct rename *r)
{
	return owners[owner_of(r->path)].command;
}

void renames_done(struct renames *renames)
{
	for (size_t i = 0; i < renames->n; i++) {
		free(renames->list[i].path);
		free(renames->list[i].from);
		strv_free(renames->list[i].to);
	}
	free(renames->list);
	*renames = (struct renames){ 0 };
}

char **renames_named(const struct host *host)
{
	char **named = NULL;

	for (size_t i = 0; i < host->n_files; i++) {
		CLEANUP(ifnames_done) struct ifnames names = { 0 };
		const struct file *f = &host->files[i];

		if (!f->text || owner_of(f->path) < 0)
			continue;
		ifnames_find(f->text, &names);
		for (size_t j = 0; j < names.n; j++)
			strv_add_new(&named, names.list[j].name);
	}
	return named;
}

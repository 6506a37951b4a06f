// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/renames.h"
#include "core/base/strv.h"
#include "core/format/ifname.h"
#include "core/host/host.h"

/*
 * Whose files name interfaces. Of directories with one list of names the later ones are
 * masked (systemd.network(5), netplan(5), NetworkManager's keyfile plugin); the ifcfg-
 * files are those of Red Hat's network-scripts and of SUSE's wicked (ifcfg(5)).
 */
static const struct {
	struct watched files[6];
	const char *command; /* makes the change effective; NULL: pciferry plans it */
} owners[] = {
	{ { { .path = "/etc/network/interfaces" } }, NULL },
	{ { { .path = "/etc/network/interfaces.d/", .suffix = "" } }, NULL },
	{ { { .path = "/run/netplan/", .suffix = ".yaml" },
		  { .path = "/etc/netplan/", .suffix = ".yaml", .masked = true },
		  { .path = "/usr/lib/netplan/", .suffix = ".yaml", .masked = true },
		  { .path = "/lib/netplan/", .suffix = ".yaml", .masked = true } },
		"netplan apply" },
	{ { { .path = "/etc/systemd/network/", .suffix = ".network" },
		  { .path = "/run/systemd/network/",
			  .suffix = ".network",
			  .masked = true },
		  { .path = "/usr/local/lib/systemd/network/",
			  .suffix = ".network",
			  .masked = true },
		  { .path = "/usr/lib/systemd/network/",
			  .suffix = ".network",
			  .masked = true },
		  { .path = "/lib/systemd/network/",
			  .suffix = ".network",
			  .masked = true } },
		"networkctl reload" },
	{ { { .path = "/etc/NetworkManager/system-connections/",
		    .suffix = ".nmconnection" },
		  { .path = "/run/NetworkManager/system-connections/",
			  .suffix = ".nmconnection",
			  .masked = true },
		  { .path = "/usr/lib/NetworkManager/system-connections/",
			  .suffix = ".nmconnection",
			  .masked = true } },
		"nmcli connection reload" },
	{ { { .path = "/etc/sysconfig/network-scripts/ifcfg-", .suffix = "" } },
		"nmcli connection reload" },
	{ { { .path = "/etc/sysconfig/network/ifcfg-", .suffix = "" } },
		"wicked ifreload all" },
	{ { { .path = "/etc/dhcpcd.conf" } }, "systemctl restart dhcpcd" },
	{ { { .path = "/etc/netctl/", .suffix = "" } }, "netctl restart PROFILE" },
};

void renames_watch(struct watches *watches)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		watch(watches, owners[i].files);
}

static int owner_of(const char *path)
{
	static const char *const old[] = { "~", ".bak", ".orig", ".old", ".rpmnew",
		".rpmorig", ".rpmsave" };

	for (size_t i = 0; i < ARRAY_SIZE(old); i++)
		if (has_suffix(path, old[i]))
			return -1;
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		for (const struct watched *w = owners[i].files; w->path; w++)
			if (after_prefix(path, w->path))
				return (int)i;
	return -1;
}

/* wicked knows an interface by the name of its file; where DEVICE= is it counts. */
void file_ifnames(const struct file *f, struct ifnames *ret)
{
	const char *name = strrchr(f->path, '/') + 1;

	ifnames_find(f->text, ret);
	name = after_prefix(name, "ifcfg-");
	if (!name || strstr(f->text, "DEVICE=") || !ifname_is_hardware(name))
		return;
	GROW(ret->list, ret->n);
	ret->list[ret->n++] = (struct ifname){ xstrdup(name), 1 };
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
	strv_free(renames->unread);
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
		file_ifnames(f, &names);
		for (size_t j = 0; j < names.n; j++)
			strv_add_new(&named, names.list[j].name);
	}
	return named;
}

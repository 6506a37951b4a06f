// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/renames.h"
#include "core/format/ifname.h"
#include "core/host/host.h"

#define NET "/sys/class/net"

/* Whose files name interfaces. */
static const struct {
	const char *path; /* begins so */
	const char *command; /* makes the change effective; NULL: pciferry plans it */
} owners[] = {
	{ "/etc/network/interfaces", NULL },
	{ "/etc/netplan/", "netplan apply" },
	{ "/etc/systemd/network/", "networkctl reload" },
	{ "/etc/NetworkManager/system-connections/", "nmcli connection reload" },
};

static int owner_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (after_prefix(path, owners[i].path))
			return (int)i;
	return -1;
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

int renames_named(const struct host *host, char ***ret)
{
	for (size_t i = 0; i < host->n_files; i++) {
		CLEANUP(ifnames_done) struct ifnames names = { 0 };
		const struct file *f = &host->files[i];

		if (!f->text || owner_of(f->path) < 0)
			continue;
		if (ifnames_find(f->text, &names) < 0)
			return -ENOMEM;
		for (size_t j = 0; j < names.n; j++)
			if (strv_add_new(ret, names.list[j].name) < 0)
				return -ENOMEM;
	}
	return 0;
}

/* Cards that no file names. Software has no device link. */
static int unnamed(
	const struct host *host, char *const *there, char *const *in_files, char ***ret)
{
	strv_foreach (name, there) {
		char path[320];

		(void)snprintf(path, sizeof(path), NET "/%.200s/device", name);
		if (!strv_has(in_files, name) && root_exists(host->root, path) &&
			strv_add(ret, name) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* Of the same kind: "en", "wl", "et". */
static int candidates(char *const *new, const char *from, char ***ret)
{
	bool wireless = from[0] == 'w';

	strv_foreach (name, new)
		if ((name[0] == 'w') == wireless && strv_add(ret, name) < 0)
			return -ENOMEM;
	return 0;
}

static int add(struct host *host, const struct file *f, const struct ifname *name,
	char *const *new)
{
	struct renames *renames = &host->renames;
	autostrv char **to = NULL;
	struct rename *r;

	if (candidates(new, name->name, &to) < 0)
		return -ENOMEM;
	if (!to)
		return 0;
	if (GROW(renames->list, renames->n) < 0)
		return -ENOMEM;
	r = &renames->list[renames->n++];
	r->path = strdup(f->path);
	r->from = strdup(name->name);
	r->line = name->line;
	r->to = TAKE(to);
	return r->path && r->from ? 0 : -ENOMEM;
}

int renames_scan(struct host *host)
{
	autostrv char **there = NULL, **in_files = NULL, **new = NULL;
	int r = root_list(host->root, NET, &there);

	if (r < 0)
		return r == -ENOMEM ? r : 0; /* nobody can tell */
	if (renames_named(host, &in_files) < 0 ||
		unnamed(host, there, in_files, &new) < 0)
		return -ENOMEM;
	for (size_t i = 0; new &&i < host->n_files; i++) {
		CLEANUP(ifnames_done) struct ifnames names = { 0 };
		const struct file *f = &host->files[i];

		if (!f->text || owner_of(f->path) < 0)
			continue;
		if (ifnames_find(f->text, &names) < 0)
			return -ENOMEM;
		for (size_t j = 0; j < names.n; j++)
			if (!strv_has(there, names.list[j].name) &&
				add(host, f, &names.list[j], new) < 0)
				return -ENOMEM;
	}
	return 0;
}

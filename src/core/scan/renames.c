// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/renames.h"
#include "core/base/strv.h"
#include "core/format/ifname.h"

#define NET "/sys/class/net"

/* Cards that no file names. Software has no device link. */
static int unnamed(
	const struct probe *p, char *const *there, char *const *in_files, char ***ret)
{
	strv_foreach (name, there) {
		char path[320];

		(void)snprintf(path, sizeof(path), NET "/%.200s/device", name);
		if (!strv_has(in_files, name) && root_exists(p->root, path) &&
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

static int renames_add(struct host *host, const struct file *f, const struct ifname *name,
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

int scan_renames(const struct probe *p)
{
	autostrv char **there = NULL, **in_files = NULL, **new = NULL;
	int r = root_list(p->root, NET, &there);

	if (r < 0)
		return r == -ENOMEM ? r : 0; /* nobody can tell */
	if (renames_named(p->host, &in_files) < 0 ||
		unnamed(p, there, in_files, &new) < 0)
		return -ENOMEM;
	for (size_t i = 0; new &&i < p->host->n_files; i++) {
		CLEANUP(ifnames_done) struct ifnames names = { 0 };
		const struct file *f = &p->host->files[i];

		if (!f->text || !names_interfaces(f->path))
			continue;
		if (ifnames_find(f->text, &names) < 0)
			return -ENOMEM;
		for (size_t j = 0; j < names.n; j++)
			if (!strv_has(there, names.list[j].name) &&
				renames_add(p->host, f, &names.list[j], new) < 0)
				return -ENOMEM;
	}
	return 0;
}

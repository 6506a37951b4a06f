// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/renames.h"
#include "core/base/strv.h"
#include "core/format/ifname.h"

#define NET "/sys/class/net"

/* Cards that no file names. Software has no device link. */
static char **unnamed(const struct probe *p, char *const *there, char *const *in_files)
{
	char **new = NULL;

	strv_foreach (name, there) {
		char path[320];

		(void)snprintf(path, sizeof(path), NET "/%.200s/device", name);
		if (!strv_has(in_files, name) && root_exists(p->root, path))
			strv_add(&new, name);
	}
	return new;
}

/* Of the same kind: "en", "wl", "et". */
static char **candidates(char *const *new, const char *from)
{
	bool wireless = from[0] == 'w';
	char **to = NULL;

	strv_foreach (name, new)
		if ((name[0] == 'w') == wireless)
			strv_add(&to, name);
	return to;
}

static void renames_add(struct host *host, const struct file *f,
	const struct ifname *name, char *const *new)
{
	struct renames *renames = &host->renames;
	char **to = candidates(new, name->name);
	struct rename *r;

	if (!to)
		return;
	GROW(renames->list, renames->n);
	r = &renames->list[renames->n++];
	r->path = xstrdup(f->path);
	r->from = xstrdup(name->name);
	r->line = name->line;
	r->to = to;
}

void scan_renames(const struct probe *p)
{
	autostrv char **there = NULL, **in_files = NULL, **new = NULL;

	if (root_list(p->root, NET, &there) < 0)
		return; /* nobody can tell */
	in_files = renames_named(p->host);
	new = unnamed(p, there, in_files);
	for (size_t i = 0; new &&i < p->host->n_files; i++) {
		CLEANUP(ifnames_done) struct ifnames names = { 0 };
		const struct file *f = &p->host->files[i];

		if (!f->text || !names_interfaces(f->path))
			continue;
		ifnames_find(f->text, &names);
		for (size_t j = 0; j < names.n; j++)
			if (!strv_has(there, names.list[j].name))
				renames_add(p->host, f, &names.list[j], new);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/renames.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/ifname.h"
#include "core/format/modlist.h"

#define NET "/sys/class/net"
#define INTERFACES "/etc/network/interfaces"

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

/* "source /etc/network/more/..." of ifupdown, past the directory that is read. */
static void find_sourced(const struct probe *p)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };

	module_list_read(INTERFACES, host_text(p->host, INTERFACES), &lines);
	for (size_t i = 0; i < lines.n; i++) {
		char *const *words = lines.list[i].tokens;
		autofree char *dir = NULL, *text = NULL;

		if (!words[1] || !(streq(words[0], "source") ||
					 streq(words[0], "source-directory")))
			continue;
		if (after_prefix(words[1], INTERFACES ".d") ||
			after_prefix(words[1], "interfaces.d"))
			continue;
		dir = text_printf(
			"%s%s", words[1][0] == '/' ? "" : "/etc/network/", words[1]);
		if (streq(words[0], "source"))
			*strrchr(dir, '/') = '\0';
		if (!root_exists(p->root, *dir ? dir : "/"))
			continue;
		text = text_printf(INTERFACES ":%zu reads %s, which pciferry does not.",
			lines.list[i].line, words[1]);
		strv_add(&p->host->renames.unread, text);
	}
}

/* What names interfaces, in a way that is not read here. */
static void find_unread(const struct probe *p)
{
	static const struct {
		const char *path, *what;
	} others[] = {
		{ "/etc/conf.d/net", "/etc/conf.d/net (netifrc) is not read." },
		{ "/etc/rc.d/rc.inet1.conf", "/etc/rc.d/rc.inet1.conf is not read." },
	};

	find_sourced(p);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (root_exists(p->root, others[i].path))
			strv_add(&p->host->renames.unread, others[i].what);
}

void scan_renames(const struct probe *p)
{
	autostrv char **there = NULL, **in_files = NULL, **new = NULL;

	find_unread(p);
	in_files = renames_named(p->host);
	if (root_list(p->root, NET, &there) < 0) {
		if (in_files)
			strv_add(&p->host->renames.unread,
				"Which network interfaces there are is not known (" NET
				").");
		return;
	}
	new = unnamed(p, there, in_files);
	for (size_t i = 0; new &&i < p->host->n_files; i++) {
		CLEANUP(ifnames_done) struct ifnames names = { 0 };
		const struct file *f = &p->host->files[i];

		if (!f->text || !names_interfaces(f->path))
			continue;
		file_ifnames(f, &names);
		for (size_t j = 0; j < names.n; j++)
			if (!strv_has(there, names.list[j].name))
				renames_add(p->host, f, &names.list[j], new);
	}
}

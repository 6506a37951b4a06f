// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/doors.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/doors.h"
#include "core/scan/packages.h"
#include "core/scan/units.h"

static bool is_kept(const struct host *host, const char *path)
{
	for (size_t i = 0; i < host->n_doors; i++)
		if (streq(host->doors[i].path, path))
			return true;
	return false;
}

/* The text of a regular file; NULL for what is none, or cannot be read. */
static char *read_text(const struct probe *p, const char *path, struct stat *st)
{
	char *text;

	if (root_stat(p->root, path, st) < 0 || !S_ISREG(st->st_mode) ||
		root_read_text(p->root, path, &text, NULL) < 0)
		return NULL;
	return text;
}

static void keep(const struct probe *p, const char *path, char *text, mode_t mode)
{
	struct file *f;

	GROW(p->host->doors, p->host->n_doors);
	f = &p->host->doors[p->host->n_doors++];
	f->path = xstrdup(path);
	f->text = text;
	f->mode = mode & 07777;
}

/* Programs of the user's that a file names and that speak; whether there are any. */
static bool keep_programs(const struct probe *p, const char *text)
{
	autostrv char **paths = doors_programs(text);
	bool any = false;

	strv_foreach (path, paths) {
		struct stat st;
		autofree char *program = NULL;

		if (is_kept(p->host, path)) {
			any = true;
			continue;
		}
		program = read_text(p, path, &st);
		if (!program || !doors_speaks(p->host, program) ||
			packages_own(p, path, program))
			continue;
		keep(p, path, TAKE(program), st.st_mode);
		any = true;
	}
	return any;
}

static void read_door(const struct probe *p, const char *path)
{
	autofree char *text = NULL;
	autostrv char **texts = NULL;
	struct stat st;

	if (is_kept(p->host, path))
		return;
	text = read_text(p, path, &st);
	if (!text || (!doors_speaks(p->host, text) && !keep_programs(p, text)) ||
		packages_own(p, path, text))
		return;
	(void)keep_programs(p, text);
	if (!strstr(path, "/systemd/system/")) {
		keep(p, path, TAKE(text), st.st_mode);
		return;
	}
	texts = units_instances(p, path, text);
	strv_foreach (instance, texts)
		keep(p, path, xstrdup(instance), st.st_mode);
}

static void read_dir(const struct probe *p, const char *dir, const char *suffix)
{
	autostrv char **names = NULL;
	bool whole = *suffix && *suffix != '.';

	if (root_list(p->root, dir, &names) < 0)
		return;
	strv_foreach (name, names) {
		autofree char *path = text_printf("%s%s", dir, name);

		if (*name != '.' &&
			(whole ? streq(name, suffix) : has_suffix(name, suffix)))
			read_door(p, path);
	}
}

static void read_place(const struct probe *p, const struct door_place *place)
{
	autostrv char **names = NULL;

	if (!place->below) {
		read_dir(p, place->dir, place->suffix);
		return;
	}
	if (root_list(p->root, place->dir, &names) < 0)
		return;
	strv_foreach (name, names) {
		autofree char *dir = text_printf("%s%s/", place->dir, name);

		if (has_suffix(name, place->below))
			read_dir(p, dir, place->suffix);
	}
}

/* A host with /lib as a link to /usr/lib has each file twice. */
static bool is_other_name(const struct probe *p, const char *dir)
{
	autofree char *target = NULL;

	return after_prefix(dir, "/lib/") && root_readlink(p->root, "/lib", &target) == 0;
}

static void mark_rules(const struct probe *p)
{
	for (size_t i = 0; i < p->host->n_files; i++) {
		struct file *f = &p->host->files[i];

		if (!f->text || !strstr(f->path, "/udev/rules.d/"))
			continue;
		(void)keep_programs(p, f->text);
		if (doors_speaks(p->host, f->text))
			f->packaged = packages_own(p, f->path, f->text);
	}
}

static void keep_install_programs(const struct probe *p)
{
	for (size_t i = 0; i < p->host->n_files; i++) {
		const struct file *f = &p->host->files[i];

		if (f->text && strstr(f->path, "/modprobe.d/") &&
			strstr(f->text, "install"))
			(void)keep_programs(p, f->text);
	}
}

void scan_doors(const struct probe *p)
{
	const struct door_place *place;

	for (size_t i = 0; (place = doors_places(i)); i++)
		for (; place->dir; place++)
			if (!is_other_name(p, place->dir))
				read_place(p, place);
	mark_rules(p);
	keep_install_programs(p);
}

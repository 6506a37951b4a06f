// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/files.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/access/access.h"
#include "core/existing/existing.h"
#include "core/host/modprobe.h"
#include "core/initramfs/generators.h"
#include "core/loader/loaders.h"
#include "core/method/dropins.h"
#include "core/scan/dangling.h"

/* Whose files plans read or change. Of two that name a directory the first one's place
 * counts: files stand in host->files in this order. */
static void (*const owners[])(struct watches *watches) = {
	claims_watch,
	modprobe_watch,
	existing_watch,
	dropins_watch,
	initramfs_watch,
	loader_watch,
	access_watch,
	renames_watch,
};

static void files_read_file(const struct probe *p, const char *path)
{
	struct file *f;
	struct err err;
	struct stat st;
	int r;

	if (host_file(p->host, path)) /* two owners have it */
		return;
	GROW(p->host->files, p->host->n_files);
	f = &p->host->files[p->host->n_files++];
	f->mode = 0644;
	f->path = xstrdup(path);
	r = root_stat(p->root, path, &st);
	if (r == 0 && S_ISCHR(st.st_mode))
		return; /* a link to /dev/null: the usual way to mask a file */
	if (r == 0) {
		f->mode = st.st_mode & 07777;
		f->uid = st.st_uid;
		f->gid = st.st_gid;
		r = root_read_text(p->root, path, &f->text, &err);
	} else if (r != -ENOENT && r != -ENOTDIR) {
		r = err_errno(&err, r, "Cannot read %s%s", root_shown(p->root), path);
	} else {
		return;
	}
	if (r < 0)
		f->problem = xstrdup(err.text);
}

/* Whether a file of that name in a directory that goes before w masks this one. */
static bool masked(const struct probe *p, const struct watched *w, const char *name)
{
	autofree char *path = text_printf("%s%s", w->path, name);

	while (w->masked) {
		autofree char *earlier = NULL;
		const struct file *f;

		w--;
		earlier = text_printf("%s%s", w->path, name);
		f = host_file(p->host, earlier);
		if (!f || !f->listed)
			continue;
		if (!strstr(w->path, "/modprobe.d/") || !file_is_dangling(p, f) ||
			dangling_masks(p, earlier, path))
			return true;
	}
	return false;
}

/* A name without any suffix was meant to be read; "vfio.conf.old" was not. */
static void note_unread(struct host *host, const struct watched *w, const char *name)
{
	autofree char *path = NULL;

	if (!has_suffix(w->path, "/") || w->mixed || strchr(name, '.') ||
		streq(name, "README"))
		return;
	path = text_printf("%s%s", w->path, name);
	strv_add(&host->unread, path);
}

/* A name in the directory that could be one of the watched files, or above one. */
static void read_name(
	const struct probe *p, const struct watched *w, const char *dir, const char *name)
{
	const char *begin = w->path + strlen(dir), *below = strchrnul(w->suffix, '/');
	autofree char *path = NULL, *target = NULL;
	autofree char *end = xstrndup(w->suffix, (size_t)(below - w->suffix));
	struct file *f;

	if (!has_suffix(name, end)) {
		note_unread(p->host, w, name);
		return;
	}
	if (name[0] == '.' || !after_prefix(name, begin) || masked(p, w, name))
		return;
	path = text_printf("%s%s%s", dir, name, below);
	files_read_file(p, path);
	f = (struct file *)host_file(p->host, path);
	f->listed = true;
	f->link = root_readlink(p->root, path, &target) == 0;
}

static void read_dir(const struct probe *p, const struct watched *w)
{
	autofree char *dir =
		xstrndup(w->path, (size_t)(strrchr(w->path, '/') + 1 - w->path));
	autostrv char **names = NULL;

	if (root_list(p->root, dir, &names) < 0)
		return;
	strv_foreach (name, names)
		read_name(p, w, dir, name);
}

/* Two owners have it. */
static bool is_repeated(const struct watches *watches, size_t i)
{
	const struct watched *w = watches->list;

	for (size_t j = 0; j < i; j++)
		if (w[j].suffix && streq(w[j].path, w[i].path) &&
			streq(w[j].suffix, w[i].suffix))
			return true;
	return false;
}

void scan_files(const struct probe *p)
{
	struct watches *watches = &p->host->watches;

	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		owners[i](watches);
	for (size_t i = 0; i < watches->n; i++)
		if (!watches->list[i].suffix)
			files_read_file(p, watches->list[i].path);
	for (size_t i = 0; i < watches->n; i++)
		if (watches->list[i].suffix && !is_repeated(watches, i))
			read_dir(p, &watches->list[i]);
}

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
static int (*const owners[])(struct watches *watches) = {
	claims_watch,
	modprobe_watch,
	existing_watch,
	dropins_watch,
	initramfs_watch,
	loader_watch,
	access_watch,
	renames_watch,
};

static int files_read_file(const struct probe *p, const char *path)
{
	struct file *f;
	struct err err;
	struct stat st;
	int r;

	if (host_file(p->host, path)) /* two owners have it */
		return 0;
	if (GROW(p->host->files, p->host->n_files) < 0)
		return -ENOMEM;
	f = &p->host->files[p->host->n_files++];
	f->mode = 0644;
	f->path = strdup(path);
	if (!f->path)
		return -ENOMEM;
	r = root_stat(p->root, path, &st);
	if (r == 0 && S_ISCHR(st.st_mode))
		return 0; /* a link to /dev/null: the usual way to mask a file */
	if (r == 0) {
		f->mode = st.st_mode & 07777;
		f->uid = st.st_uid;
		f->gid = st.st_gid;
		r = root_read_text(p->root, path, &f->text, &err);
	} else if (r != -ENOENT && r != -ENOTDIR) {
		r = err_errno(&err, r, "Cannot read %s%s", root_shown(p->root), path);
	} else {
		return 0;
	}
	if (r < 0 && r != -ENOMEM) {
		f->problem = strdup(err.text);
		r = f->problem ? 0 : -ENOMEM;
	}
	return r;
}

/* 1 where a file of that name in a directory that goes before w masks this one, 0 where
 * none does, or -ENOMEM. */
static int masked(const struct probe *p, const struct watched *w, const char *name)
{
	autofree char *path = NULL;

	if (text_set(&path, "%s%s", w->path, name) < 0)
		return -ENOMEM;
	while (w->masked) {
		autofree char *earlier = NULL;
		const struct file *f;
		int r = 1;

		w--;
		if (text_set(&earlier, "%s%s", w->path, name) < 0)
			return -ENOMEM;
		f = host_file(p->host, earlier);
		if (!f || !f->listed)
			continue;
		if (strstr(w->path, "/modprobe.d/") && file_is_dangling(p, f))
			r = dangling_masks(p, earlier, path);
		if (r != 0)
			return r;
	}
	return 0;
}

/* A name without any suffix was meant to be read; "vfio.conf.old" was not. */
static int note_unread(struct host *host, const struct watched *w, const char *name)
{
	autofree char *path = NULL;

	if (!has_suffix(w->path, "/") || strchr(name, '.') || streq(name, "README"))
		return 0;
	if (text_set(&path, "%s%s", w->path, name) < 0)
		return -ENOMEM;
	return strv_add(&host->unread, path);
}

/* A name in the directory that could be one of the watched files, or above one. */
static int read_name(
	const struct probe *p, const struct watched *w, const char *dir, const char *name)
{
	const char *begin = w->path + strlen(dir), *below = strchrnul(w->suffix, '/');
	autofree char *path = NULL, *target = NULL;
	autofree char *end = strndup(w->suffix, (size_t)(below - w->suffix));
	struct file *f;
	int r;

	if (!end)
		return -ENOMEM;
	if (!has_suffix(name, end))
		return note_unread(p->host, w, name);
	if (name[0] == '.' || !after_prefix(name, begin))
		return 0;
	r = masked(p, w, name);
	if (r != 0)
		return r < 0 ? r : 0;
	if (text_set(&path, "%s%s%s", dir, name, below) < 0)
		return -ENOMEM;
	r = files_read_file(p, path);
	if (r < 0)
		return r;
	f = (struct file *)host_file(p->host, path);
	f->listed = true;
	f->link = root_readlink(p->root, path, &target) == 0;
	return 0;
}

static int read_dir(const struct probe *p, const struct watched *w)
{
	autofree char *dir =
		strndup(w->path, (size_t)(strrchr(w->path, '/') + 1 - w->path));
	autostrv char **names = NULL;
	int r = dir ? root_list(p->root, dir, &names) : -ENOMEM;

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	strv_foreach (name, names) {
		r = read_name(p, w, dir, name);
		if (r < 0)
			return r;
	}
	return 0;
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

int scan_files(const struct probe *p)
{
	struct watches *watches = &p->host->watches;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(owners); i++)
		r = owners[i](watches);
	for (size_t i = 0; r == 0 && i < watches->n; i++)
		if (!watches->list[i].suffix)
			r = files_read_file(p, watches->list[i].path);
	for (size_t i = 0; r == 0 && i < watches->n; i++)
		if (watches->list[i].suffix && !is_repeated(watches, i))
			r = read_dir(p, &watches->list[i]);
	return r;
}

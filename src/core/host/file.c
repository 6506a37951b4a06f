// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/file.h"
#include "core/host/host.h"

#include <assert.h>

void file_done(struct file *f)
{
	free(f->path);
	free(f->text);
	free(f->problem);
}

void watch(struct watches *watches, const struct watched *list)
{
	for (; list->path; list++) {
		GROW(watches->list, watches->n);
		watches->list[watches->n++] = *list;
	}
}

static bool watched_has(const struct watched *w, const char *path)
{
	const char *rest = after_prefix(path, w->path);

	if (!rest || !w->suffix)
		return rest && !*rest;
	return has_suffix(rest, w->suffix) &&
	       strcspn(rest, "/") >= strlen(rest) - strlen(w->suffix);
}

bool host_watches(const struct host *host, const char *path)
{
	for (size_t i = 0; i < host->watches.n; i++)
		if (watched_has(&host->watches.list[i], path))
			return true;
	return false;
}

const struct file *host_file(const struct host *host, const char *path)
{
	for (size_t i = 0; i < host->n_files; i++)
		if (streq(host->files[i].path, path))
			return &host->files[i];
	assert(host_watches(host, path));
	return NULL;
}

const char *host_text(const struct host *host, const char *path)
{
	const struct file *f = host_file(host, path);

	return f ? f->text : NULL;
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int by_base_name(const void *a, const void *b)
{
	return strcmp(base_name((*(const struct file *const *)a)->path),
		base_name((*(const struct file *const *)b)->path));
}

const struct file **host_files_by_name(
	const struct host *host, const char *dir, size_t *ret_n)
{
	const struct file **list = xcalloc(host->n_files + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < host->n_files; i++)
		if (strstr(host->files[i].path, dir))
			list[n++] = &host->files[i];
	qsort(list, n, sizeof(*list), by_base_name);
	*ret_n = n;
	return list;
}

bool path_is_users(const char *path)
{
	return !strstr(base_name(path), "pciferry");
}

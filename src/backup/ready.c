// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/ready.h"
#include "backup/atomic.h"
#include "core/scan/places.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>

/* Of most file systems; what is written takes whole ones. */
#define BLOCK 4096
/* A set's manifest, restore.sh and log, with their directories. */
#define SET_BYTES ((uint64_t)128 << 10)
/* How much an image may grow. */
#define IMAGE_MARGIN ((uint64_t)1 << 20)

/* What one file system has to take. */
struct need {
	dev_t dev;
	char *dir; /* one that lies on it, for people */
	uint64_t bytes, free;
	uint64_t largest; /* of the images there: they are made one after the other */
	bool unlimited;
};

struct needs {
	const struct root *root;
	struct need *list;
	size_t n;
};

static void needs_done(struct needs *needs)
{
	for (size_t i = 0; i < needs->n; i++)
		free(needs->list[i].dir);
	free(needs->list);
}

/* The directory that path lies in behind all links, or will: the lowest one that is
 * there. */
static int open_above(const struct root *root, const char *path, char **ret_dir)
{
	autofree char *dir = xstrdup(path), *name = NULL;
	int fd = root_open_parent(root, path, &name);

	for (char *slash = NULL; (slash = strrchr(dir, '/'));) {
		*slash = '\0';
		if (fd >= 0)
			break;
		fd = root_openat(root, dir[0] ? dir : "/", O_RDONLY | O_DIRECTORY, 0);
		if (fd >= 0)
			break;
	}
	if (fd >= 0 && !dir[0])
		strcpy(dir, "/"); /* there was one */
	*ret_dir = TAKE(dir);
	return fd;
}

static int refuse_read_only(const struct root *root, const char *path, struct err *err)
{
	return err_set(err, -EROFS,
		"Read-only file system: %s%s cannot be written. Mount it read-write first, with mount -o remount,rw.",
		root_shown(root), path);
}

static int refuse_immutable(const struct root *root, const char *path, struct err *err)
{
	return err_set(err, -EPERM,
		"%s%s, or its directory, is immutable, so it cannot be written: lsattr shows which, chattr -i -a takes that off.",
		root_shown(root), path);
}

/* chattr(1); not every file system has that. */
static bool immutable(int fd)
{
	int flags = 0;

	return ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
	       flags & (FS_IMMUTABLE_FL | FS_APPEND_FL);
}

static struct need *find_need(struct needs *needs, dev_t dev)
{
	for (size_t i = 0; i < needs->n; i++)
		if (needs->list[i].dev == dev)
			return &needs->list[i];
	return NULL;
}

/* The file system of the path's directory, which can be written. */
static int need_at(
	struct needs *needs, const char *path, struct need **ret, struct err *err)
{
	autofree char *dir = NULL;
	autoclose int fd = open_above(needs->root, path, &dir);
	struct statvfs fs;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || fstatvfs(fd, &fs) < 0)
		return err_errno(err, fd < 0 ? fd : -errno, "Cannot look at %s%s",
			root_shown(needs->root), dir);
	if (fs.f_flag & ST_RDONLY)
		return refuse_read_only(needs->root, path, err);
	if (immutable(fd))
		return refuse_immutable(needs->root, path, err);
	*ret = find_need(needs, st.st_dev);
	if (*ret)
		return 0;
	GROW(needs->list, needs->n);
	*ret = &needs->list[needs->n++];
	**ret = (struct need){ .dev = st.st_dev,
		.dir = TAKE(dir),
		.free = (uint64_t)fs.f_bavail * fs.f_frsize,
		.unlimited = !fs.f_blocks };
	return 0;
}

static uint64_t blocks(const char *text)
{
	/* And one for what names it in its directory. */
	return text ? (strlen(text) / BLOCK + 2) * BLOCK : 0;
}

static int check_file(const struct root *root, const char *path, struct err *err)
{
	autoclose int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK, 0);

	return fd >= 0 && immutable(fd) ? refuse_immutable(root, path, err) : 0;
}

/* All new files are there beside the old ones before the first takes its place. */
static int need_changes(struct needs *needs, const struct steps *steps,
	uint64_t *ret_kept, struct err *err)
{
	struct need *need = NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < steps->n_changes; i++) {
		const struct change *c = &steps->changes[i];

		r = need_at(needs, c->path, &need, err);
		if (r == 0)
			r = check_file(needs->root, c->path, err);
		if (r == 0)
			r = atomic_check_links(needs->root, c->path, err);
		if (r == 0)
			need->bytes += blocks(c->after);
		*ret_kept += blocks(c->before) + blocks(c->after);
	}
	return r;
}

static int need_artifacts(struct needs *needs, const struct steps *steps, struct err *err)
{
	struct need *need;
	struct stat st;
	uint64_t size;
	int r = 0;

	for (size_t i = 0; r == 0 && i < steps->n_artifacts; i++) {
		const char *path = steps->artifacts[i].path;

		if (root_stat(needs->root, path, &st) < 0)
			continue; /* nobody knows how large it will be */
		r = need_at(needs, path, &need, err);
		if (r == 0)
			r = check_file(needs->root, path, err);
		size = steps->artifacts[i].replaced ? 0 : (uint64_t)st.st_size;
		if (r == 0 && size + IMAGE_MARGIN > need->largest)
			need->largest = size + IMAGE_MARGIN;
	}
	return r;
}

static int check_room(const struct needs *needs, struct err *err)
{
	for (size_t i = 0; i < needs->n; i++) {
		const struct need *need = &needs->list[i];
		uint64_t bytes = need->bytes + need->largest;

		if (need->unlimited || bytes <= need->free)
			continue;
		return err_set(err, -ENOSPC,
			"No space left on device: the file system of %s%s has %llu KiB free, and %llu KiB are needed there for a moment. Remove something, an old kernel say, and repeat.",
			root_shown(needs->root), need->dir,
			(unsigned long long)need->free >> 10,
			(unsigned long long)bytes >> 10);
	}
	return 0;
}

/* On another root they are listed instead, for whoever boots it. */
static int check_programs(const struct root *root, const struct steps *steps,
	const struct backup_options *options, struct err *err)
{
	for (size_t i = 0; i < steps->n_commands; i++) {
		const char *program = steps->commands[i].argv[0];
		int r = options->no_run || root_kind(root) != ROOT_LIVE
				? 1
				: root_has(root, program, err);

		if (r < 0)
			return r;
		if (r > 0)
			continue;
		return err_set(err, -ENOENT,
			"%s is not on this host, and without it the change has no effect: install it, or use --no-run and see to that yourself.",
			program);
	}
	return 0;
}

static int refuse_unmounted(const struct root *root, const struct places *places,
	const char *path, struct err *err)
{
	const struct fstab_line *l = places_missing(places, path);

	if (!l)
		return 0;
	return err_set(err, -ENXIO,
		"%s%s lies on the file system %s by line %zu of its /etc/fstab, which is not mounted: mount it on %s%s first. Nothing was touched.",
		root_shown(root), path, l->source, l->line, root_shown(root), l->point);
}

int ready_mounted(const struct root *root, const struct set *set, struct err *err)
{
	CLEANUP(places_done) struct places places = { 0 };
	int r;

	places_read(root, &places);
	r = refuse_unmounted(root, &places, SETS_PATH, err);
	for (size_t i = 0; r == 0 && set && i < set->n_files; i++)
		r = refuse_unmounted(root, &places, set->files[i].path, err);
	for (size_t i = 0; r == 0 && set && i < set->steps.n_artifacts; i++)
		r = refuse_unmounted(root, &places, set->steps.artifacts[i].path, err);
	return r;
}

int ready_check(const struct root *root, const struct set *set,
	const struct backup_options *options, struct err *err)
{
	const struct steps *steps = &set->steps;
	CLEANUP(needs_done) struct needs needs = { .root = root };
	uint64_t kept = SET_BYTES;
	struct need *need = NULL;
	int r = check_programs(root, steps, options, err);

	if (r == 0)
		r = need_changes(&needs, steps, &kept, err);
	if (r == 0 && !options->no_run && steps->n_commands)
		r = need_artifacts(&needs, steps, err);
	if (r == 0)
		r = need_at(&needs, SETS_PATH "/0000", &need, err);
	if (r < 0)
		return r;
	need->bytes += kept;
	return check_room(&needs, err);
}

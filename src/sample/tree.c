// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample/tree.h"
#include "core/base/buf.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

/* The directory of a path; NULL where that is the root itself. */
static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash > path ? xstrndup(path, (size_t)(slash - path)) : NULL;
}

static int tree_dir_above(const struct root *root, const char *path)
{
	autofree char *parent = dir_of(path);

	return parent ? tree_dir(root, parent) : 0;
}

int tree_dir(const struct root *root, const char *path)
{
	autoclose int there = root_openat(root, path, O_PATH | O_DIRECTORY, 0),
		      above = -1;
	autofree char *name = NULL;
	int r;

	if (there != -ENOENT)
		return there < 0 ? there : 0;
	r = tree_dir_above(root, path);
	if (r < 0)
		return r;
	above = root_open_parent(root, path, &name); /* where a dangling link points */
	if (above < 0)
		return above;
	if (mkdirat(above, name, 0755) < 0 || fchmodat(above, name, 0755, 0) < 0)
		return -errno;
	return 0;
}

static int tree_write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		data += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/*
 * A file to write. One that an earlier call made read-only, as sysfs has many, must first
 * be opened up where it is not root who writes.
 */
static int open_file(const struct root *root, const char *path, int flags)
{
	int fd = root_openat(root, path, flags, 0600);
	autoclose int there = -1;
	char name[64];

	if (fd != -EACCES)
		return fd;
	there = root_openat(root, path, O_PATH, 0);
	if (there < 0)
		return there;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", there);
	if (chmod(name, 0600) < 0)
		return -errno;
	return root_openat(root, path, flags, 0600);
}

int tree_write(const struct root *root, const char *path, enum tree_how how, mode_t mode,
	const void *data, size_t len)
{
	int flags = O_WRONLY | O_CREAT | (how == TREE_APPEND ? O_APPEND : O_TRUNC);
	autoclose int fd = -1;
	int r = tree_dir_above(root, path);

	if (r < 0)
		return r;
	fd = open_file(root, path, flags);
	if (fd < 0)
		return fd;
	r = tree_write_all(fd, data, len);
	if (r < 0)
		return r;
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

/* The directory a name lies in, made where it is missing, and the name itself. */
static int open_above(const struct root *root, const char *path, const char **ret_name)
{
	autofree char *parent = dir_of(path);
	const char *slash = strrchr(path, '/');
	int r = parent ? tree_dir(root, parent) : 0;

	if (r < 0)
		return r;
	*ret_name = slash ? slash + 1 : path;
	return root_openat(root, parent ?: "/", O_RDONLY | O_DIRECTORY, 0);
}

int tree_link(const struct root *root, const char *path, const char *target)
{
	const char *name;
	autoclose int above = open_above(root, path, &name);

	if (above < 0)
		return above;
	return symlinkat(target, above, name) < 0 ? -errno : 0;
}

int tree_link_to(const struct root *root, const char *path, const char *to)
{
	autobuf struct buf target = { 0 };
	size_t same = 0;

	/* What both have in common, up to a slash, needs no "..". */
	for (size_t i = 0; path[i] && path[i] == to[i]; i++)
		if (path[i] == '/')
			same = i + 1;
	for (const char *p = strchr(path + same, '/'); p; p = strchr(p + 1, '/'))
		buf_puts(&target, "../");
	buf_puts(&target, to + same);
	return tree_link(root, path, target.s);
}

static int empty_dir(int dir_fd);

/*
 * A directory to empty: never through a link, never on another mount, a bind mount of
 * the same file system included. One that its owner made unreadable is opened up first.
 */
static int open_dir_at(int dir_fd, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};
	long fd = syscall(SYS_openat2, dir_fd, name, &how, sizeof(how));

	if (fd < 0 && errno == EACCES && fchmodat(dir_fd, name, 0700, 0) == 0)
		fd = syscall(SYS_openat2, dir_fd, name, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

static int remove_at(int dir_fd, const char *name)
{
	autoclose int fd = -1;
	struct stat st;
	int r;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return unlinkat(dir_fd, name, 0) < 0 ? -errno : 0;
	fd = open_dir_at(dir_fd, name);
	r = fd < 0 ? fd : empty_dir(fd);
	if (r < 0)
		return r;
	return unlinkat(dir_fd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

static int empty_dir(int dir_fd)
{
	autoclosedir DIR *dir = NULL;
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	int r = 0;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(dir)))
		if (!streq(entry->d_name, ".") && !streq(entry->d_name, ".."))
			r = remove_at(dir_fd, entry->d_name);
	return r < 0 ? r : -errno;
}

int tree_empty(int dir_fd)
{
	return empty_dir(dir_fd);
}

int tree_remove(const struct root *root, const char *path)
{
	const char *name;
	autoclose int above = open_above(root, path, &name);

	return above < 0 ? above : remove_at(above, name);
}

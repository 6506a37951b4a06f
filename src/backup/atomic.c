// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/atomic.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

void atomic_file_done(struct atomic_file *f)
{
	free(f->text);
	*f = (struct atomic_file){ 0 };
}

int atomic_read(const struct root *root, const char *path, struct atomic_file *ret,
	struct err *err)
{
	struct atomic_file f = { 0 };
	struct stat st;
	int r = root_stat(root, path, &st);

	if (r == -ENOENT || r == -ENOTDIR) {
		*ret = f;
		return 0;
	}
	if (r < 0)
		return err_errno(err, r, "Cannot read %s%s", root_shown(root), path);
	r = root_read_text(root, path, &f.text, err);
	if (r < 0)
		return r;
	f.mode = st.st_mode & 07777;
	f.uid = st.st_uid;
	f.gid = st.st_gid;
	*ret = f;
	return 0;
}

/* Names that a configuration directory's readers pass over: hidden, without its suffix.
 */
static char *temporary_name(const char *name)
{
	return text_printf(".%s.pciferry", name);
}

static int copy_xattr(int from, int to, const char *name)
{
	autofree char *value = NULL;
	ssize_t n = fgetxattr(from, name, NULL, 0);

	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	value = xcalloc((size_t)n + 1, 1);
	n = fgetxattr(from, name, value, (size_t)n);
	if (n < 0)
		return -errno;
	return fsetxattr(to, name, value, (size_t)n, 0) < 0 ? -errno : 0;
}

static int copy_xattrs(int from, int to)
{
	autofree char *names = NULL;
	ssize_t n = flistxattr(from, NULL, 0);

	if (n <= 0)
		return n == 0 || errno == ENOTSUP ? 0 : -errno;
	names = xcalloc((size_t)n, 1);
	n = flistxattr(from, names, (size_t)n);
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		int r = copy_xattr(from, to, name);

		if (r < 0)
			return r;
	}
	return n < 0 ? -errno : 0;
}

static int atomic_write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* A new file, in the place of what a run that was cut short has left. */
static int open_new(int dir, const char *name)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, name, flags, 0600);

	if (fd < 0 && errno == EEXIST && unlinkat(dir, name, 0) == 0)
		fd = openat(dir, name, flags, 0600);
	return fd < 0 ? -errno : fd;
}

/* Content and everything else of the new file, on disk, before it gets its name. */
static int atomic_fill(
	int dir, const char *temporary, int old, bool like, const struct atomic_file *f)
{
	autoclose int fd = open_new(dir, temporary);
	int r;

	if (fd < 0)
		return fd;
	r = atomic_write_all(fd, f->text, strlen(f->text));
	if (r < 0)
		return r;
	r = old >= 0 ? copy_xattrs(old, fd) : 0;
	if (r < 0 && !like) /* another file system may lack them: the content counts */
		return r;
	if ((geteuid() == 0 && fchown(fd, f->uid, f->gid) < 0) ||
		fchmod(fd, f->mode) < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

static int prepare_new(
	const struct root *root, int dir, const char *name, const struct atomic_file *f)
{
	autofree char *temporary = temporary_name(name);
	autoclose int old =
		openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool like;
	int r;

	if (old < 0 && errno != ENOENT)
		return -errno;
	if (old >= 0 && fstat(old, &st) == 0 && st.st_nlink > 1)
		return -EMLINK;
	like = old < 0 && f->like;
	if (like)
		old = root_openat(root, f->like, O_RDONLY, 0);
	r = atomic_fill(dir, temporary, old, like, f);
	if (r < 0)
		(void)unlinkat(dir, temporary, 0);
	return r;
}

static int failed(const struct root *root, const char *path, const struct atomic_file *f,
	int r, struct err *err)
{
	if (r == -EMLINK)
		return err_set(err, r,
			"%s%s has several hard links: replacing it would part them, so it is left alone.",
			root_shown(root), path);
	return err_errno(err, r, "Cannot %s %s%s", f->text ? "write" : "remove",
		root_shown(root), path);
}

int atomic_check_links(const struct root *root, const char *path, struct err *err)
{
	const struct atomic_file f = { .text = NULL };
	struct stat st;

	return root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink > 1
		       ? failed(root, path, &f, -EMLINK, err)
		       : 0;
}

int atomic_prepare(const struct root *root, const char *path, const struct atomic_file *f,
	struct err *err)
{
	autofree char *name = NULL;
	autoclose int dir = -1;
	int r;

	if (!f->text)
		return 0;
	dir = root_open_parent(root, path, &name);
	r = dir < 0 ? dir : prepare_new(root, dir, name, f);
	return r < 0 ? failed(root, path, f, r, err) : 0;
}

/* The prepared file gets its name, or the old one goes. */
static int commit(int dir, const char *name, bool remove)
{
	autofree char *temporary = temporary_name(name);

	if (remove && unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return -errno;
	if (!remove && renameat(dir, temporary, dir, name) < 0)
		return -errno;
	return fsync(dir) < 0 ? -errno : 0;
}

int atomic_commit(const struct root *root, const char *path, const struct atomic_file *f,
	struct err *err)
{
	autofree char *name = NULL;
	autoclose int dir = root_open_parent(root, path, &name);
	int r = dir < 0 ? dir : commit(dir, name, !f->text);

	if ((r == -ENOENT || r == -ENOTDIR) && !f->text)
		return 0; /* its directory is not there either */
	return r < 0 ? failed(root, path, f, r, err) : 0;
}

int atomic_write(const struct root *root, const char *path, const struct atomic_file *f,
	struct err *err)
{
	int r = atomic_prepare(root, path, f, err);

	return r < 0 ? r : atomic_commit(root, path, f, err);
}

/* The kernel copies, by reference where the file system can. */
static int copy_content(int from, int to)
{
	char data[1 << 16];
	ssize_t n;

	while ((n = copy_file_range(from, NULL, to, NULL, (size_t)1 << 30, 0)) > 0)
		;
	if (n == 0)
		return 0;
	if (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
		return -errno;
	while ((n = read(from, data, sizeof(data))) > 0) {
		int r = atomic_write_all(to, data, (size_t)n);

		if (r < 0)
			return r;
	}
	return n < 0 ? -errno : 0;
}

static int copy_file(int from, int dir, const char *name)
{
	struct timespec times[2];
	autoclose int to = open_new(dir, name);
	struct stat st;
	int r;

	if (to < 0)
		return to;
	if (fstat(from, &st) < 0)
		return -errno;
	r = copy_content(from, to);
	if (r < 0)
		return r;
	(void)copy_xattrs(from, to); /* another file system may lack them */
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	if ((geteuid() == 0 && fchown(to, st.st_uid, st.st_gid) < 0) ||
		fchmod(to, st.st_mode & 07777) < 0 || futimens(to, times) < 0 ||
		fsync(to) < 0)
		return -errno;
	return 0;
}

int atomic_copy(
	const struct root *root, const char *from, const char *to, struct err *err)
{
	autofree char *name = NULL, *temporary = NULL;
	autoclose int source = root_openat(root, from, O_RDONLY, 0);
	autoclose int dir = root_open_parent(root, to, &name);
	int r;

	if (source < 0 || dir < 0)
		return err_errno(err, source < 0 ? source : dir, "Cannot copy %s%s",
			root_shown(root), from);
	temporary = temporary_name(name);
	r = copy_file(source, dir, temporary);
	if (r == 0)
		r = commit(dir, name, false);
	if (r < 0)
		(void)unlinkat(dir, temporary, 0);
	return r < 0 ? err_errno(err, r, "Cannot copy %s%s to %s", root_shown(root), from,
			       to)
		     : 0;
}

int atomic_remove(const struct root *root, const char *path, struct err *err)
{
	return atomic_commit(root, path, &(struct atomic_file){ .text = NULL }, err);
}

static void remove_inside(int dir_fd)
{
	autoclosedir DIR *dir = fdopendir(dir_fd);
	struct dirent *entry;

	if (!dir)
		return closep(&dir_fd);
	while ((entry = readdir(dir))) {
		int below;

		if (streq(entry->d_name, ".") || streq(entry->d_name, "..") ||
			unlinkat(dirfd(dir), entry->d_name, 0) == 0)
			continue;
		below = openat(dirfd(dir), entry->d_name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0)
			continue;
		remove_inside(below);
		(void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
}

void atomic_remove_tree(const struct root *root, const char *path)
{
	int dir = root_openat(root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	char *one[] = { (char *)path, NULL };

	if (dir < 0)
		return;
	remove_inside(dir);
	if (atomic_remove_dirs(root, one, NULL) < 0)
		return; /* what it can */
}

int atomic_discard(const struct root *root, const char *dir, const char *name,
	const char *suffix, struct err *err)
{
	autofree char *away = text_printf("%s%s", name, suffix),
		      *path = text_printf("%s/%s", dir, away);
	autoclose int fd = root_openat(root, dir, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0 || renameat(fd, name, fd, away) < 0 || fsync(fd) < 0)
		return err_errno(err, fd < 0 ? fd : -errno, "Cannot remove %s%s/%s",
			root_shown(root), dir, name);
	atomic_remove_tree(root, path);
	return 0;
}

int atomic_room(const struct root *root, const char *dir, uint64_t *ret)
{
	autoclose int fd = root_openat(root, dir, O_RDONLY | O_DIRECTORY, 0);
	struct statvfs st;

	if (fd < 0)
		return fd;
	if (fstatvfs(fd, &st) < 0)
		return -errno;
	*ret = (uint64_t)st.f_bavail * st.f_frsize;
	return 0;
}

void atomic_remove_temporary(const struct root *root, const char *path)
{
	autofree char *name = NULL, *temporary = NULL;
	autoclose int dir = root_open_parent(root, path, &name);

	if (dir < 0)
		return;
	temporary = temporary_name(name);
	(void)unlinkat(dir, temporary, 0);
}

static int make_dir(const struct root *root, const char *path, mode_t mode)
{
	autofree char *name = NULL;
	autoclose int parent = root_open_parent(root, path, &name);

	if (parent < 0)
		return parent;
	if (mkdirat(parent, name, mode) < 0)
		return -errno;
	return fsync(parent) < 0 ? -errno : 0;
}

int atomic_missing_dirs(
	const struct root *root, const char *path, char ***dirs, struct err *err)
{
	autofree char *copy = xstrdup(path);
	struct stat st;

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int r;

		*slash = '\0';
		r = root_stat(root, copy, &st);
		if (r < 0 && r != -ENOENT)
			return err_errno(
				err, r, "Cannot look at %s%s", root_shown(root), copy);
		if (r < 0)
			strv_add_new(dirs, copy);
		*slash = '/';
	}
	return 0;
}

int atomic_make_dirs(
	const struct root *root, char *const *dirs, mode_t mode, struct err *err)
{
	strv_foreach (dir, dirs) {
		int r = make_dir(root, dir, mode);

		if (r < 0 && r != -EEXIST)
			return err_errno(err, r, "Cannot make the directory %s%s",
				root_shown(root), dir);
	}
	return 0;
}

static int remove_dir(const struct root *root, const char *path)
{
	autofree char *name = NULL;
	autoclose int parent = root_open_parent(root, path, &name);

	if (parent < 0)
		return parent;
	if (unlinkat(parent, name, AT_REMOVEDIR) < 0)
		return -errno;
	return fsync(parent) < 0 ? -errno : 0;
}

int atomic_remove_dirs(const struct root *root, char *const *dirs, struct err *err)
{
	/* Gone, in use, or no directory any more. */
	static const int stays[] = { -ENOENT, -ENOTDIR, -ENOTEMPTY, -EEXIST, -EBUSY };

	for (size_t i = strv_len(dirs); i-- > 0;) {
		int r = remove_dir(root, dirs[i]);

		for (size_t j = 0; j < ARRAY_SIZE(stays); j++)
			r = r == stays[j] ? 0 : r;
		if (r < 0)
			return err_errno(err, r, "Cannot remove the directory %s%s",
				root_shown(root), dirs[i]);
	}
	return 0;
}

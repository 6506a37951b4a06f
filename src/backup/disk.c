// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/disk.h"
#include "core/base/strv.h"

#include <fcntl.h>
#include <sys/xattr.h>

void disk_file_done(struct disk_file *f)
{
	free(f->text);
	*f = (struct disk_file){ 0 };
}

int disk_read(
	const struct root *root, const char *path, struct disk_file *ret, struct err *err)
{
	struct disk_file f = { 0 };
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
	char *temporary;

	return asprintf(&temporary, ".%s.pciferry", name) < 0 ? NULL : temporary;
}

static int copy_xattr(int from, int to, const char *name)
{
	autofree char *value = NULL;
	ssize_t n = fgetxattr(from, name, NULL, 0);

	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	value = malloc((size_t)n + 1);
	if (!value)
		return -ENOMEM;
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
	names = malloc((size_t)n);
	if (!names)
		return -ENOMEM;
	n = flistxattr(from, names, (size_t)n);
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		int r = copy_xattr(from, to, name);

		if (r < 0)
			return r;
	}
	return n < 0 ? -errno : 0;
}

static int write_all(int fd, const char *text)
{
	for (size_t len = strlen(text); len;) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* Content and everything else of the new file, on disk, before it gets its name. */
static int fill(
	int dir, const char *temporary, int old, bool like, const struct disk_file *f)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, r;
	autoclose int fd = openat(dir, temporary, flags, 0600);

	if (fd < 0 && errno == EEXIST && unlinkat(dir, temporary, 0) == 0)
		fd = openat(dir, temporary, flags,
			0600); /* left by a run that was cut short */
	if (fd < 0)
		return -errno;
	r = write_all(fd, f->text);
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

static int prepare(
	const struct root *root, int dir, const char *name, const struct disk_file *f)
{
	autofree char *temporary = temporary_name(name);
	autoclose int old =
		openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool like;
	int r;

	if (!temporary)
		return -ENOMEM;
	if (old < 0 && errno != ENOENT)
		return -errno;
	if (old >= 0 && fstat(old, &st) == 0 && st.st_nlink > 1)
		return -EMLINK;
	like = old < 0 && f->like;
	if (like)
		old = root_openat(root, f->like, O_RDONLY, 0);
	r = fill(dir, temporary, old, like, f);
	if (r < 0)
		(void)unlinkat(dir, temporary, 0);
	return r;
}

static int failed(const struct root *root, const char *path, const struct disk_file *f,
	int r, struct err *err)
{
	if (r == -EMLINK)
		return err_set(err, r,
			"%s%s has several hard links: replacing it would part them, so "
			"it is left alone.",
			root_shown(root), path);
	return err_errno(err, r, "Cannot %s %s%s", f->text ? "write" : "remove",
		root_shown(root), path);
}

int disk_prepare(const struct root *root, const char *path, const struct disk_file *f,
	struct err *err)
{
	autofree char *name = NULL;
	autoclose int dir = -1;
	int r;

	if (!f->text)
		return 0;
	dir = root_open_parent(root, path, &name);
	r = dir < 0 ? dir : prepare(root, dir, name, f);
	return r < 0 ? failed(root, path, f, r, err) : 0;
}

/* The prepared file gets its name, or the old one goes. */
static int commit(int dir, const char *name, bool remove)
{
	autofree char *temporary = temporary_name(name);

	if (!temporary)
		return -ENOMEM;
	if (remove && unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return -errno;
	if (!remove && renameat(dir, temporary, dir, name) < 0)
		return -errno;
	return fsync(dir) < 0 ? -errno : 0;
}

int disk_commit(const struct root *root, const char *path, const struct disk_file *f,
	struct err *err)
{
	autofree char *name = NULL;
	autoclose int dir = root_open_parent(root, path, &name);
	int r = dir < 0 ? dir : commit(dir, name, !f->text);

	if ((r == -ENOENT || r == -ENOTDIR) && !f->text)
		return 0; /* its directory is not there either */
	return r < 0 ? failed(root, path, f, r, err) : 0;
}

int disk_write(const struct root *root, const char *path, const struct disk_file *f,
	struct err *err)
{
	int r = disk_prepare(root, path, f, err);

	return r < 0 ? r : disk_commit(root, path, f, err);
}

void disk_remove_temporary(const struct root *root, const char *path)
{
	autofree char *name = NULL, *temporary = NULL;
	autoclose int dir = root_open_parent(root, path, &name);

	temporary = dir < 0 ? NULL : temporary_name(name);
	if (temporary)
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

int disk_missing_dirs(const struct root *root, const char *path, char ***dirs)
{
	autofree char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!root_exists(root, copy) && strv_add_new(dirs, copy) < 0)
			return -ENOMEM;
		*slash = '/';
	}
	return 0;
}

int disk_make_dirs(
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

void disk_remove_dirs(const struct root *root, char *const *dirs)
{
	for (size_t i = strv_len(dirs); i-- > 0;) {
		autofree char *name = NULL;
		autoclose int parent = root_open_parent(root, dirs[i], &name);

		if (parent >= 0 && unlinkat(parent, name, AT_REMOVEDIR) == 0)
			(void)fsync(parent);
	}
}

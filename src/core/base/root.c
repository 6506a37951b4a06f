// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/root.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

/* Links followed for the last component before we call it a loop, as the kernel does. */
#define LINKS_MAX 40

struct root {
	int fd;
	char *shown;
	enum root_kind kind;
	struct fault *fault; /* the first one since root_watch() */
};

struct fault {
	int code;
	char path[256]; /* its beginning, if it is longer */
};

static bool is_running_root(int fd)
{
	struct stat ours, theirs;

	return fstat(fd, &ours) == 0 && stat("/", &theirs) == 0 &&
	       ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* The directory as shown in front of a path: no slashes at its end, "" for "/". */
static char *shown_name(const char *dir)
{
	size_t n = strlen(dir);

	while (n && dir[n - 1] == '/')
		n--;
	return xstrndup(dir, n);
}

int root_open(const char *dir, struct root **ret, struct err *err)
{
	autoroot struct root *root = xcalloc(1, sizeof(*root));
	autoclose int probe = -1;

	root->fd = -1;
	root->fault = xcalloc(1, sizeof(*root->fault));
	root->fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0)
		return err_errno(err, -errno, "Cannot open the root directory %s", dir);
	root->shown = shown_name(dir);
	root->kind = is_running_root(root->fd) ? ROOT_LIVE : ROOT_OFFLINE;
	probe = root_openat(root, "/", O_PATH | O_DIRECTORY, 0);
	if (probe == -ENOSYS)
		return err_set(err, probe,
			"This kernel has no openat2: Linux 5.6 or newer is needed.");
	if (probe < 0)
		return err_errno(
			err, probe, "Cannot look into the root directory %s", dir);
	*ret = TAKE(root);
	return 0;
}

void root_set_sample(struct root *root)
{
	root->kind = ROOT_SAMPLE;
}

void root_close(struct root *root)
{
	if (!root)
		return;
	if (root->fd >= 0)
		(void)close(root->fd);
	free(root->shown);
	free(root->fault);
	free(root);
}

void root_closep(struct root **root)
{
	root_close(*root);
}

enum root_kind root_kind(const struct root *root)
{
	return root->kind;
}

int root_fd(const struct root *root)
{
	return root->fd;
}

bool root_may_change(const struct root *root)
{
	return root->kind != ROOT_LIVE || geteuid() == 0;
}

const char *root_shown(const struct root *root)
{
	return root->shown;
}

/* What no file of a host answers that is in order, be it there or not. */
static bool is_fault(int code)
{
	static const int faults[] = { -EIO, -EUCLEAN, -EBADMSG, -ENOSPC, -EROFS, -ENOMEM,
		-EMFILE, -ENFILE };

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (code == faults[i])
			return true;
	return false;
}

static int remember(const struct root *root, const char *path, int code)
{
	if (!root->fault->code && is_fault(code)) {
		root->fault->code = code;
		(void)snprintf(root->fault->path, sizeof(root->fault->path), "%s", path);
	}
	return code;
}

void root_watch(const struct root *root)
{
	root->fault->code = 0;
}

int root_fault(const struct root *root, struct err *err)
{
	if (!root->fault->code)
		return 0;
	return err_errno(err, root->fault->code, "Cannot read %s%s", root->shown,
		root->fault->path);
}

int root_openat(const struct root *root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	for (int tries = 0; tries < 100; tries++) {
		fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));
		if (fd >= 0)
			return (int)fd;
		if (errno != EAGAIN) /* a rename raced with "..": ask again */
			return remember(root, path, -errno);
	}
	return -EAGAIN;
}

int root_open_regular(const struct root *root, const char *path)
{
	autoclose int fd = root_openat(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, 0);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? TAKE_FD(fd) : -EINVAL;
}

static void parent_of(const char *path, char **ret_dir, char **ret_name)
{
	const char *slash = strrchr(path, '/');

	*ret_dir = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup("/");
	*ret_name = xstrdup(slash ? slash + 1 : path);
}

/* What a link means, seen from the directory it lies in. */
static char *link_target(const char *dir, const char *target)
{
	if (target[0] == '/')
		return xstrdup(target);
	return text_printf("%s/%s", dir, target);
}

static int readlink_at(int dir_fd, const char *name, char **ret)
{
	char target[4096];
	ssize_t n = readlinkat(dir_fd, name, target, sizeof(target));

	if (n < 0)
		return -errno;
	if (n == sizeof(target))
		return -ENAMETOOLONG;
	*ret = xstrndup(target, (size_t)n);
	return 0;
}

int root_open_parent(const struct root *root, const char *path, char **ret_name)
{
	autofree char *at = xstrdup(path);

	for (int links = 0; links < LINKS_MAX; links++) {
		autofree char *dir = NULL, *name = NULL, *target = NULL;
		autoclose int fd = -1;
		int r;

		parent_of(at, &dir, &name);
		if (!name[0] || streq(name, ".") || streq(name, ".."))
			return -EISDIR;
		fd = root_openat(root, dir, O_RDONLY | O_DIRECTORY, 0);
		if (fd < 0)
			return fd;
		r = readlink_at(fd, name, &target);
		if (r == -EINVAL || r == -ENOENT) { /* no link: this is the place */
			*ret_name = TAKE(name);
			return TAKE_FD(fd);
		}
		if (r < 0)
			return r;
		free(at);
		at = link_target(dir, target);
	}
	return -ELOOP;
}

bool root_exists(const struct root *root, const char *path)
{
	autoclose int fd = root_openat(root, path, O_PATH, 0);

	return fd >= 0;
}

bool root_has_any(const struct root *root, const char *const *paths)
{
	for (; paths && *paths; paths++)
		if (root_exists(root, *paths))
			return true;
	return false;
}

bool root_has_all(const struct root *root, const char *const *paths)
{
	for (; paths && *paths; paths++)
		if (!root_exists(root, *paths))
			return false;
	return true;
}

int root_has(const struct root *root, const char *path, struct err *err)
{
	autoclose int fd = root_openat(root, path, O_PATH, 0);

	if (fd >= 0)
		return 1;
	return fd == -ENOENT || fd == -ENOTDIR
		       ? 0
		       : err_errno(err, fd, "Cannot look at %s%s", root->shown, path);
}

int root_stat(const struct root *root, const char *path, struct stat *ret)
{
	autoclose int fd = root_openat(root, path, O_PATH, 0);

	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

int root_readlink(const struct root *root, const char *path, char **ret)
{
	autoclose int fd = root_openat(root, path, O_PATH | O_NOFOLLOW, 0);
	int r;

	if (fd < 0)
		return fd;
	r = readlink_at(fd, "", ret);
	return r == -ENOENT ? -EINVAL
			    : r; /* readlinkat(fd, "") says so of what is no link */
}

int root_link_name(const struct root *root, const char *path, char **ret)
{
	autofree char *target = NULL;
	char *name;
	int r = root_readlink(root, path, &target);

	if (r < 0)
		return r;
	name = strrchr(target, '/');
	*ret = xstrdup(name ? name + 1 : target);
	return 0;
}

int root_list(const struct root *root, const char *path, char ***ret)
{
	autoclosedir DIR *dir = NULL;
	autostrv char **names = NULL;
	autoclose int fd = root_openat(root, path, O_RDONLY | O_DIRECTORY, 0);
	struct dirent *entry;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir)
		return -errno;
	(void)TAKE_FD(fd);
	while (errno = 0, (entry = readdir(dir))) {
		if (streq(entry->d_name, ".") || streq(entry->d_name, ".."))
			continue;
		strv_add(&names, entry->d_name);
	}
	if (errno)
		return remember(root, path, -errno);
	strv_sort_bytes(names);
	*ret = TAKE(names);
	return 0;
}

int root_read(const struct root *root, const char *path, size_t limit, char **ret,
	size_t *ret_len)
{
	autoclose int fd = root_openat(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, 0);
	autobuf struct buf b = { 0 };
	char chunk[4096];
	size_t len;
	ssize_t n;

	if (fd < 0)
		return fd;
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return after_prefix(path, "/sys/")
				       ? -errno /* a driver's answer */
				       : remember(root, path, -errno);
		if (b.len + (size_t)n > limit)
			return -EFBIG;
		buf_add(&b, chunk, (size_t)n);
	}
	len = b.len;
	*ret = buf_take(&b);
	if (ret_len)
		*ret_len = len;
	return 0;
}

int root_read_attr(const struct root *root, const char *path, char **ret)
{
	autoclose int fd = root_openat(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, 0);
	char page[4096];
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, page, sizeof(page));
	if (n < 0)
		return -errno;
	while (n && page[n - 1] == '\n')
		n--;
	*ret = xstrndup(page, (size_t)n);
	return 0;
}

static size_t line_of(const char *text, const char *at)
{
	size_t line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

int root_read_text(const struct root *root, const char *path, char **ret, struct err *err)
{
	autofree char *text = NULL;
	const char *shown = root->shown;
	struct stat st;
	size_t len = 0;
	int r = root_stat(root, path, &st);

	if (r == 0 && !S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s%s is not a regular file.", shown, path);
	if (r == 0)
		r = root_read(root, path, ROOT_TEXT_MAX, &text, &len);
	if (r == -EFBIG)
		return err_set(err, r,
			"%s%s is larger than 1 MiB: not a configuration file pciferry can trust.",
			shown, path);
	if (r < 0)
		return err_errno(err, r, "Cannot read %s%s", shown, path);
	if (strlen(text) != len)
		return err_set(err, -EINVAL,
			"%s%s:%zu: has a NUL byte: not a text file, so it is left alone.",
			shown, path, line_of(text, text + strlen(text)));
	*ret = TAKE(text);
	return 0;
}

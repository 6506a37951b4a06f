/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root handle: the only way to the files of a host, /proc and /sys included.
 *
 * Every path is taken inside the root with openat2(2) RESOLVE_IN_ROOT: neither "..", nor
 * an absolute link, nor a magic link in /proc leads out of it. Paths start with "/" or
 * not, as the caller likes. Functions return 0 (or a descriptor) or a negative errno.
 *
 * Needs Linux 5.6 (openat2).
 */
#pragma once

#include <sys/stat.h>

#include "core/base/err.h"

enum root_kind {
	ROOT_LIVE, /* "/" of the running system */
	ROOT_OFFLINE, /* --root DIR: a mounted disk, a chroot, a test */
	ROOT_SAMPLE, /* the private copy of the sample host */
};

struct root;

#define autoroot CLEANUP(root_closep)

/* Opens the host under dir. ROOT_LIVE and ROOT_OFFLINE are told apart by looking. */
int root_open(const char *dir, struct root **ret, struct err *err) MUST_CHECK;
/* Marks an offline root as the sample host, whose commands are its own (see run.h). */
void root_set_sample(struct root *root);
void root_close(struct root *root);
void root_closep(struct root **root);

enum root_kind root_kind(const struct root *root);
int root_fd(const struct root *root);
/* Whether this process may change the host: on the running one that takes root. */
bool root_may_change(const struct root *root);
/* The directory as the user gave it, without a slash at the end: "" for "/". */
const char *root_shown(const struct root *root);

/* A descriptor, O_CLOEXEC always added; -EAGAIN races are retried. */
int root_openat(
	const struct root *root, const char *path, int flags, mode_t mode) MUST_CHECK;
/* For reading, a regular file only: -EINVAL for anything else, a FIFO among them, which
 * is not waited for. */
int root_open_regular(const struct root *root, const char *path) MUST_CHECK;
/*
 * The directory that holds path and, in *ret_name, the last component, both after
 * following every link, the last component's own included: writing there keeps links.
 * The named file need not exist. *ret_name is the caller's.
 */
int root_open_parent(
	const struct root *root, const char *path, char **ret_name) MUST_CHECK;

/*
 * Much of a host may be missing, and is looked for all the same. What fails for another
 * reason, a bad disk or no memory, must not pass for missing: after root_watch() the
 * first such failure is remembered, and root_fault() returns it, or 0.
 */
void root_watch(const struct root *root);
int root_fault(const struct root *root, struct err *err) MUST_CHECK;

bool root_exists(const struct root *root, const char *path);
/* Whether some path, or every path, of a list that ends in NULL is there; NULL is an
 * empty list. */
bool root_has_any(const struct root *root, const char *const *paths);
bool root_has_all(const struct root *root, const char *const *paths);
/* 1: it is there, 0: it is not; -errno where that cannot be told, for work that must not
 * take the one for the other. */
int root_has(const struct root *root, const char *path, struct err *err) MUST_CHECK;
int root_stat(const struct root *root, const char *path, struct stat *ret) MUST_CHECK;
int root_readlink(const struct root *root, const char *path, char **ret) MUST_CHECK;
/* The last component of a link's target: the usual question in sysfs. */
int root_link_name(const struct root *root, const char *path, char **ret) MUST_CHECK;
/* Names in a directory, without "." and "..", in byte order; see strv.h. */
int root_list(const struct root *root, const char *path, char ***ret) MUST_CHECK;

/* A whole file of any content, NUL-terminated; -EFBIG past limit bytes. */
int root_read(const struct root *root, const char *path, size_t limit, char **ret,
	size_t *ret_len) MUST_CHECK;
/*
 * An attribute of sysfs without its last newline. One read(2): the kernel hands out an
 * attribute whole, and a page at most (Documentation/filesystems/sysfs.rst).
 */
int root_read_attr(const struct root *root, const char *path, char **ret) MUST_CHECK;
/*
 * A text file that people write: at most ROOT_TEXT_MAX bytes and no NUL. On failure err
 * names the file, and the line where that makes sense.
 */
#define ROOT_TEXT_MAX ((size_t)1 << 20)
int root_read_text(const struct root *root, const char *path, char **ret,
	struct err *err) MUST_CHECK;

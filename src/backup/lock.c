// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/lock.h"
#include "backup/set.h"

#include <fcntl.h>
#include <sys/file.h>

/* A root without /run (some captures) keeps it beside the sets. */
static const char *const places[] = { "/run/pciferry.lock", "/var/lib/pciferry/lock" };

static int busy(int fd, struct err *err)
{
	char holder[32] = "";

	if (pread(fd, holder, sizeof(holder) - 1, 0) < 0)
		holder[0] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
	return err_set(err, -EBUSY,
		"Another pciferry (process %s) is changing this host: wait until it has "
		"finished.",
		holder[0] ? holder : "unknown");
}

/* Whether the file we locked still has its name: the last holder may have removed it. */
static bool still_there(const struct root *root, const char *path, int fd)
{
	struct stat ours, named;

	return fstat(fd, &ours) == 0 && root_stat(root, path, &named) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

static int take_at(
	const struct root *root, const char *path, struct lock *ret, struct err *err)
{
	for (;;) {
		autoclose int fd =
			root_openat(root, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);

		if (fd < 0)
			return fd;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0)
			return errno == EWOULDBLOCK ? busy(fd, err) : -errno;
		if (!still_there(root, path, fd))
			continue;
		/* The number is a help for people: the lock holds without it. */
		if (ftruncate(fd, 0) < 0 || dprintf(fd, "%d\n", (int)getpid()) < 0)
			errno = 0;
		*ret = (struct lock){ .root = root, .fd = TAKE_FD(fd) };
		return 0;
	}
}

int lock_take(const struct root *root, struct lock *ret, struct err *err)
{
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < ARRAY_SIZE(places); i++) {
		r = i > 0 ? set_make_dirs(root, places[i], err) : 0;
		if (r == 0)
			r = take_at(root, places[i], ret, err);
	}
	if (r < 0 && r != -EBUSY)
		return err_errno(
			err, r, "Cannot make the lock %s%s", root_shown(root), places[0]);
	return r;
}

void lock_drop(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		autofree char *name = NULL;
		autoclose int dir = -1;

		if (!still_there(lock->root, places[i], lock->fd))
			continue;
		dir = root_open_parent(lock->root, places[i], &name);
		if (dir >= 0)
			(void)unlinkat(dir, name, 0);
	}
	closep(&lock->fd);
	lock->fd = -1;
}

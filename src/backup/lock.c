// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/lock.h"
#include "backup/store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

/* A root without /run (some captures) keeps it beside the sets. */
static const char *const places[] = { "/run/pciferry.lock", "/var/lib/pciferry/lock" };

/* "dpkg", by what the kernel calls the process; "" where that is not told. */
static void name_of(const struct root *root, const char *pid, char *name, size_t size)
{
	autofree char *comm = NULL;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	(void)snprintf(
		name, size, "%s", root_read_attr(root, path, &comm) == 0 ? comm : "");
}

/* What is in the lock: our own number, and on a second line the last command that
 * inherited it. The numbers are a help for people: it holds without them. */
#define SECOND_LINE 12

static void note(int fd, off_t at, const char *line)
{
	if (ftruncate(fd, at) < 0 || pwrite(fd, line, strlen(line), at) < 0)
		errno = 0;
}

void lock_inherit(int fd, const char *program)
{
	const char *slash = strrchr(program, '/');
	char line[80];

	(void)snprintf(line, sizeof(line), "%d %.60s\n", (int)getpid(),
		slash ? slash + 1 : program);
	note(fd, SECOND_LINE, line);
	(void)fcntl(fd, F_SETFD, 0);
}

static bool runs(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno != ESRCH);
}

/* Whoever took it was killed, and what it had started has it still. */
static int outlived(char *line, struct err *err)
{
	char *name = NULL;
	pid_t pid = (pid_t)strtol(line, &name, 10);

	name += strspn(name, " ");
	name[strcspn(name, "\n")] = '\0';
	return err_set(err, -EBUSY,
		"%s%s (process %d), started by a pciferry that was killed, still runs: wait until it has finished.",
		runs(pid) ? "" : "What was started by ", name[0] ? name : "a command",
		(int)pid);
}

static int busy(const struct root *root, int fd, struct err *err)
{
	char holder[96] = "", name[32];
	pid_t pid;

	if (pread(fd, holder, sizeof(holder) - 1, 0) < 0)
		holder[0] = '\0';
	pid = (pid_t)strtol(holder, NULL, 10);
	if (pid > 0 && !runs(pid) && strlen(holder) > SECOND_LINE)
		return outlived(holder + SECOND_LINE, err);
	holder[strcspn(holder, " \n")] = '\0';
	name_of(root, holder, name, sizeof(name));
	return err_set(err, -EBUSY,
		"Another pciferry (process %s%s%s) is changing this host: wait until it has finished.",
		holder[0] ? holder : "unknown", name[0] ? ", " : "", name);
}

/* Package managers, which make images and menus too, and what they hold with fcntl(2). */
static const char *const others[] = {
	"/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock",
	"/usr/lib/sysimage/rpm/.rpm.lock", "/var/lib/rpm/.rpm.lock",
	"/var/lib/pacman/db.lck", /* there is one only while it works */
};

static int check_other(const struct root *root, const char *path, struct err *err)
{
	autoclose int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK, 0);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	bool exists_only = has_suffix(path, ".lck");
	char pid[24] = "", name[32];

	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return err_errno(err, fd,
			"Cannot look whether a package manager holds %s%s",
			root_shown(root), path);
	if (fcntl(fd, F_GETLK, &lock) < 0 || (lock.l_type == F_UNLCK && !exists_only))
		return 0;
	if (lock.l_type != F_UNLCK)
		(void)snprintf(pid, sizeof(pid), "%d", (int)lock.l_pid);
	name_of(root, pid, name, sizeof(name));
	return err_set(err, -EBUSY,
		"%s (process %s) is changing this host's packages, and holds %s%s: wait until it has finished.",
		name[0] ? name : "Another program", pid[0] ? pid : "unknown",
		root_shown(root), path);
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
	char line[16];

	for (;;) {
		autoclose int fd =
			root_openat(root, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);

		if (fd < 0)
			return fd;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0)
			return errno == EWOULDBLOCK ? busy(root, fd, err) : -errno;
		if (!still_there(root, path, fd))
			continue;
		(void)snprintf(
			line, sizeof(line), "%-*d\n", SECOND_LINE - 1, (int)getpid());
		note(fd, 0, line);
		*ret = (struct lock){ .root = root, .fd = TAKE_FD(fd) };
		return 0;
	}
}

int lock_take(const struct root *root, struct lock *ret, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(others); i++)
		r = check_other(root, others[i], err);
	if (r < 0)
		return r;
	r = -ENOENT;
	for (size_t i = 0; r == -ENOENT && i < ARRAY_SIZE(places); i++) {
		r = i > 0 ? store_make_dirs(root, places[i], err) : 0;
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

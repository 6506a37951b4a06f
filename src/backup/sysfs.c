// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/sysfs.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#define TICK_MS 100

/* What else is open must not live on with a process that hangs: the lock, the log, the
 * terminal. */
static void __attribute__((noreturn))
child_write(const struct root *root, const char *path, const char *text)
{
	unsigned keep = (unsigned)root_fd(root);
	int fd;

	(void)setsid();
	if (keep > 0)
		(void)close_range(0, keep - 1, 0);
	(void)close_range(keep + 1, ~0U, 0);
	fd = root_openat(root, path, O_WRONLY, 0);
	if (fd < 0)
		_exit(-fd);
	_exit(write(fd, text, strlen(text)) < 0 ? errno : 0);
}

/* /proc/PID/wchan, "0" where it is not told. */
static char *where_it_hangs(const struct root *root, pid_t pid)
{
	char path[64], *where = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%d/wchan", (int)pid);
	if (root_read_attr(root, path, &where) < 0)
		return NULL;
	if (where[0] && !streq(where, "0"))
		return where;
	free(where);
	return NULL;
}

/* Whether it ended in time; where it did not wait at all, that is an error of ours. */
static int wait_for(pid_t pid, unsigned seconds, const struct progress *progress)
{
	autoclose int fd = pidfd_open(pid, 0);
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	if (fd < 0)
		return -errno;
	for (unsigned i = 0; i < seconds * 1000 / TICK_MS; i++) {
		if (poll(&poll_fd, 1, TICK_MS) > 0)
			return 0;
		if (progress && progress->tick)
			progress->tick(progress->data);
	}
	return -ETIMEDOUT;
}

int sysfs_write(const struct root *root, const char *path, const char *text,
	unsigned seconds, const struct progress *progress, char **ret_where)
{
	pid_t pid = fork();
	int status = 0, r;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		child_write(root, path, text);
	r = wait_for(pid, seconds, progress);
	if (r < 0) {
		*ret_where = where_it_hangs(root, pid);
		(void)kill(pid, SIGKILL); /* for when the kernel lets go of it */
		(void)waitpid(pid, &status, WNOHANG);
		return r;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/exec.h"
#include "backup/lock.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define TICK_MS 100
/* Lines of a failed command's output that its error repeats. */
#define TAIL_LINES 4
/* A line longer than this is shown in pieces. */
#define LINE_MAX_BYTES 1000

static char *environment[] = {
	(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	(char *)"HOME=/root",
	(char *)"LANG=C.UTF-8",
	(char *)"TERM=dumb",
	(char *)"DEBIAN_FRONTEND=noninteractive",
	NULL,
};

int exec_possible(const struct root *root, const char *program, struct err *err)
{
	int r = root_has(root, program, err);

	if (r <= 0 || root_kind(root) == ROOT_SAMPLE)
		return r;
	if (geteuid() != 0)
		return 0;
	/* A tree of configuration files is no system one could enter. */
	return root_kind(root) == ROOT_LIVE ? 1 : root_has(root, "/bin/sh", err);
}

/* In the child: nothing of ours is left but the three standard descriptors. */
static void __attribute__((noreturn)) child_fail(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(127);
}

/* Something is mounted there already. */
static bool is_mount(int dir)
{
	struct stat here, above;

	return fstat(dir, &here) == 0 && stat(".", &above) == 0 &&
	       here.st_dev != above.st_dev;
}

static bool is_empty(const char *path)
{
	autoclosedir DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!streq(entry->d_name, ".") && !streq(entry->d_name, ".."))
			return false;
	return dir;
}

/*
 * What a program in a chroot needs and the root may lack. Bound from this system, or a
 * new file system of its own; a directory that holds a captured /sys stays as it is.
 */
static const struct {
	const char *dir, *type;
	bool bind, only_empty;
} mounts[] = {
	{ "proc", "proc", false, false },
	{ "sys", "/sys", true, true },
	{ "dev", "/dev", true, false },
	{ "run", "tmpfs", false, true },
};

/* The current directory is the root; it became part of our namespace with unshare(2). */
static void child_mounts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		char path[64];
		int r, fd = open(mounts[i].dir,
			       O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0) /* the root has no such directory: do without */
			continue;
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (is_mount(fd) || (mounts[i].only_empty && !is_empty(path)))
			continue;
		r = mounts[i].bind
			    ? mount(mounts[i].type, path, NULL, MS_BIND | MS_REC, NULL)
			    : mount(mounts[i].type, path, mounts[i].type,
				      MS_NOSUID | MS_NODEV, NULL);
		if (r < 0)
			child_fail(mounts[i].dir);
	}
}

/*
 * Mounts below the root, which is the current directory, must not show outside. Where /
 * is no mount point, as in a chroot, it cannot be told so; then the root is mounted once
 * more, below a mount that can.
 */
static int child_private(void)
{
	static const char place[] = "/proc/fs";

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		return 0;
	return mount(NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			       mount(".", place, NULL, MS_BIND | MS_REC, NULL) < 0 ||
			       mount(NULL, place, NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			       chdir(place) < 0
		       ? -1
		       : 0;
}

static void child_enter(const struct root *root)
{
	if (root_kind(root) == ROOT_LIVE)
		return (void)(chdir("/") < 0 ? child_fail("/") : (void)0);
	if (fchdir(root_fd(root)) < 0)
		child_fail("chdir");
	if (root_kind(root) == ROOT_SAMPLE)
		return;
	if (unshare(CLONE_NEWNS) < 0 || child_private() < 0)
		child_fail("a mount namespace for the chroot");
	child_mounts();
	if (chroot(".") < 0 || chdir("/") < 0)
		child_fail("chroot");
}

static void child_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void child_stdio(int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
		dup2(out, STDERR_FILENO) < 0)
		_exit(127);
}

static void __attribute__((noreturn))
child_run(const struct root *root, char *const *argv, int lock_fd, int out)
{
	child_signals();
	(void)setsid(); /* a terminal that goes away must not end it half-way */
	child_stdio(out);
	(void)umask(022);
	child_enter(root);
	/* Marked, not closed: the runtime may still need its own until exec. */
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (lock_fd >= 0)
		lock_inherit(lock_fd, argv[0]);
	if (root_kind(root) == ROOT_SAMPLE) {
		size_t n = strv_len(argv);
		char **sh = xcalloc(n + 2, sizeof(*sh));

		sh[0] = (char *)"/bin/sh";
		sh[1] = argv[0] +
			1; /* relative to the sample's directory, where we are */
		memcpy(sh + 2, argv + 1, (n - 1) * sizeof(*sh));
		(void)execve(sh[0], sh, environment);
	} else {
		(void)execve(argv[0], argv, environment);
	}
	child_fail(argv[0]);
}

/* Output on its way: to the log as it is, to the screen line by line. */
struct stream {
	int log_fd, lock_fd;
	const struct progress *progress;
	struct buf *whole; /* takes all of it, or NULL */
	struct buf line;
	char *tail[TAIL_LINES]; /* a ring of the last lines */
	size_t n_lines;
};

static void stream_line(struct stream *s)
{
	char *clean = text_clean(s->line.s ?: "", s->line.len);

	if (s->progress && s->progress->output)
		s->progress->output(s->progress->data, clean);
	free(s->tail[s->n_lines % TAIL_LINES]);
	s->tail[s->n_lines++ % TAIL_LINES] = clean;
	s->line.len = 0;
}

static void stream_add(struct stream *s, const char *data, size_t len)
{
	/* The log is a record, not a promise: a full disk does not end the command. */
	if (s->log_fd >= 0 && write(s->log_fd, data, len) < 0)
		s->log_fd = -1;
	if (s->whole)
		buf_add(s->whole, data, len);
	for (size_t i = 0; i < len; i++) {
		bool end = data[i] == '\n' || data[i] == '\r';

		if (!end)
			buf_add(&s->line, &data[i], 1);
		if ((end && s->line.len) || s->line.len == LINE_MAX_BYTES)
			stream_line(s);
	}
}

static void stream_done(struct stream *s)
{
	buf_done(&s->line);
	for (size_t i = 0; i < TAIL_LINES; i++)
		free(s->tail[i]);
}

static char *stream_tail(const struct stream *s)
{
	autobuf struct buf b = { 0 };
	size_t n = s->n_lines < TAIL_LINES ? s->n_lines : TAIL_LINES;

	for (size_t i = s->n_lines - n; i < s->n_lines; i++)
		buf_printf(&b, "%s%s", b.len ? " | " : "", s->tail[i % TAIL_LINES]);
	return buf_take(&b);
}

/* The command under way, if there is one. */
static struct {
	pid_t pid;
	int pipe_fd, log_fd;
} running;

/*
 * Before the program ends for want of memory: the command comes to its end, and its
 * output into the log. Nothing is allocated here.
 */
static void wait_for_running(void)
{
	struct pollfd fd = { .fd = running.pipe_fd, .events = POLLIN };
	bool gone = false;

	while (running.pid) {
		char data[4096];
		ssize_t n = poll(&fd, 1, gone ? 0 : TICK_MS) > 0
				    ? read(fd.fd, data, sizeof(data))
				    : -1;

		if (n > 0 && running.log_fd >= 0)
			(void)!write(running.log_fd, data, (size_t)n);
		if (n > 0)
			continue;
		if (gone)
			return;
		if (n == 0) /* nothing more to read: wait without spinning */
			fd.fd = -1;
		gone = waitpid(running.pid, NULL, WNOHANG) != 0;
	}
}

/* Reads until the child is gone: a process it left behind may keep the pipe open. */
static int follow(int pipe_fd, pid_t pid, struct stream *s)
{
	/* Without the second (no descriptors left) a tick later will do. */
	autoclose int child = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd fds[] = { { .fd = pipe_fd, .events = POLLIN },
		{ .fd = child, .events = POLLIN } };
	bool gone = false;
	int status = 0;

	for (;;) {
		char data[4096];
		ssize_t n;
		int ready = poll(fds, ARRAY_SIZE(fds), gone ? 0 : TICK_MS);

		if (s->progress && s->progress->tick)
			s->progress->tick(s->progress->data);
		n = ready > 0 && fds[0].revents ? read(pipe_fd, data, sizeof(data)) : -1;
		if (n > 0) {
			stream_add(s, data, (size_t)n);
			continue;
		}
		if (gone)
			break;
		if (n == 0) /* nothing more to read: wait without spinning */
			fds[0].fd = -1;
		gone = waitpid(pid, &status, WNOHANG) == pid;
		if (gone)
			running.pid = 0;
	}
	if (s->line.len)
		stream_line(s);
	return status;
}

/* Forks with a pipe for the child's output; the pid, or a negative errno. */
static pid_t start(const struct root *root, char *const *argv, int lock_fd, int *ret_pipe)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child_run(root, argv, lock_fd, ends[1]);
	if (pid < 0) {
		int r = -errno;

		closep(&ends[0]);
		closep(&ends[1]);
		return r;
	}
	closep(&ends[1]);
	*ret_pipe = ends[0];
	return pid;
}

static int run_stream(
	const struct root *root, char *const *argv, struct stream *s, struct err *err)
{
	autofree char *tail = NULL;
	autoclose int out = -1;
	int status;
	pid_t pid = start(root, argv, s->lock_fd, &out);

	if (pid < 0)
		return err_errno(err, pid, "Cannot start %s", argv[0]);
	running.pid = pid;
	running.pipe_fd = out;
	running.log_fd = s->log_fd;
	alloc_on_failure(wait_for_running);
	status = follow(out, pid, s);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	tail = stream_tail(s);
	if (WIFSIGNALED(status))
		return err_set(err, -EIO, "%s was ended by signal %d (%s).", argv[0],
			WTERMSIG(status), tail);
	return err_set(err, -EIO, "%s failed with exit status %d (%s).", argv[0],
		WEXITSTATUS(status), tail);
}

int exec_command(const struct root *root, char *const *argv, int log_fd, int lock_fd,
	const struct progress *progress, struct err *err)
{
	CLEANUP(stream_done)
	struct stream s = { .log_fd = log_fd, .lock_fd = lock_fd, .progress = progress };

	return run_stream(root, argv, &s, err);
}

int exec_read(const struct root *root, char *const *argv, char **ret, struct err *err)
{
	autobuf struct buf whole = { 0 };
	CLEANUP(stream_done)
	struct stream s = { .log_fd = -1, .lock_fd = -1, .whole = &whole };
	int r = run_stream(root, argv, &s, err);

	if (r < 0)
		return r;
	*ret = buf_take(&whole);
	return 0;
}

static void __attribute__((noreturn))
child_capture(char *const *argv, const int *keep, size_t n_keep, int out)
{
	child_signals();
	child_stdio(out);
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	for (size_t i = 0; i < n_keep; i++)
		(void)fcntl(keep[i], F_SETFD, 0);
	environ = environment;
	(void)execvp(argv[0], argv);
	child_fail(argv[0]);
}

int exec_capture(char *const *argv, const int *keep_fds, size_t n_fds, char **ret,
	int *ret_status, struct err *err)
{
	autobuf struct buf b = { 0 };
	autoclose int out = -1;
	char data[4096];
	int ends[2], status = 0, fault = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, -errno, "Cannot start %s", argv[0]);
	pid = fork();
	if (pid == 0)
		child_capture(argv, keep_fds, n_fds, ends[1]);
	closep(&ends[1]);
	out = ends[0];
	if (pid < 0)
		return err_errno(err, -errno, "Cannot start %s", argv[0]);
	while (!fault && (n = read(out, data, sizeof(data))) != 0)
		if (n > 0)
			buf_add(&b, data, (size_t)n);
		else if (errno != EINTR)
			fault = -errno;
	closep(&out);
	out = -1;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (fault) /* the beginning does not pass for the whole */
		return err_errno(err, fault, "Cannot read what %s says", argv[0]);
	*ret = buf_take(&b);
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
	return 0;
}

int exec_input(const char *text)
{
	size_t len = text ? strlen(text) : 0, done = 0;
	autoclose int fd = memfd_create("text", MFD_CLOEXEC);

	while (fd >= 0 && done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return fd < 0 ? -errno : TAKE_FD(fd);
}

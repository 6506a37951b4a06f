// SPDX-License-Identifier: GPL-2.0-or-later
#include "strike.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

static const long calls[] = {
	SYS_openat,
	SYS_openat2,
	SYS_getdents64,
	SYS_write,
	SYS_copy_file_range,
	SYS_ftruncate,
	SYS_fchmod,
	SYS_fchown,
	SYS_fchmodat,
	SYS_fchownat,
	SYS_fsetxattr,
	SYS_utimensat,
	SYS_fsync,
	SYS_fdatasync,
	SYS_mkdirat,
	SYS_unlinkat,
	SYS_symlinkat,
	SYS_linkat,
	SYS_renameat,
	SYS_renameat2,
	SYS_flock,
	SYS_pipe2,
	SYS_clone,
	SYS_execve,
#ifdef SYS_open
	SYS_open,
	SYS_mkdir,
	SYS_unlink,
	SYS_rename,
	SYS_rmdir,
	SYS_link,
	SYS_chmod,
#endif
};

/* Has the kernel stop this process, and all it starts, at those calls; a descriptor that
 * tells of them. */
static int listen_to_calls(void)
{
	struct sock_filter code[2 * ARRAY_SIZE(calls) + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { .filter = code };
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* One descriptor over a socket; take: receives it, else sends fd. */
static int pass_fd(int socket, int fd, bool take)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr m = { .msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };

	if (!take) {
		control.head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(sizeof(int)) };
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
		return sendmsg(socket, &m, 0) == 1 ? 0 : -1;
	}
	if (recvmsg(socket, &m, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&m))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static pid_t start(int (*work)(void), int *ret_listener)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int ends[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	/* The first process of its namespace: with it all others are killed. */
	pid = (pid_t)syscall(SYS_clone, namespaces(CLONE_NEWPID) | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		autoclose int listener = keep_ids(uid, gid) < 0 ? -1 : listen_to_calls();

		if (listener < 0 || pass_fd(ends[1], listener, false) < 0)
			_exit(77);
		closep(&listener);
		_exit(work() < 0 ? 1 : 0);
	}
	closep(&ends[1]);
	if (pid > 0)
		*ret_listener = pass_fd(ends[0], -1, true);
	if (geteuid() != 0 && (pid < 0 || *ret_listener < 0))
		skip_because("no user namespace is to be had here, and this is not root");
	assert_true(pid > 0 && *ret_listener >= 0);
	closep(&ends[0]);
	return pid;
}

/* Whether it changes something: opening without making a file does not, nor does listing
 * a directory. */
static bool is_point(const struct seccomp_notif *call)
{
	struct open_how how = { 0 };
	struct iovec here = { &how, sizeof(how.flags) };
	struct iovec there = { (void *)(uintptr_t)call->data.args[2], sizeof(how.flags) };

	if (call->data.nr == SYS_getdents64)
		return false;
	if (call->data.nr == SYS_openat)
		return call->data.args[2] & O_CREAT;
#ifdef SYS_open
	if (call->data.nr == SYS_open)
		return call->data.args[1] & O_CREAT;
#endif
	if (call->data.nr != SYS_openat2)
		return true;
	return process_vm_readv((pid_t)call->pid, &here, 1, &there, 1, 0) > 0 &&
	       how.flags & O_CREAT;
}

/* Answers one call; whether it was struck, or killed. */
static bool answer(int listener, pid_t pid, size_t *n, const struct strike *strike)
{
	struct seccomp_notif call = { 0 };
	struct seccomp_notif_resp reply = { 0 };
	bool point, hit;

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
		return false; /* it is gone meanwhile */
	point = strike->looks || is_point(&call);
	hit = point && *n == 0;
	if (point && *n)
		--*n;
	if (hit && !strike->error) {
		assert_int_equal(kill(pid, SIGKILL), 0);
		return true;
	}
	reply.id = call.id;
	reply.error = hit ? -strike->error : 0;
	reply.flags = hit ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (hit && !strike->on)
		*n = SIZE_MAX;
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
	return hit;
}

int struck_at(int (*work)(void), size_t n, const struct strike *strike)
{
	bool hit = false;
	int status, listener = -1;
	pid_t pid = start(work, &listener);
	struct pollfd fd = { .fd = listener, .events = POLLIN };

	while (poll(&fd, 1, -1) > 0 && !(fd.revents & POLLHUP))
		if (fd.revents & POLLIN)
			hit |= answer(listener, pid, &n, strike);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	closep(&listener);
	if (!hit)
		check_number("it came to its end, and well", status, 0);
	if (!WIFEXITED(status))
		check_number("killed by", WTERMSIG(status), SIGKILL);
	return !hit ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Killed at any moment: the process that applies or undoes is traced and killed at every
 * system call that changes a file. Then one undo gives the first tree again.
 */
#include "little.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* What changes the file system; between two of these nothing on disk differs. */
static const long changing[] = {
	SYS_openat,
	SYS_openat2,
	SYS_write,
	SYS_ftruncate,
	SYS_fchmod,
	SYS_fchown,
	SYS_fchmodat,
	SYS_fchownat,
	SYS_fsetxattr,
	SYS_mkdirat,
	SYS_unlinkat,
	SYS_symlinkat,
	SYS_renameat,
	SYS_renameat2,
#ifdef SYS_open
	SYS_open,
	SYS_mkdir,
	SYS_unlink,
	SYS_rename,
	SYS_rmdir,
#endif
};

/* Has the kernel stop this process at those calls alone. */
static void trace_changes(void)
{
	struct sock_filter code[2 * ARRAY_SIZE(changing) + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { .filter = code };
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_SIZE(changing); i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)changing[i], 0, 1);
		code[n++] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(2);
}

/* Whether the stopped process is about to make a change: opening without making is none.
 */
static bool at_change(pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };
	uint64_t flags;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0 ||
		info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return false;
	if (info.seccomp.nr == SYS_openat)
		return info.seccomp.args[2] & O_CREAT;
	if (info.seccomp.nr != SYS_openat2)
		return true;
	flags = (uint64_t)ptrace(PTRACE_PEEKDATA, pid,
		(uintptr_t)info.seccomp.args[2] + offsetof(struct open_how, flags), NULL);
	return flags & O_CREAT;
}

static pid_t start_traced(int (*work)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)raise(SIGSTOP);
		trace_changes();
		_exit(work() < 0 ? 1 : 0);
	}
	return pid;
}

/* Runs work and kills it at the n-th change; false where it came to its end. */
static bool killed_at(int (*work)(void), size_t n)
{
	pid_t pid = start_traced(work);
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	(void)ptrace(
		PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL);
	while (WIFSTOPPED(status)) {
		if (status >> 16 == PTRACE_EVENT_SECCOMP && at_change(pid) && n-- == 0) {
			(void)kill(pid, SIGKILL);
			assert_int_equal(waitpid(pid, &status, 0), pid);
			return true;
		}
		(void)ptrace(PTRACE_CONT, pid, NULL, NULL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
	}
	check_number("it came to its end, and well", status, 0);
	return false;
}

static int apply(void)
{
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };

	return little_apply(plan, true, &err);
}

static int undo(void)
{
	struct err err = { 0 };

	return little_undo(NULL, true, &err);
}

static int redo(void)
{
	struct err err = { 0 };

	return little_undo("2", true, &err);
}

/* Its command fails, so that it puts everything back: killed on the way there and back.
 */
static int failing(void)
{
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };

	tree_put("usr/sbin/build", "exit 1\n");
	return little_apply(plan, false, &err) == -EIO ? 0 : -1;
}

static int nothing(void)
{
	return 0;
}

/* "apply, killed at change 17" */
static void name_call(char *name, size_t size, const char *what, size_t n)
{
	(void)snprintf(name, size, "%s, killed at change %zu", what, n);
}

/* Afterwards one undo is enough, and then all can be done again. */
static void check_recovery(const char *name, const char *first, bool again)
{
	autofree char *now = NULL;
	struct err err = { 0 };

	tree_put("usr/sbin/build", "exit 0\n");
	if (little_undo(NULL, true, &err) < 0 && err.code != -ENOENT)
		complain("%s: undo: %s", name, err.text);
	now = tree_snapshot(outside_sets);
	check_same(name, first, now);
	if (little_undo(NULL, true, &err) != -ENOENT)
		complain("%s: there is something left to undo", name);
	if (!again)
		return;
	if (apply() < 0 || undo() < 0)
		complain("%s: cannot be applied and undone again", name);
	now = (free(now), tree_snapshot(outside_sets));
	check_same(name, first, now);
}

static void kill_everywhere(
	const char *what, int (*prepare)(void), int (*prepare2)(void), int (*work)(void))
{
	size_t n = 0;

	for (bool killed = true; killed; n++) {
		autofree char *first = NULL;
		char name[80];

		tree_renew();
		little_host();
		/* Commands are another test: what they leave is theirs. */
		tree_put("usr/sbin/build", "exit 0\n");
		first = tree_snapshot(outside_sets);
		assert_true(prepare() == 0 && prepare2() == 0);
		name_call(name, sizeof(name), what, n);
		killed = killed_at(work, n);
		check_recovery(name, first, n % 7 == 0);
	}
	print_message("  %s: killed at each of %zu changes\n", what, n - 1);
	if (n < 50)
		complain("%s has %zu changes: the test does not see them", what, n);
}

static void test_apply_killed(void **state)
{
	(void)state;
	kill_everywhere("apply", nothing, nothing, apply);
}

static void test_undo_killed(void **state)
{
	(void)state;
	kill_everywhere("undo", apply, nothing, undo);
}

static void test_rollback_killed(void **state)
{
	(void)state;
	kill_everywhere("an apply that fails", nothing, nothing, failing);
}

static void test_redo_killed(void **state)
{
	(void)state;
	kill_everywhere("undo of an undo", apply, undo, redo);
}

/* Killed while a command runs, by the command: the files are written, nothing is said. */
static void test_command_kills(void **state)
{
	autofree char *first = NULL, *now = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };
	pid_t pid;
	int status;

	(void)state;
	little_host();
	first = tree_snapshot(outside_sets);
	tree_put("usr/sbin/build", "kill -KILL $PPID; exit 0\n");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)little_apply(plan, false, &err);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	check_text("state", set_state_of("1"), "written");
	/* Nobody gets on top of it. */
	check_number("another apply", little_apply(plan, false, &err), -EBUSY);
	check_holds("another apply", err.text, "pciferry undo");
	little_command();
	MUST(little_undo(NULL, false, why));
	now = tree_snapshot(outside_sets);
	check_same("undone", first, now);
}

static int signal_to_send;

static void signal_at_step(size_t index)
{
	if (index == 3)
		(void)kill(getpid(), signal_to_send);
}

/* A signal that would end the program waits until the work is done, and ends it then. */
static void test_signal_waits(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		autofree char *grub = NULL;
		pid_t pid;
		int status;

		tree_renew();
		little_host();
		signal_to_send = signals[i];
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			on_step = signal_at_step;
			_exit(apply() < 0 ? 1 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		check_number("ended by the signal",
			WIFSIGNALED(status) ? WTERMSIG(status) : 0, signals[i]);
		check_text("state", set_state_of("1"), "applied");
		grub = tree_get("etc/default/grub");
		check_text("grub", grub, "GRUB_DEFAULT=1\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_apply_killed),
		TEST(test_undo_killed),
		TEST(test_rollback_killed),
		TEST(test_redo_killed),
		TEST(test_command_kills),
		TEST(test_signal_waits),
	};

	(void)umask(022);
	return RUN(tests);
}

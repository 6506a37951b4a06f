// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The power goes, or a call fails, at any moment of an apply, an undo, a redo or a
 * rollback, and of the commands they run. Afterwards every file is the old or the new
 * one, whole; and from there each way leads where it says.
 */
#include "little.h"
#include "strike.h"
#include "backup/exec.h"
#include "backup/restore.h"
#include "backup/restore_plan.h"
#include "backup/store.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <sys/wait.h>

/* The plan with the image as a product of its command. */
static struct plan *plan_with_image(void)
{
	struct plan *plan = little_plan();
	struct artifact *p;

	GROW(plan->steps.artifacts, plan->steps.n_artifacts);
	p = &plan->steps.artifacts[plan->steps.n_artifacts++];
	p->path = strdup("/boot/image");
	p->why = strdup("a test");
	strv_add(&p->holds, "claims");
	return plan;
}

static int apply(void)
{
	autoplan struct plan *plan = plan_with_image();
	struct err err = { 0 };

	return little_apply(plan, false, &err);
}

static int undo(void)
{
	struct err err = { 0 };

	return little_undo(NULL, false, &err);
}

static int redo(void)
{
	struct err err = { 0 };

	return little_undo("2", false, &err);
}

/* What it makes does not hold what it must, so that everything is put back. */
static int failing(void)
{
	autoplan struct plan *plan = plan_with_image();
	struct err err = { 0 };

	strv_add(&plan->steps.artifacts[0].holds, "nobody");
	return little_apply(plan, false, &err) == -EBADMSG && !little_unfinished() ? 0
										   : -1;
}

static int nothing(void)
{
	return 0;
}

static const struct work {
	const char *name;
	int (*before[2])(void); /* what was done before it */
	int (*work)(void);
	bool takes_back; /* its end is the first tree */
} works[] = {
	{ "apply", { nothing, nothing }, apply, false },
	{ "undo", { apply, nothing }, undo, true },
	{ "redo", { apply, undo }, redo, false },
	{ "rollback", { nothing, nothing }, failing, true },
};

/* What the tree looks like before any of it, before the work, and after it. */
struct trees {
	char *first, *start, *end;
};

static void trees_done(struct trees *trees)
{
	free(trees->first);
	free(trees->start);
	free(trees->end);
}

static void prepare(const struct work *work)
{
	tree_renew();
	little_host();
	assert_true(work->before[0]() == 0 && work->before[1]() == 0);
}

static void take_trees(const struct work *work, struct trees *ret)
{
	tree_renew();
	little_host();
	ret->first = tree_snapshot(outside_sets);
	assert_true(work->before[0]() == 0 && work->before[1]() == 0);
	ret->start = tree_snapshot(outside_sets);
	assert_int_equal(work->work(), 0);
	ret->end = tree_snapshot(outside_sets);
}

static bool same(const char *name, const char *want)
{
	autofree char *now = tree_snapshot(outside_sets);

	check_same(name, want, now);
	return streq(want, now);
}

/* The old or the new one, whole. */
static bool check_whole(const char *name)
{
	autoplan struct plan *plan = little_plan();
	bool good = true;

	for (size_t i = 0; i < plan->steps.n_changes; i++) {
		const struct change *c = &plan->steps.changes[i];
		autofree char *text = tree_get(c->path);

		if (streq_null(text, c->before) || streq_null(text, c->after))
			continue;
		complain("%s: %s is neither old nor new", name, c->path);
		good = false;
	}
	return good;
}

static bool went(const char *name, const char *what, int r, const struct err *err)
{
	if (r < 0)
		complain("%s: %s: %s", name, what, err->text);
	return r == 0;
}

/* From here on: one undo gives the first tree. */
static bool check_undo(const char *name, const struct trees *trees)
{
	struct err err = { 0 };
	int r = little_undo(NULL, false, &err);

	return went(name, "undo", r == -ENOENT ? 0 : r, &err) && same(name, trees->first);
}

/* Where it was cut short: to its end, or to its start, and then to the first tree. */
static bool check_resume(const char *name, enum resume where, const struct work *work,
	const struct trees *trees)
{
	struct err err = { 0 };
	bool back = where == RESUME_BACK || work->work == failing;
	int r = little_resume(where, &err);

	if (r == -ENOENT) /* it was not */
		return true;
	if (work->work == failing && where == RESUME_FINISH) /* it fails again */
		r = 0;
	return went(name, "resume", r, &err) &&
	       same(name, back ? trees->start : trees->end);
}

/* As at the start; but where even the last step could not be told to be done, all of it
 * is. */
static bool same_or(
	const char *name, const struct trees *trees, const struct strike *strike)
{
	autofree char *now = strike->on ? tree_snapshot(outside_sets) : NULL;

	return (now && streq(now, trees->end)) || same(name, trees->start);
}

/* "apply, power cut at call 17" */
static bool check_after(const char *name, int result, size_t n, const struct work *work,
	const struct strike *strike, const struct trees *trees)
{
	static const enum resume ways[] = { RESUME_FINISH, RESUME_BACK };

	if (!check_whole(name))
		return false;
	/* What is over is over whole. */
	if (result == 0 && !same(name, trees->end))
		return false;
	if (result == 1 && !little_unfinished() && !same_or(name, trees, strike))
		return false;
	/* One error is no reason to leave anything, where it did not strike the rollback.
	 */
	if (result == 1 && !strike->on && work->work != failing && little_unfinished()) {
		complain("%s: it was not put back", name);
		return false;
	}
	if (n % 3 && !check_resume(name, ways[n % 3 - 1], work, trees))
		return false;
	return check_undo(name, trees);
}

/*
 * Strikes at every call, one after the other: with one of the strikes in turn, or, where
 * PCIFERRY_TEST_ALL is set, each with all of them.
 */
static void strike_everywhere(
	const struct work *work, const struct strike *strikes, size_t n_strikes)
{
	CLEANUP(trees_done) struct trees trees = { 0 };
	size_t rounds = getenv("PCIFERRY_TEST_ALL") ? n_strikes : 1, n = 0;
	size_t held = 0, tried = 0;

	take_trees(work, &trees);
	for (size_t i = 0; i < rounds; i++) {
		int result = 0;

		for (n = 0; result >= 0; n++) {
			const struct strike *strike = &strikes[(n + i) % n_strikes];
			char name[80];

			(void)snprintf(name, sizeof(name), "%s, %s at call %zu",
				work->name, strike->name, n);
			prepare(work);
			result = struck_at(work->work, n, strike);
			tried += result >= 0;
			held += result >= 0 &&
				check_after(name, result, n, work, strike, &trees);
		}
	}
	print_message("  %s, %s: %zu of %zu points held\n", work->name,
		n_strikes > 1 ? "an error" : strikes->name, held, tried);
	if (n < 100)
		complain("%s has %zu calls: the test does not see them", work->name, n);
}

static void strike_all(const struct strike *strikes, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(works); i++)
		strike_everywhere(&works[i], strikes, n);
}

static void test_power_cut(void **state)
{
	static const struct strike cut = { .name = "power cut" };

	(void)state;
	strike_all(&cut, 1);
}

static void test_errors(void **state)
{
	static const struct strike errors[] = {
		{ .name = "ENOSPC", .error = ENOSPC },
		{ .name = "EIO", .error = EIO },
		{ .name = "EROFS", .error = EROFS },
		{ .name = "EACCES", .error = EACCES },
		{ .name = "EIO from then on", .error = EIO, .on = true },
	};

	(void)state;
	strike_all(errors, ARRAY_SIZE(errors));
}

/* Another pciferry waits for the command, which goes on; then it is told of the set. */
static void check_nobody_in_between(struct plan *plan, const char *gate)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	autoclose int out = -1;
	struct err err = { 0 };

	check_number("another apply", little_apply(plan, false, &err), -EBUSY);
	check_holds("another apply", err.text, "build (process ");
	check_holds("another apply", err.text, "still runs: wait until");
	out = open(gate, O_WRONLY | O_CLOEXEC);
	assert_true(out >= 0);
	closep(&out);
	for (int i = 0; i < 500 && strstr(err.text, "still runs"); i++) {
		(void)nanosleep(&moment, NULL);
		check_number("another apply", little_apply(plan, false, &err), -EBUSY);
	}
	check_holds("another apply", err.text, "pciferry undo");
}

/* Before it is put back it is told what comes from copies, and that nothing runs. */
static void check_way_back(void)
{
	const struct backup_options options = { 0 };
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	autosets struct sets sets = { 0 };

	MUST(sets_scan(tree_root, &sets, why));
	MUST(backup_restore_plan(
		tree_root, sets_newest(&sets), &options, &restore_plan, why));
	check_number("commands", (long)restore_plan.steps.n_commands, 0);
	check_text("copies", restore_plan.copies ? restore_plan.copies[0] : NULL,
		"/boot/image");
}

/* Killed while a command runs, by the command: the files are written, nothing is said. */
static void test_command_kills(void **state)
{
	autofree char *first = NULL, *now = NULL, *gate = tree_path("run/gate");
	autoplan struct plan *plan = plan_with_image();
	struct err err = { 0 };
	pid_t pid;
	int status;

	(void)state;
	little_host();
	first = tree_snapshot(outside_sets);
	tree_put("usr/sbin/build", "kill -KILL $PPID; cat run/gate\n");
	assert_int_equal(mkfifo(gate, 0600), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)little_apply(plan, false, &err);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	check_text("state", set_state_of("1"), "written");
	check_nobody_in_between(plan, gate);
	assert_int_equal(unlink(gate), 0);
	check_way_back();
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
			/* A job in the background was started without some. */
			(void)signal(signals[i], SIG_DFL);
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

static void run_out_of_memory(void *data UNUSED, const char *line UNUSED)
{
	alloc_failed();
}

static void command_without_memory(void)
{
	const struct progress progress = { .output = run_out_of_memory };
	char *argv[] = { (char *)"/usr/sbin/slow", NULL };
	autofree char *log = tree_path("log");
	int log_fd = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	struct err err;

	complain("it went on: %d",
		exec_command(tree_root, argv, log_fd, -1, &progress, &err));
}

/* A command that runs when memory runs out comes to its end first, as it can write. */
static void test_memory_waits(void **state)
{
	autofree char *done = NULL, *log = NULL;
	int status;

	(void)state;
	little_host();
	tree_put("usr/sbin/slow",
		"echo begun\nsleep 0.5\nseq 100000\necho done >boot/done\n");
	status = in_child(command_without_memory);
	check_number("status", WIFEXITED(status) ? WEXITSTATUS(status) : -1, 1);
	done = tree_get("boot/done");
	check_text("what it made", done, "done\n");
	log = tree_get("log");
	check_holds("log", log, "\n99999\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_power_cut),
		TEST(test_errors),
		TEST(test_command_kills),
		TEST(test_signal_waits),
		TEST(test_memory_waits),
	};

	(void)umask(022);
	return RUN(tests);
}

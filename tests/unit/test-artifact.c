// SPDX-License-Identifier: GPL-2.0-or-later
/* What the commands make is looked into, and what was there before comes back. */
#include "little.h"
#include "backup/restore_plan.h"

#include <fcntl.h>

/* The image must hold this; it is listed by a program of the host, or read itself. */
static struct plan *plan_with(const char *path, bool listed, const char *holds)
{
	struct plan *plan = little_plan();
	struct artifact *p;

	GROW(plan->steps.artifacts, plan->steps.n_artifacts);
	p = &plan->steps.artifacts[plan->steps.n_artifacts++];
	p->path = strdup(path);
	p->why = strdup("a test");
	assert_true(p->path && p->why);
	if (listed)
		strv_add(&p->list, "/usr/bin/lsimage");
	if (holds)
		strv_add(&p->holds, holds);
	return plan;
}

static void host_with_lister(void)
{
	little_host();
	tree_put("usr/bin/lsimage",
		"grep broken boot/image && exit 1; sed 's/^/name /' \"${1#/}\"\n");
}

static const char *const copies[] = { SETS_PATH "/0001/made", NULL };

static void test_good(void **state)
{
	static const struct {
		const char *path, *holds;
		bool listed;
	} rows[] = {
		{ "/boot/image", "claims", false },
		{ "/boot/image", "name claims", true },
		{ "/boot/image", "GRUB_DEFAULT=1", true }, { "/boot/image", NULL, true },
		{ "/boot/other", "claims", false }, /* there is none, and was none */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autoplan struct plan *plan =
			plan_with(rows[i].path, rows[i].listed, rows[i].holds);
		autofree char *first = NULL, *now = NULL;

		tree_renew();
		host_with_lister();
		first = tree_snapshot(outside_sets);
		MUST(little_apply(plan, false, why));
		check_text("state", set_state_of("1"), "applied");
		check_number("copies stay", root_exists(tree_root, copies[0]), false);
		MUST(little_undo(NULL, false, why));
		now = tree_snapshot(outside_sets);
		check_same("undone", first, now);
	}
}

/* A set that names such a path could not be read again: there is none, and no change. */
static void test_odd_paths(void **state)
{
	static const char *const paths[] = { "/boot//image", "/boot/../boot/image",
		"/boot/image/", "/boot/\033[2Jimage" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		autoplan struct plan *plan = plan_with(paths[i], false, "claims");
		autofree char *first = NULL, *now = NULL;
		struct err err = { 0 };

		tree_renew();
		host_with_lister();
		first = tree_snapshot(outside_sets);
		check_number(paths[i], little_apply(plan, false, &err), -EINVAL);
		check_holds(paths[i], err.text, "no set can keep");
		check_number(paths[i], (long)count_sets(), 0);
		now = tree_snapshot(outside_sets);
		check_same(paths[i], first, now);
	}
}

/* The times of a file, which a snapshot has not: whether it is the very same. */
static struct timespec mtime(const char *path)
{
	struct stat st = { 0 };

	assert_int_equal(root_stat(tree_root, path, &st), 0);
	return st.st_mtim;
}

static void test_missing(void **state)
{
	static const struct {
		const char *command; /* in place of the one that makes the image */
		const char *holds, *says;
	} rows[] = {
		{ NULL, "vfio-pci.ko",
			"/boot/image (a test) was made without vfio-pci.ko" },
		{ NULL, "laims", "without laims" }, /* part of a word is none */
		{ NULL, "claim", "without claim" },
		{ "rm boot/image\n", "claims", "not there any more" },
		{ "printf claim >boot/image\n", "claims", "without claims" },
		{ "printf claims >boot/image; exit 3\n", "claims", "exit status 3" },
		{ "printf broken >boot/image\n", "claims", "/usr/bin/lsimage failed" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autoplan struct plan *plan =
			plan_with("/boot/image", true, rows[i].holds);
		autofree char *first = NULL, *now = NULL;
		struct err err = { 0 };
		struct timespec before, after;

		tree_renew();
		host_with_lister();
		if (rows[i].command)
			tree_put("usr/sbin/build", rows[i].command);
		tree_put_bytes("boot/image", "an\0image", 8);
		first = tree_snapshot(outside_sets);
		before = mtime("/boot/image");
		check_number(rows[i].says, little_apply(plan, false, &err) < 0, true);
		check_holds(rows[i].says, err.text, rows[i].says);
		check_text(rows[i].says, set_state_of("1"), "rolled-back");
		now = tree_snapshot(outside_sets);
		check_same(rows[i].says, first, now);
		after = mtime("/boot/image");
		assert_memory_equal(&before, &after, sizeof(before));
		check_number("copies stay", root_exists(tree_root, copies[0]), false);
	}
}

/* One that was not there before goes again. */
static void test_new_one(void **state)
{
	autoplan struct plan *plan = plan_with("/boot/new", false, "not in it");
	autofree char *first = NULL, *now = NULL;
	struct err err = { 0 };

	(void)state;
	little_host();
	tree_put("usr/sbin/build", "echo claims >boot/new\n");
	first = tree_snapshot(outside_sets);
	check_number("apply", little_apply(plan, false, &err), -EBADMSG);
	now = tree_snapshot(outside_sets);
	check_same("rolled back", first, now);
}

/* What a program leaves beside its product goes, but not what was there before. */
static void test_left_beside(void **state)
{
	autoplan struct plan *plan = plan_with("/boot/image", false, NULL);
	autofree char *first = NULL, *now = NULL;
	struct err err = { 0 };

	(void)state;
	little_host();
	tree_put("boot/image.dpkg-bak", "theirs\n");
	tree_put("boot/image.old", "theirs\n");
	tree_put("usr/sbin/build", "echo half >boot/image.new; exit 1\n");
	first = tree_snapshot(outside_sets);
	check_number("apply", little_apply(plan, false, &err), -EIO);
	now = tree_snapshot(outside_sets);
	check_same("rolled back", first, now);
}

/* Without its program nothing is known of an image: that is said, and no failure. */
static void test_not_looked_into(void **state)
{
	autoplan struct plan *plan = plan_with("/boot/image", true, "not in it");

	(void)state;
	little_host();
	MUST(little_apply(plan, false, why));
	check_holds("output", told, "/boot/image was not looked into");
}

/* The way back of a command, where it is another one. */
static void test_undo_command(void **state)
{
	autoplan struct plan *plan = little_plan();
	autofree char *trace = NULL;
	struct err err = { 0 };

	(void)state;
	little_host();
	tree_put("usr/sbin/build", "echo there >>boot/trace\n");
	tree_put("usr/sbin/unbuild", "echo back >>boot/trace\n");
	strv_add(&plan->steps.commands[0].undo, "/usr/sbin/unbuild");
	MUST(little_apply(plan, false, why));
	MUST(little_undo(NULL, false, why));
	MUST(little_undo("2", false, why)); /* again */
	MUST(little_undo(NULL, false, why));
	tree_put("usr/sbin/build", "echo failed >>boot/trace; exit 1\n");
	check_number("fails", little_apply(plan, false, &err), -EIO);
	trace = tree_get("boot/trace");
	check_text("trace", trace, "there\nback\nthere\nback\nfailed\nback\n");
}

/* A restore plan shows what runs: the way there, or each command's own way back, whose
 * way back is the command again. */
static void test_which_commands(void **state)
{
	static const struct {
		enum runs runs;
		const char *first, *first_undo, *second;
	} rows[] = {
		{ RUNS_ALL, "/bin/there", "/bin/back", "/bin/both" },
		{ RUNS_BACK, "/bin/back", "/bin/there", "/bin/both" },
		{ RUNS_REST, "/bin/back", "/bin/there", "/bin/both" },
	};
	char *there[] = { (char *)"/bin/there", NULL },
	     *back[] = { (char *)"/bin/back", NULL },
	     *both[] = { (char *)"/bin/both", NULL };
	struct command commands[] = { { there, back, (char *)"" },
		{ both, NULL, (char *)"" } };
	const struct set set = { .state = SET_WRITTEN,
		.steps = { .commands = commands, .n_commands = ARRAY_SIZE(commands) } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(restore_plan_done) struct restore_plan plan = { 0 };
		const struct command *ran;

		restore_plan_commands(&set, rows[i].runs, &plan);
		assert_int_equal(plan.steps.n_commands, 2);
		ran = plan.steps.commands;
		check_text("first", ran[0].argv[0], rows[i].first);
		check_text("its way back", ran[0].undo[0], rows[i].first_undo);
		check_text("second", ran[1].argv[0], rows[i].second);
		assert_null(ran[1].undo);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),
		TEST(test_odd_paths),
		TEST(test_missing),
		TEST(test_new_one),
		TEST(test_left_beside),
		TEST(test_not_looked_into),
		TEST(test_undo_command),
		TEST(test_which_commands),
	};

	(void)umask(022);
	return RUN(tests);
}

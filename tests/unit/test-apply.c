// SPDX-License-Identifier: GPL-2.0-or-later
/* Applying and undoing on a real file system, and everything that comes in between. */
#include "little.h"
#include "backup/diff.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

static void check_mode(const char *path, mode_t mode)
{
	struct stat st = { 0 };

	assert_int_equal(root_stat(tree_root, path, &st), 0);
	check_number(path, st.st_mode & 07777, mode);
}

/* Every change is there, and what belongs to the files is as it was. */
static void test_apply(void **state)
{
	static const struct {
		const char *path, *text;
		mode_t mode;
	} files[] = {
		{ "/etc/pciferry/claims", "claims\n", 0644 },
		{ "/etc/default/grub", "GRUB_DEFAULT=1\n", 0640 },
		{ "/opt/real", "linked, new\n", 0604 },
		{ "/etc/a/b/new", "new\n", 0755 },
		{ "/boot/image", "GRUB_DEFAULT=1\nlinked, new\nclaims\nnew\n", 0644 },
	};
	autoplan struct plan *plan = little_plan();
	autofree char *target = NULL;

	(void)state;
	little_host();
	MUST(little_apply(plan, false, why));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		autofree char *text = tree_get(files[i].path);

		check_text(files[i].path, text, files[i].text);
		check_mode(files[i].path, files[i].mode);
	}
	check_number(
		"removed", root_exists(tree_root, "/etc/modprobe.d/old.conf"), false);
	assert_int_equal(root_readlink(tree_root, "/etc/linked", &target), 0);
	assert_string_equal(target, "../opt/real");
	check_mode("/etc/a/b", 0755);
	check_holds("output", told, "building\n");
	check_state("1", "applied");
}

/* Owner and extended attributes of the file, an ACL among them. */
static void test_attributes(void **state)
{
	/* user::rw-, user:1000:r--, group::r--, mask::r--, other::---;
	 * linux/posix_acl_xattr.h */
	static const unsigned char acl[] = { 2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255,
		2, 0, 4, 0, 0xe8, 3, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 4, 0,
		255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255 };
	autoplan struct plan *plan = little_plan();
	autofree char *path = tree_path("etc/default/grub");
	char value[64];
	struct stat st;

	(void)state;
	needs_root("not root: an access list needs owners");
	little_host();
	assert_int_equal(
		setxattr(path, "system.posix_acl_access", acl, sizeof(acl), 0), 0);
	MUST(little_apply(plan, false, why));
	assert_int_equal(stat(path, &st), 0);
	check_number("uid", st.st_uid, 7);
	check_number("gid", st.st_gid, 8);
	check_number(
		"user.*", getxattr(path, "user.pciferry.test", value, sizeof(value)), 4);
	assert_int_equal(getxattr(path, "system.posix_acl_access", value, sizeof(value)),
		sizeof(acl));
	assert_memory_equal(value, acl, sizeof(acl));
}

/* A file that apply removes and undo brings back has them again. */
static void test_removed_attributes(void **state)
{
	autoplan struct plan *plan = little_plan();
	autofree char *first = NULL, *now = NULL;

	(void)state;
	little_host();
	little_xattr("etc/modprobe.d/old.conf");
	first = tree_snapshot(outside_sets);
	MUST(little_apply(plan, false, why));
	MUST(little_undo(NULL, false, why));
	now = tree_snapshot(outside_sets);
	check_same("undone", first, now);
}

/* A set is nobody else's to read, whatever its files are, and can stand for itself. */
static void test_set_on_disk(void **state)
{
	static const struct {
		const char *path;
		mode_t mode;
	} files[] = {
		{ "", 0700 },
		{ "manifest.json", 0600 },
		{ "log", 0600 },
		{ "restore.sh", 0700 },
		{ "before/etc/default/grub", 0600 },
		{ "after/etc/default/grub", 0600 },
		{ "before/etc/linked", 0600 },
		{ "before", 0700 },
	};
	autofree char *before = NULL, *after = NULL, *log = NULL;
	autoplan struct plan *plan = little_plan();

	(void)state;
	little_host();
	MUST(little_apply(plan, false, why));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		autofree char *path = NULL;

		assert_true(asprintf(&path, SETS_PATH "/0001/%s", files[i].path) >= 0);
		check_mode(path, files[i].mode);
	}
	check_mode(SETS_PATH, 0700);
	before = tree_get(SETS_PATH "/0001/before/etc/default/grub");
	after = tree_get(SETS_PATH "/0001/after/etc/default/grub");
	log = tree_get(SETS_PATH "/0001/log");
	assert_string_equal(before, "GRUB_DEFAULT=0\nno newline at the end");
	assert_string_equal(after, "GRUB_DEFAULT=1\n");
	check_holds("log", log, "$ /usr/sbin/build\nbuilding\n");
	check_mode("var/lib", 0755);
	check_number("lock", root_exists(tree_root, "/run/pciferry.lock"), false);
}

static void test_undo(void **state)
{
	autofree char *before = NULL, *after = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };

	(void)state;
	little_host();
	before = tree_snapshot(outside_sets);
	MUST(little_apply(plan, false, why));
	MUST(little_undo(NULL, false, why));
	after = tree_snapshot(outside_sets);
	check_same("undo", before, after);
	check_state("1", "undone");
	/* There is no second time, and asking for one changes nothing. */
	check_number("undo twice", little_undo(NULL, false, &err), -ENOENT);
	check_number("undo what is undone", little_undo("1", false, &err), -EALREADY);
	after = (free(after), tree_snapshot(outside_sets));
	check_same("undo of what is undone", before, after);
}

/* Somebody else changes a file between the plan and its apply: any way there is. */
static void drift_change(void)
{
	tree_put("etc/default/grub", "mine\n");
}

static void drift_remove(void)
{
	autofree char *path = tree_path("etc/modprobe.d/old.conf");

	assert_int_equal(unlink(path), 0);
}

static void drift_create(void)
{
	tree_put("etc/pciferry/claims", "");
}

static void drift_link(void)
{
	autofree char *path = tree_path("etc/linked");

	assert_int_equal(unlink(path), 0);
	tree_symlink("etc/linked", "default/grub");
}

static void (*const drifts[])(
	void) = { drift_change, drift_remove, drift_create, drift_link };

static void test_drift(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(drifts); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *before = NULL, *after = NULL;
		struct err err = { 0 };

		tree_renew();
		little_host();
		drifts[i]();
		before = tree_snapshot(NULL);
		check_number("drift", little_apply(plan, false, &err), -ESTALE);
		check_holds("drift", err.text, "changed by someone else");
		check_holds("drift", err.text, tree);
		after = tree_snapshot(NULL);
		check_same("nothing was written", before, after);
	}
}

static void test_drift_before_undo(void **state)
{
	static const char *const paths[] = { "etc/default/grub", "etc/pciferry/claims",
		"etc/modprobe.d/old.conf", "opt/real" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *before = NULL, *after = NULL;
		struct err err = { 0 };

		tree_renew();
		little_host();
		MUST(little_apply(plan, false, why));
		tree_put(paths[i], "mine\n");
		before = tree_snapshot(NULL);
		check_number(paths[i], little_undo(NULL, false, &err), -ESTALE);
		check_holds(paths[i], err.text, "nothing was touched");
		check_holds(paths[i], err.text, SETS_PATH "/0001/before");
		after = tree_snapshot(NULL);
		check_same(paths[i], before, after);
	}
}

/* The user has undone a part by hand: the rest is undone all the same. */
static void test_undone_by_hand(void **state)
{
	autofree char *first = NULL, *now = NULL, *new = NULL;
	autoplan struct plan *plan = little_plan();

	(void)state;
	little_host();
	first = tree_snapshot(outside_sets);
	MUST(little_apply(plan, false, why));
	new = tree_path("etc/a/b/new");
	assert_int_equal(unlink(new), 0);
	MUST(little_undo(NULL, false, why));
	now = tree_snapshot(outside_sets);
	check_same("undone", first, now);
}

/* Directories of ours in which something else has come to lie stay. */
static void test_directory_in_use(void **state)
{
	autoplan struct plan *plan = little_plan();
	autofree char *mine = NULL;

	(void)state;
	little_host();
	MUST(little_apply(plan, false, why));
	tree_put("etc/a/mine", "mine\n");
	MUST(little_undo(NULL, false, why));
	mine = tree_get("etc/a/mine");
	check_text("mine", mine, "mine\n");
	check_number("empty one", root_exists(tree_root, "etc/a/b"), false);
}

/* The command fails in some way: every byte, mode, owner and directory is back. */
static void test_command_fails(void **state)
{
	static const struct {
		const char *script, *says;
	} cases[] = {
		{ "echo one; echo two; echo 'no space left' >&2; exit 3",
			"status 3 (one | two | no space left)" },
		{ "echo 1; echo 2; echo 3; echo 4; echo 5; echo 6; exit 1",
			"(3 | 4 | 5 | 6)" },
		{ "printf '\\033[31mred\\007\\n'; exit 1", "(\\x1b[31mred\\x07)" },
		{ "kill -KILL $$", "ended by signal 9" },
		{ "exit 1", "exit status 1" },
		{ "sleep 5 & echo left one behind; exit 1", "left one behind" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *before = NULL, *after = NULL;
		struct err err = { 0 };

		tree_renew();
		little_host();
		tree_put("usr/sbin/build", cases[i].script);
		before = tree_snapshot(outside_sets);
		check_number(cases[i].script, little_apply(plan, false, &err), -EIO);
		check_holds(cases[i].script, err.text, cases[i].says);
		check_holds(cases[i].script, err.text, "/usr/sbin/build");
		check_holds(cases[i].script, err.text, "Every file was put back");
		after = tree_snapshot(outside_sets);
		check_same(cases[i].script, before, after);
		check_state("1", "rolled-back");
		check_number("nothing to undo", little_undo(NULL, false, &err), -ENOENT);
	}
}

/* The first of two succeeds, the second fails: the first runs again on the old files. */
static void test_second_command_fails(void **state)
{
	autofree char *before = NULL, *after = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };
	struct command *c;

	(void)state;
	little_host();
	tree_put("usr/sbin/fail", "exit 1\n");
	GROW(plan->steps.commands, plan->steps.n_commands);
	c = &plan->steps.commands[plan->steps.n_commands++];
	c->why = strdup("fails");
	strv_add(&c->argv, "/usr/sbin/fail");
	before = tree_snapshot(outside_sets);
	assert_int_equal(little_apply(plan, false, &err), -EIO);
	after = tree_snapshot(outside_sets);
	check_same("the image, too", before, after);
}

/* What the root does not have is named, to be run by hand; so it is with --no-run. */
static void test_not_run(void **state)
{
	(void)state;
	for (int no_run = 0; no_run < 2; no_run++) {
		autofree char *path = NULL, *image = NULL;
		autoplan struct plan *plan = little_plan();

		tree_renew();
		little_host();
		path = tree_path("usr/sbin/build");
		if (!no_run)
			assert_int_equal(unlink(path), 0);
		MUST(little_apply(plan, no_run, why));
		check_holds("told", told,
			"to be run by hand on that host: /usr/sbin/build\n");
		image = tree_get("boot/image");
		check_holds("not run", image, "GRUB_DEFAULT=0");
	}
}

/* A program that cannot be looked at does not pass for one that is not there. */
static void test_program_in_doubt(void **state)
{
	autoplan struct plan *plan = little_plan();
	autofree char *path = tree_path("usr/sbin/build"), *before = NULL, *after = NULL;
	struct err err = { 0 };

	(void)state;
	little_host();
	assert_int_equal(unlink(path), 0);
	tree_symlink("usr/sbin/build", "build");
	before = tree_snapshot(outside_sets);
	check_number("apply", little_apply(plan, false, &err), -ELOOP);
	check_holds("apply", err.text, "/usr/sbin/build");
	after = tree_snapshot(outside_sets);
	check_same("put back", before, after);
}

/* Replacing one name of a file would part it from the others. */
static void test_hard_link(void **state)
{
	autofree char *before = NULL, *after = NULL, *one = NULL, *two = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };

	(void)state;
	little_host();
	one = tree_path("etc/default/grub");
	two = tree_path("other-name");
	assert_int_equal(link(one, two), 0);
	before = tree_snapshot(outside_sets);
	check_number("apply", little_apply(plan, false, &err), -EMLINK);
	check_holds("says", err.text, "etc/default/grub has several hard links");
	after = tree_snapshot(outside_sets);
	check_same("hard link", before, after);
	check_number("sets", (long)count_sets(), 0);
}

static int set_immutable(const char *path, bool on)
{
	autofree char *full = tree_path(path);
	autoclose int fd = open(full, O_RDONLY | O_CLOEXEC);
	int flags = 0;

	if (fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return -1;
	flags = on ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

/* A file in the middle of the list cannot be written: found before the first one is. */
static void test_unwritable(void **state)
{
	static const char *const paths[] = { "etc/default/grub", "opt", "etc/modprobe.d",
		"etc/modprobe.d/old.conf" };

	(void)state;
	needs_root("not root: it makes files immutable");
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *before = NULL, *after = NULL;
		struct err err = { 0 };
		int r;

		tree_renew();
		little_host();
		before = tree_snapshot(outside_sets);
		if (set_immutable(paths[i], true) < 0)
			fail_msg("TMPDIR is on a file system without chattr +i");
		r = little_apply(plan, false, &err);
		assert_int_equal(set_immutable(paths[i], false), 0);
		check_number(paths[i], r, -EPERM);
		check_holds(paths[i], err.text, "chattr -i");
		after = tree_snapshot(outside_sets);
		check_same(paths[i], before, after);
		check_number(paths[i], (long)count_sets(), 0);
		MUST(little_apply(plan, false, why)); /* it can be done now */
	}
}

/* A plan that says no is not applied, whoever asks. */
static void test_refused_plan(void **state)
{
	autofree char *before = NULL, *after = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };

	(void)state;
	little_host();
	GROW(plan->findings, plan->n_findings);
	plan->findings[plan->n_findings++] = (struct finding){
		.id = FOUND_BRIDGE, .severity = FINDING_REFUSAL, .text = strdup("No.")
	};
	before = tree_snapshot(NULL);
	check_number("refused", little_apply(plan, false, &err), -EPERM);
	after = tree_snapshot(NULL);
	check_same("refused", before, after);
}

/* Roots that lack what a host has: the directory of the lock, that of the sets, both. */
static void test_bare_roots(void **state)
{
	static const char *const missing[][4] = { { "run" }, { "var/lib" },
		{ "var/lib", "var", "run" } };
	static const char *const except[] = { "/var", "/run", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(missing); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *first = NULL, *now = NULL;
		struct err err = { 0 };
		struct stat st;

		tree_renew();
		little_host();
		for (size_t j = 0; missing[i][j]; j++) {
			autofree char *path = tree_path(missing[i][j]);

			assert_int_equal(rmdir(path), 0);
		}
		first = tree_snapshot(except);
		if (little_apply(plan, false, &err) < 0) {
			complain("without %s: %s", missing[i][0], err.text);
			continue;
		}
		assert_int_equal(root_stat(tree_root, "var/lib", &st), 0);
		check_number("mode of /var/lib", st.st_mode & 07777, 0755);
		MUST(little_undo(NULL, false, why));
		now = tree_snapshot(except);
		check_same(missing[i][0], first, now);
	}
}

static void test_diff(void **state)
{
	static const struct {
		const char *before, *after, *want;
	} cases[] = {
		{ "a\nb\n", "a\nc\n",
			"--- a/etc/x\n+++ b/etc/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n" },
		{ NULL, "a\n", "--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1 @@\n+a\n" },
		{ "a\n", NULL, "--- a/etc/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n" },
		{ "a", "a\n",
			"--- a/etc/x\n+++ b/etc/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n" },
		{ "", NULL, "" },
		{ "-a\n", "--b\n", "--- a/etc/x\n+++ b/etc/x\n@@ -1 +1 @@\n--a\n+--b\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct change c = { .path = (char *)"/etc/x",
			.before = (char *)cases[i].before,
			.after = (char *)cases[i].after };
		autofree char *diff = NULL;

		MUST(diff_text(&c, &diff, why));
		check_text(cases[i].want, diff, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_apply),
		TEST(test_attributes),
		TEST(test_removed_attributes),
		TEST(test_set_on_disk),
		TEST(test_undo),
		TEST(test_drift),
		TEST(test_drift_before_undo),
		TEST(test_undone_by_hand),
		TEST(test_directory_in_use),
		TEST(test_command_fails),
		TEST(test_second_command_fails),
		TEST(test_not_run),
		TEST(test_program_in_doubt),
		TEST(test_hard_link),
		TEST(test_unwritable),
		TEST(test_refused_plan),
		TEST(test_bare_roots),
		TEST(test_diff),
	};

	(void)setenv(
		"TMPDIR", "/var/tmp", 0); /* a disk, with what a disk can do and not do */
	(void)umask(022);
	return RUN(tests);
}

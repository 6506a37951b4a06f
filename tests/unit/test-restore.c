// SPDX-License-Identifier: GPL-2.0-or-later
/* restore.sh of a set, without pciferry: by every shell that may be at hand. */
#include "little.h"
#include "sample/tree.h"

#include <sys/wait.h>
#include <sys/xattr.h>

/* The commands do not run; extended attributes are more than cp of a rescue shell keeps.
 */
static const char *const except[] = { "/var/lib/pciferry", "/run/pciferry.lock", "/boot",
	NULL };

static const struct {
	const char *name, *argv[3];
	bool applets; /* busybox's own cp, mv, ... and nothing else */
	bool alone; /* in a chroot that holds nothing else, as an initramfs does */
} shells[] = {
	{ "dash", { "/bin/dash", NULL }, false, false },
	{ "bash", { "/bin/bash", NULL }, false, false },
	{ "bash --posix", { "/bin/bash", "--posix", NULL }, false, false },
	{ "busybox sh", { "/bin/busybox", "sh", NULL }, true, false },
	{ "busybox sh in a chroot", { "/bin/sh", NULL }, false, true },
};

/* As the little host, but for what restore.sh leaves alone: a link. */
static struct plan *plan_host(void)
{
	static const char *const attributed[] = { "etc/default/grub", "opt/real" };
	struct plan *plan = little_plan();
	autofree char *link = NULL;

	little_host();
	for (size_t i = 0; i < ARRAY_SIZE(attributed); i++) {
		autofree char *path = tree_path(attributed[i]);

		(void)removexattr(path, "user.pciferry.test");
	}
	link = tree_path("etc/linked");
	assert_int_equal(unlink(link), 0);
	tree_put("etc/linked", "linked\n");
	plan->steps.changes[2].mode = 0644;
	plan->steps.changes[2].uid = plan->steps.changes[2].gid = 0;
	/* A name that a shell could take for several, as a boot entry may have. */
	tree_put("etc/my  file * ", "old\n");
	GROW(plan->steps.changes, plan->steps.n_changes);
	plan->steps.changes[plan->steps.n_changes++] =
		(struct change){ .path = strdup("/etc/my  file * "),
			.why = strdup("a test"),
			.before = strdup("old\n"),
			.after = strdup("new\n"),
			.mode = 0644 };
	return plan;
}

/* A directory with the applets of busybox as links; for PATH. The caller's. */
static char *applets(void)
{
	autofree char *dir = tree_path("applets"), *command = NULL;

	tree_mkdir("applets");
	assert_true(asprintf(&command, "/bin/busybox --install -s %s", dir) >= 0);
	assert_int_equal(system(command), 0);
	return TAKE(dir);
}

static char rescue[64];

/* What enters a directory: root may, others in a user namespace. */
static const char *enter(void)
{
	return geteuid() == 0
		       ? "/usr/sbin/chroot"
		       : "unshare --user --map-current-user --keep-caps /usr/sbin/chroot";
}

/* A root directory with busybox, and the libraries it needs; beside the tree, which
 * becomes its /mnt: the host's disk. */
static void make_rescue(void)
{
	static const char script[] =
		"set -e; cd %s; mkdir bin; cp /bin/busybox bin/; "
		"for lib in $(ldd /bin/busybox | grep -o '/[^ ]*'); do "
		"mkdir -p .${lib%%/*}; cp \"$lib\" \".$lib\"; done; "
		"%s . /bin/busybox --install -s /bin";
	autofree char *command = NULL;

	if (rescue[0])
		return;
	(void)snprintf(rescue, sizeof(rescue), "%.*s/pciferry-rescue-XXXXXX",
		(int)(strrchr(tree, '/') - tree), tree);
	assert_non_null(mkdtemp(rescue));
	assert_true(asprintf(&command, script, rescue, enter()) >= 0);
	assert_int_equal(system(command), 0);
}

static int remove_rescue(void)
{
	autofree char *command = NULL;

	if (!rescue[0] || asprintf(&command, "rm -rf %s", rescue) < 0)
		return 0;
	return system(command);
}

/* Whether there is a shell number *i or one behind it that can run here. */
static bool next_shell(size_t *i)
{
	autofree char *command = NULL;

	if (*i < ARRAY_SIZE(shells) && shells[*i].alone) {
		assert_true(asprintf(&command, "%s / true 2>/dev/null", enter()) >= 0);
		if (system(command) == 0)
			return make_rescue(), true;
		skip_part(
			"busybox in a chroot: this is not root, and has no user namespace");
		(*i)++;
	}
	return *i < ARRAY_SIZE(shells);
}

/* The command line that runs restore.sh; the caller's. */
static char *command_for(size_t shell, const char *arguments, const char *output)
{
	autofree char *path = shells[shell].applets ? applets() : strdup("/usr/bin:/bin");
	char *command;

	if (shells[shell].alone) {
		assert_true(
			asprintf(&command,
				"%s %s %s /mnt/var/lib/pciferry/sets/0001/restore.sh %s >%s/mnt/output 2>&1",
				enter(), rescue, shells[shell].argv[0], arguments,
				rescue) >= 0);
		return command;
	}
	assert_true(
		asprintf(&command,
			"cd / && exec env -i PATH=%s %s %s %s/var/lib/pciferry/sets/0001/restore.sh %s >%s 2>&1",
			path, shells[shell].argv[0], shells[shell].argv[1] ?: "", tree,
			arguments, output) >= 0);
	return command;
}

static char *said;

/* Runs a set's restore.sh; the exit status, its output in "said". */
static int restore(size_t shell, const char *arguments)
{
	autofree char *output = tree_path("output");
	autofree char *command = command_for(shell, arguments, output);
	char mnt[sizeof(rescue) + 8];
	int status;

	(void)snprintf(mnt, sizeof(mnt), "%s/mnt", rescue);
	assert_true(!shells[shell].alone || rename(tree, mnt) == 0);
	status = system(command);
	assert_true(!shells[shell].alone || rename(mnt, tree) == 0);
	free(said);
	said = tree_get("output");
	assert_int_equal(unlink(output), 0);
	if (shells[shell].applets)
		assert_int_equal(tree_remove(tree_root, "applets"), 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_restore(void **state)
{
	(void)state;
	for (size_t i = 0; next_shell(&i); i++) {
		autofree char *first = NULL, *applied = NULL, *now = NULL;
		autoplan struct plan *plan = NULL;

		tree_renew();
		plan = plan_host();
		first = tree_snapshot(except);
		MUST(little_apply(plan, false, why));
		applied = tree_snapshot(NULL);
		check_number(shells[i].name, restore(i, ""), 0);
		check_holds(shells[i].name, said, "would put back /etc/default/grub\n");
		check_holds(shells[i].name, said, "would remove /etc/pciferry/claims\n");
		check_holds(shells[i].name, said, "Nothing was changed");
		now = tree_snapshot(NULL);
		check_same("a dry run", applied, now);
		check_number(shells[i].name, restore(i, "--yes"), 0);
		check_holds(shells[i].name, said,
			"\n  /usr/sbin/build\n"); /* to be run by hand */
		now = (free(now), tree_snapshot(except));
		check_same(shells[i].name, first, now);
		/* Once more: nothing is left to do. */
		check_number(shells[i].name, restore(i, "--yes"), 0);
		check_holds(
			shells[i].name, said, "already as before: /etc/default/grub\n");
		/* And pciferry sees what has happened. */
		MUST(little_undo(NULL, false, why));
		now = (free(now), tree_snapshot(except));
		check_same(shells[i].name, first, now);
	}
}

/* Each spoils one thing; the rest is put back, the exit status says so. */
static const struct {
	const char *path, *text, *says;
} faults[] = {
	{ SETS_PATH "/0001/before/etc/default/grub", "evil\n", "LEFT ALONE: " },
	{ "/etc/default/grub", "mine\n",
		"LEFT ALONE: /etc/default/grub was changed since" },
	{ "/etc/pciferry/claims", "mine\n",
		"LEFT ALONE: /etc/pciferry/claims was changed since" },
	{ "/etc/modprobe.d/old.conf", "mine\n",
		"LEFT ALONE: /etc/modprobe.d/old.conf was changed since" },
};

static void test_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; next_shell(&i); i++)
		for (size_t j = 0; j < ARRAY_SIZE(faults); j++) {
			autofree char *mine = NULL, *linked = NULL;
			autoplan struct plan *plan = NULL;

			tree_renew();
			plan = plan_host();
			MUST(little_apply(plan, false, why));
			tree_put(faults[j].path, faults[j].text);
			check_number(faults[j].path, restore(i, "--yes"), 1);
			check_holds(shells[i].name, said, faults[j].says);
			mine = tree_get(faults[j].path);
			check_text(faults[j].path, mine, faults[j].text);
			linked = tree_get("etc/linked");
			check_text("the others", linked, "linked\n");
		}
}

/* A link is not replaced by a file, and not followed to who knows where. */
static void test_link(void **state)
{
	(void)state;
	for (size_t i = 0; next_shell(&i); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *target = NULL, *real = NULL;

		tree_renew();
		little_host();
		MUST(little_apply(plan, false, why));
		check_number(shells[i].name, restore(i, "--yes"), 1);
		check_holds(shells[i].name, said, "LEFT ALONE: /etc/linked is a link");
		assert_int_equal(root_readlink(tree_root, "etc/linked", &target), 0);
		real = tree_get("opt/real");
		check_text("its file", real, "linked, new\n");
	}
}

/* The disk is mounted elsewhere, the set comes from there or from a copy of it. */
static void test_root_option(void **state)
{
	(void)state;
	for (size_t i = 0; next_shell(&i); i++) {
		autofree char *command = NULL, *other = NULL, *grub = NULL,
			      *arguments = NULL;
		autoplan struct plan *plan = NULL;

		tree_renew();
		other = tree_path("mnt/disk");
		plan = plan_host();
		MUST(little_apply(plan, false, why));
		tree_mkdir("mnt/disk");
		assert_true(asprintf(&command, "cp -a %s/etc %s", tree, other) >= 0);
		assert_int_equal(system(command), 0);
		assert_true(asprintf(&arguments, "--root %s --yes",
				    shells[i].alone ? "/mnt/mnt/disk" : other) >= 0);
		check_number(shells[i].name, restore(i, arguments), 0);
		grub = tree_get("mnt/disk/etc/default/grub");
		check_text("there", grub, "GRUB_DEFAULT=0\nno newline at the end");
		grub = (free(grub), tree_get("etc/default/grub"));
		check_text("not here", grub, "GRUB_DEFAULT=1\n");
	}
}

/* Its list has a line a file. */
static void test_line_break(void **state)
{
	autofree char *before = NULL, *after = NULL;
	autoplan struct plan *plan = plan_host();
	struct err err = { 0 };
	char *blank = strrchr(plan->steps.changes[plan->steps.n_changes - 1].path, ' ');

	(void)state;
	assert_non_null(blank);
	*blank = '\n';
	free(TAKE(plan->steps.changes[plan->steps.n_changes - 1].before));
	before = tree_snapshot(except);
	check_number("apply", little_apply(plan, false, &err), -EINVAL);
	check_holds("apply", err.text, "control character");
	after = tree_snapshot(except);
	check_same("nothing was touched", before, after);
}

static void test_usage(void **state)
{
	static const char *const arguments[] = { "--help", "--root", "--root /nowhere",
		"x", "--yes x" };
	autoplan struct plan *plan = NULL;
	autofree char *before = NULL, *after = NULL;

	(void)state;
	plan = plan_host();
	MUST(little_apply(plan, false, why));
	before = tree_snapshot(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
		check_number(arguments[i], restore(0, arguments[i]) != 0, true);
		check_holds(arguments[i], said, "restore.sh: ");
	}
	after = tree_snapshot(NULL);
	check_same("nothing was touched", before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_restore),
		TEST(test_left_alone),
		TEST(test_link),
		TEST(test_root_option),
		TEST(test_line_break),
		TEST(test_usage),
	};
	int failed;

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (access(shells[i].argv[0], X_OK) < 0) {
			print_error(
				"%s is missing: this test needs it\n", shells[i].argv[0]);
			return 77;
		}
	(void)umask(022);
	failed = RUN(tests);
	return remove_rescue() ?: failed;
}

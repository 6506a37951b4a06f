// SPDX-License-Identifier: GPL-2.0-or-later
/* Applying plans and taking them back, on a copy of the sample host: whole, refused,
 * failing, and killed at every step. */
#include "support.h"

#include "backup/backup.h"
#include "backup/lock.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define GRUB_DROPIN "etc/default/grub.d/zz-pciferry.cfg"
#define MODULES "etc/initramfs-tools/modules"

/* What a set may leave behind, and what the commands make anew. */
static const char *const ignored[] = { "/var/lib/pciferry", "/run/pciferry.lock",
	"/boot/", NULL };

static const struct backup_options run_all = { 0 };
static const struct progress quiet = { 0 };

/* The sample host with commands that take no time. */
static void sample_host(void)
{
	tree_expand("include sample/desktop.host\n");
	tree_put("usr/sbin/update-initramfs", "#!/bin/sh\necho images\n");
	tree_put("usr/sbin/update-grub", "#!/bin/sh\necho menu\n");
	root_set_sample(tree_root);
}

static int apply(const char *wish, const struct progress *progress, struct err *err)
{
	struct host *host = tree_scan();
	struct plan *plan = make_plan(host, wish);
	int r = backup_apply(tree_root, host, plan, &run_all, progress, NULL, err);

	plan_free(plan);
	host_free(host);
	return r;
}

/* Undoes the set of that name, NULL: the one that undo takes by itself. */
static int undo(const char *id, const struct progress *progress, struct err *err)
{
	autosets struct sets sets = { 0 };
	const struct set *set;

	if (sets_scan(tree_root, &sets, err) < 0)
		return err->code;
	set = id ? sets_find(&sets, id) : sets_newest(&sets);
	if (!set)
		return err_set(err, -ENOENT, "no set");
	return backup_restore(tree_root, set, &run_all, progress, NULL, err);
}

static void must(const char *what, int r, const struct err *err)
{
	if (r < 0)
		complain("%s: %s", what, err->text);
}

static void check_state(const char *id, enum set_state want)
{
	autosets struct sets sets = { 0 };
	const struct set *set;

	assert_int_equal(sets_scan(tree_root, &sets, NULL), 0);
	set = sets_find(&sets, id);
	check_text(id, set ? set_state_word(set->state) : NULL, set_state_word(want));
}

static void same_as(const char *what, const char *before)
{
	autofree char *now = tree_snapshot(ignored);

	check_same(what, before, now);
}

static void test_undo_and_redo(void **state)
{
	autofree char *first = NULL, *second = NULL;
	struct err err = { 0 };

	(void)state;
	sample_host();
	first = tree_snapshot(ignored);
	must("apply", apply("iommu=pt 0000:01:00.0", &quiet, &err), &err);
	second = tree_snapshot(ignored);
	assert_string_not_equal(first, second);
	must("apply another", apply("0000:04:00.0", &quiet, &err), &err);
	check_number("the older set first", undo("1", &quiet, &err), -ESTALE);
	check_holds("and why not", err.text, "undo set 0002 first");
	must("undo the newest", undo(NULL, &quiet, &err), &err);
	same_as("after one undo", second);
	must("undo the other", undo(NULL, &quiet, &err), &err);
	same_as("after both", first);
	check_number("nothing is left", undo(NULL, &quiet, &err), -ENOENT);
	must("redo: undo the undo", undo("4", &quiet, &err), &err);
	same_as("after the redo", second);
	check_state("0001", SET_APPLIED);
	check_state("0004", SET_UNDONE);
}

/* A directory's file that is a link, one of another owner, with attributes of its own. */
static void test_keeps(void **state)
{
	autofree char *path = tree_path("srv/modules"), *first = NULL;
	struct err err = { 0 };
	struct stat st;
	char value[8] = "";

	(void)state;
	needs_root();
	sample_host();
	tree_put("srv/modules", "# the site's\nraid1");
	assert_int_equal(unlinkat(root_fd(tree_root), MODULES, 0), 0);
	tree_symlink(MODULES, "/srv/modules");
	assert_int_equal(chown(path, 12, 34), 0);
	assert_int_equal(chmod(path, 0640), 0);
	if (setxattr(path, "user.note", "kept", 4, 0) < 0)
		assert_int_equal(errno, ENOTSUP);
	first = tree_snapshot(ignored);
	must("apply", apply("0000:04:00.0", &quiet, &err), &err);
	assert_int_equal(stat(path, &st), 0);
	check_number("mode", st.st_mode & 07777, 0640);
	check_number("owner", st.st_uid, 12);
	check_number("group", st.st_gid, 34);
	if (getxattr(path, "user.note", value, sizeof(value)) > 0)
		check_text("attribute", value, "kept");
	check_holds("written through the link", tree_get("srv/modules"), "vfio-pci\n");
	must("undo", undo(NULL, &quiet, &err), &err);
	same_as("after undo", first);
}

static void test_hard_link(void **state)
{
	autofree char *from = tree_path(MODULES), *to = tree_path("srv/other"),
		      *first = NULL;
	struct err err = { 0 };

	(void)state;
	sample_host();
	tree_mkdir("srv");
	assert_int_equal(link(from, to), 0);
	first = tree_snapshot(ignored);
	check_number("apply", apply("0000:04:00.0", &quiet, &err), -EMLINK);
	check_holds("why", err.text, "hard links");
	same_as("nothing written", first);
	check_state("0001", SET_ROLLED_BACK);
}

/* Somebody edits between the look and the writing, and after it. */
static void test_drift(void **state)
{
	struct host *host;
	struct plan *plan;
	struct err err = { 0 };
	autofree char *first = NULL;

	(void)state;
	sample_host();
	host = tree_scan();
	plan = make_plan(host, "0000:04:00.0");
	tree_put(MODULES, "raid1\n");
	first = tree_snapshot(ignored);
	check_number("apply",
		backup_apply(tree_root, host, plan, &run_all, &quiet, NULL, &err),
		-ESTALE);
	check_holds("names the file", err.text, MODULES);
	same_as("nothing written", first);
	plan_free(plan);
	host_free(host);

	must("apply", apply("0000:04:00.0", &quiet, &err), &err);
	tree_put(MODULES, "edited\n");
	check_number("undo", undo(NULL, &quiet, &err), -ESTALE);
	check_holds("names the file", err.text, MODULES);
	check_text("and leaves the edit", tree_get(MODULES), "edited\n");
}

static void test_failing_command(void **state)
{
	autofree char *first = NULL;
	struct err err = { 0 };

	(void)state;
	sample_host();
	tree_put("usr/sbin/update-grub", "#!/bin/sh\necho no room >&2\nexit 3\n");
	first = tree_snapshot(ignored);
	check_number("apply", apply("iommu=pt 0000:04:00.0", &quiet, &err), -EIO);
	check_holds("the status", err.text, "exit status 3");
	check_holds("its output", err.text, "no room");
	check_holds("what became of it", err.text, "Every file was put back");
	same_as("everything is back", first);
	check_state("0001", SET_ROLLED_BACK);
}

static size_t kill_at;
static const char *kill_wish; /* NULL: undo */

static void kill_step(void *data, size_t index, size_t total, const char *what)
{
	(void)data, (void)total, (void)what;
	if (index == kill_at)
		(void)kill(getpid(), SIGKILL);
}

static void work_and_die(void)
{
	const struct progress deadly = { .step = kill_step };
	struct err err = { 0 };

	if ((kill_wish ? apply(kill_wish, &deadly, &err) : undo(NULL, &deadly, &err)) < 0)
		complain("%s", err.text);
}

/* Kills at every step until the work gets through; undo must give the first tree. */
static void killed_everywhere(const char *what, const char *before, const char *wish)
{
	bool died = true;
	size_t deaths = 0;

	for (kill_at = 0; died; kill_at++) {
		autofree char *first = NULL;
		struct err err = { 0 };
		int status;

		tree_renew();
		sample_host();
		first = tree_snapshot(ignored);
		if (before)
			must("apply first", apply(before, &quiet, &err), &err);
		kill_wish = wish;
		status = in_child(work_and_die);
		died = WIFSIGNALED(status);
		deaths += died;
		/* Before the set exists there is nothing to undo, and nothing was
		 * touched. */
		if (undo(NULL, &quiet, &err) < 0 && err.code != -ENOENT)
			complain("%s, step %zu: %s", what, kill_at, err.text);
		same_as(what, first);
	}
	if (deaths < 6)
		complain("%s: died %zu times only", what, deaths);
}

static void test_killed(void **state)
{
	(void)state;
	killed_everywhere("apply", NULL, "iommu=pt 0000:04:00.0");
	killed_everywhere("undo", "iommu=pt 0000:04:00.0", NULL);
}

static void test_cut_short_comes_first(void **state)
{
	struct err err = { 0 };

	(void)state;
	sample_host();
	kill_at = 3;
	kill_wish = "0000:04:00.0";
	assert_true(WIFSIGNALED(in_child(work_and_die)));
	check_number("apply", apply("0000:05:00.0", &quiet, &err), -EBUSY);
	check_holds("why", err.text, "cut short");
}

/* Manifests are not trusted; a bad one does not stand in the way of the others. */
static void test_damaged(void **state)
{
	static const char *const hostile[] = {
		"",
		"{",
		"[]",
		"{\"format\":2}",
		"{\"format\":1,\"id\":\"0002\",\"time\":\"\",\"state\":\"applied\","
		"\"summary\":\"\","
		"\"undoes\":null,\"files\":[{\"path\":\"/etc/../../etc/"
		"x\",\"why\":\"\",\"before\":null,"
		"\"after\":null}],\"made_dirs\":[],\"commands\":[],\"expects\":[],"
		"\"words\":[],"
		"\"boot_id\":null}",
	};
	autofree char *first = NULL;
	struct err err = { 0 };

	(void)state;
	sample_host();
	first = tree_snapshot(ignored);
	must("apply", apply("0000:04:00.0", &quiet, &err), &err);
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		tree_put("var/lib/pciferry/sets/0002/manifest.json", hostile[i]);
		check_state("0002", SET_DAMAGED);
		check_number("refused", undo("2", &quiet, &err), -EIO);
	}
	must("the other one", undo("1", &quiet, &err), &err);
	same_as("is undone", first);
}

static void test_damaged_copy(void **state)
{
	struct err err = { 0 };

	(void)state;
	sample_host();
	must("apply", apply("0000:04:00.0", &quiet, &err), &err);
	tree_put("var/lib/pciferry/sets/0001/before/" MODULES, "evil\n");
	check_number("undo", undo(NULL, &quiet, &err), -EIO);
	check_holds("why", err.text, "checksum");
}

static void take_lock(void)
{
	struct lock lock;
	struct err err = { 0 };
	char pid[32];

	check_number("a second lock", lock_take(tree_root, &lock, &err), -EBUSY);
	(void)snprintf(pid, sizeof(pid), "process %d", (int)getppid());
	check_holds("names the holder", err.text, pid);
}

static void test_lock(void **state)
{
	struct lock lock;
	struct err err = { 0 };

	(void)state;
	sample_host();
	assert_int_equal(lock_take(tree_root, &lock, &err), 0);
	check_number("the other process", in_child(take_lock), 0);
	lock_drop(&lock);
	check_text("no file stays", tree_get("run/pciferry.lock"), NULL);
}

/* restore.sh is for shells of rescue systems. */
static void test_restore_script(void **state)
{
	static const char *const shells[] = { "dash", "bash", "busybox sh" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		autofree char *first = NULL, *applied = NULL, *command = NULL;
		struct err err = { 0 };

		tree_renew();
		sample_host();
		first = tree_snapshot(ignored);
		must("apply", apply("iommu=pt 0000:04:00.0", &quiet, &err), &err);
		applied = tree_snapshot(ignored);
		assert_true(
			asprintf(&command, "%s %s/var/lib/pciferry/sets/0001/restore.sh",
				shells[i], tree) > 0);
		check_number(command, system(command), 0);
		same_as("a dry run", applied);
		free(command);
		assert_true(asprintf(&command,
				    "%s %s/var/lib/pciferry/sets/0001/restore.sh --yes",
				    shells[i], tree) > 0);
		check_number(command, system(command), 0);
		same_as(shells[i], first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_undo_and_redo),
		TEST(test_keeps),
		TEST(test_hard_link),
		TEST(test_drift),
		TEST(test_failing_command),
		TEST(test_killed),
		TEST(test_cut_short_comes_first),
		TEST(test_damaged),
		TEST(test_damaged_copy),
		TEST(test_lock),
		TEST(test_restore_script),
	};

	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* No space, and a file system that cannot be written: real ones, in a mount namespace. */
#include "little.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

/* A new file system of 2 MiB on the tree, and the little host in it. */
static void mount_host(void)
{
	if (mount("tmpfs", tree, "tmpfs", 0, "size=2m,nr_inodes=2000,mode=755") < 0)
		_exit(77);
	root_close(tree_root);
	assert_int_equal(root_open(tree, &tree_root, NULL), 0);
	little_host();
}

static void unmount_host(void)
{
	root_close(tree_root);
	assert_int_equal(umount2(tree, MNT_DETACH), 0);
	assert_int_equal(root_open(tree, &tree_root, NULL), 0);
}

/* A file that leaves so many blocks free. */
static void fill(size_t blocks)
{
	static char block[4096];
	autofree char *path = tree_path("filler");
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	struct statvfs st;

	assert_true(fd >= 0);
	do {
		assert_int_equal(fstatvfs(fd, &st), 0);
		if (st.f_bavail > blocks && write(fd, block, sizeof(block)) < 0)
			break;
	} while (st.f_bavail > blocks);
}

static void empty(void)
{
	autofree char *path = tree_path("filler");

	assert_int_equal(unlink(path), 0);
}

static const char *const except[] = { "/var/lib/pciferry", "/run/pciferry.lock",
	"/filler", NULL };

/* With space again: what was cut short is undone, and the rest of a life goes on. */
static void check_after(const char *name, const char *first)
{
	autoplan struct plan *plan = little_plan();
	autofree char *now = NULL;
	struct err err = { 0 };

	empty();
	if (little_undo(NULL, false, &err) < 0 && err.code != -ENOENT)
		complain("%s: undo: %s", name, err.text);
	if (little_apply(plan, true, &err) < 0 || little_undo(NULL, false, &err) < 0)
		complain("%s: cannot go on: %s", name, err.text);
	now = tree_snapshot(except);
	check_same(name, first, now);
}

/* Apply with so many blocks free: done, or all as it was. */
static bool apply_in(size_t blocks)
{
	autoplan struct plan *plan = little_plan();
	autofree char *first = NULL, *now = NULL;
	struct err err = { 0 };
	char name[64];
	int r;

	(void)snprintf(name, sizeof(name), "apply with %zu blocks free", blocks);
	mount_host();
	first = tree_snapshot(except);
	fill(blocks);
	r = little_apply(plan, true, &err);
	now = tree_snapshot(except);
	if (r < 0) {
		check_same(name, first, now);
		check_number(name, r, -ENOSPC);
		check_holds(name, err.text, "No space left on device");
	}
	check_after(name, first);
	unmount_host();
	return r == 0;
}

static void apply_in_all(void)
{
	size_t blocks = 0, failed = 0;

	for (bool done = false; !done && blocks < 200; blocks++) {
		done = apply_in(blocks);
		failed += !done;
	}
	print_message("  apply failed %zu times\n", failed);
	if (failed < 5 || blocks == 200)
		complain("failed %zu times in %zu", failed, blocks);
}

static void test_apply_without_space(void **state)
{
	(void)state;
	in_mount_namespace(apply_in_all);
}

/* Undo needs space for a moment: where there is none, all stays applied or gets undone.
 */
static bool undo_in(size_t blocks)
{
	autoplan struct plan *plan = little_plan();
	autofree char *first = NULL, *applied = NULL, *now = NULL;
	struct err err = { 0 };
	char name[64];
	int r;

	(void)snprintf(name, sizeof(name), "undo with %zu blocks free", blocks);
	mount_host();
	tree_put("usr/sbin/build", "exit 0\n");
	first = tree_snapshot(except);
	MUST(little_apply(plan, true, why));
	applied = tree_snapshot(except);
	fill(blocks);
	r = little_undo(NULL, false, &err);
	now = tree_snapshot(except);
	check_same(name, r < 0 && !streq(now, first) ? applied : first, now);
	if (r < 0)
		check_holds(name, err.text, "No space left on device");
	check_after(name, first);
	unmount_host();
	return r == 0;
}

static void undo_in_all(void)
{
	size_t blocks = 0, failed = 0;

	for (bool done = false; !done && blocks < 200; blocks++) {
		done = undo_in(blocks);
		failed += !done;
	}
	print_message("  undo failed %zu times\n", failed);
	if (failed < 5 || blocks == 200)
		complain("failed %zu times in %zu", failed, blocks);
}

static void test_undo_without_space(void **state)
{
	(void)state;
	in_mount_namespace(undo_in_all);
}

static void read_only(void)
{
	autoplan struct plan *plan = little_plan();
	autofree char *applied = NULL, *now = NULL;
	struct err err = { 0 };

	mount_host();
	MUST(little_apply(plan, true, why));
	applied = tree_snapshot(NULL);
	assert_int_equal(mount(NULL, tree, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	check_number("undo", little_undo(NULL, false, &err), -EROFS);
	check_holds("undo", err.text, "Read-only file system");
	check_number("apply", little_apply(plan, true, &err), -EROFS);
	check_holds("apply", err.text, "Read-only file system");
	now = tree_snapshot(NULL);
	check_same("read-only", applied, now);
	check_number("history", (long)count_sets(), 1);
}

static void test_read_only(void **state)
{
	(void)state;
	in_mount_namespace(read_only);
}

/* One directory of the host is a file system of its own, and read-only. */
static void read_only_part(void)
{
	static const char *const parts[] = { "etc/default", "etc/modprobe.d", "opt" };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *first = NULL, *now = NULL, *part = tree_path(parts[i]);
		struct err err = { 0 };

		mount_host();
		first = tree_snapshot(NULL);
		if (mount(part, part, NULL, MS_BIND, NULL) < 0)
			_exit(77);
		assert_int_equal(
			mount(NULL, part, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL),
			0);
		check_number(parts[i], little_apply(plan, true, &err), -EROFS);
		check_holds(parts[i], err.text, "Read-only file system");
		now = tree_snapshot(NULL);
		check_same(parts[i], first, now);
		assert_int_equal(umount2(part, MNT_DETACH), 0);
		unmount_host();
	}
}

static void test_read_only_part(void **state)
{
	(void)state;
	in_mount_namespace(read_only_part);
}

/* An image that does not fit a second time where it lies; where its program takes the old
 * one away first, it need not. */
static void full_boot(void)
{
	autoplan struct plan *plan = little_plan();
	autofree char *first = NULL, *now = NULL, *boot = tree_path("boot"),
		      *image = calloc(1, 1000001);
	struct err err = { 0 };
	struct artifact *p;

	GROW(plan->steps.artifacts, plan->steps.n_artifacts);
	p = &plan->steps.artifacts[plan->steps.n_artifacts++];
	p->path = strdup("/boot/image");
	p->why = strdup("a test");
	mount_host();
	if (mount("tmpfs", boot, "tmpfs", 0, "size=2200k,mode=755") < 0)
		_exit(77);
	memset(image, 'x', 1000000);
	tree_put("boot/image", image);
	first = tree_snapshot(NULL);
	check_number("apply", little_apply(plan, false, &err), -ENOSPC);
	check_holds("apply", err.text, "No space left on device");
	check_holds("apply", err.text, "/boot has 12");
	now = tree_snapshot(NULL);
	check_same("full", first, now);
	p->replaced = true;
	MUST(little_apply(plan, false, why));
	p->replaced = false;
	MUST(little_undo(NULL, true, why));
	/* What is not run needs no room. */
	MUST(little_apply(plan, true, why));
	assert_int_equal(umount2(boot, MNT_DETACH), 0);
	unmount_host();
}

static void test_full_boot(void **state)
{
	(void)state;
	in_mount_namespace(full_boot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_apply_without_space),
		TEST(test_undo_without_space),
		TEST(test_read_only),
		TEST(test_read_only_part),
		TEST(test_full_boot),
	};

	(void)umask(022);
	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Writing where the kernel may not come back: a pipe that nobody reads hangs as well. */
#include "support.h"
#include "backup/sysfs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

static size_t ticks;

static void tick(void *data)
{
	(void)data;
	ticks++;
}

static void test_writes(void **state)
{
	autofree char *where = NULL, *text = NULL;

	(void)state;
	tree_put("/sys/x", "old");
	assert_int_equal(sysfs_write(tree_root, "/sys/x", "new\n", 1, NULL, &where), 0);
	text = tree_get("/sys/x");
	assert_string_equal(text, "new\n");
	assert_int_equal(
		sysfs_write(tree_root, "/sys/y", "new\n", 1, NULL, &where), -ENOENT);
	assert_null(where);
}

/* It says so in time, ticks meanwhile, and what hangs holds no lock of ours. */
static void test_hangs(void **state)
{
	const struct progress progress = { .tick = tick };
	autofree char *where = NULL, *path = tree_path("/sys/pipe"), *lock = NULL;
	autoclose int held = -1, again = -1;

	(void)state;
	tree_put("/sys/lock", "");
	assert_int_equal(mkfifo(path, 0600), 0);
	lock = tree_path("/sys/lock");
	held = open(lock, O_RDONLY);
	assert_int_equal(flock(held, LOCK_EX), 0);
	assert_int_equal(sysfs_write(tree_root, "/sys/pipe", "x", 1, &progress, &where),
		-ETIMEDOUT);
	assert_true(ticks >= 5);
	closep(&held);
	held = -1;
	again = open(lock, O_RDONLY);
	assert_int_equal(flock(again, LOCK_EX | LOCK_NB), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_writes), TEST(test_hangs) };

	return RUN(tests);
}

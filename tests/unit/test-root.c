// SPDX-License-Identifier: GPL-2.0-or-later
/* The root handle: nothing in the tree leads out of it. */
#include "support.h"

#include <fcntl.h>
#include <sys/mount.h>

/* A directory beside the tree, with a secret that no path in the tree may reach. */
static char outside[80];

static void make_outside(void)
{
	autofree char *secret = NULL;
	autoclose int fd = -1;

	(void)snprintf(outside, sizeof(outside), "%s-outside", tree);
	assert_int_equal(mkdir(outside, 0700), 0);
	assert_true(asprintf(&secret, "%s/secret", outside) >= 0);
	fd = open(secret, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
}

static void remove_outside(void)
{
	autofree char *secret = NULL;

	assert_true(asprintf(&secret, "%s/secret", outside) >= 0);
	assert_int_equal(unlink(secret), 0);
	assert_int_equal(rmdir(outside), 0); /* nothing came to lie there */
}

static void test_open(void **state)
{
	static const struct {
		const char *below, *shown;
	} names[] = { { "", "" }, { "/", "" }, { "//", "" } };
	autoroot struct root *live = NULL, *none = NULL;
	autofree char *missing = tree_path("missing"), *file = tree_path("file");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(root_open("/", &live, &err), 0);
	assert_int_equal(root_kind(live), ROOT_LIVE);
	assert_string_equal(root_shown(live), "");
	assert_int_equal(root_kind(tree_root), ROOT_OFFLINE);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		autoroot struct root *root = NULL;
		autofree char *dir = NULL;

		assert_true(asprintf(&dir, "%s%s", tree, names[i].below) >= 0);
		assert_int_equal(root_open(dir, &root, &err), 0);
		check_text(dir, root_shown(root), tree);
	}
	tree_put("file", "");
	assert_int_equal(root_open(missing, &none, &err), -ENOENT);
	check_holds("missing", err.text, missing);
	assert_int_equal(root_open(file, &none, &err), -ENOTDIR);
	check_holds("file", err.text, file);
	assert_null(none);
}

/* Every way out that a path or a link can name. */
static void test_cannot_leave(void **state)
{
	autofree char *up = NULL, *magic = NULL;

	(void)state;
	make_outside();
	assert_true(asprintf(&up, "../../../../../..%s/secret", outside) >= 0);
	assert_true(asprintf(&magic, "/proc/self/root%s/secret", outside) >= 0);
	tree_symlink("absolute", outside);
	tree_symlink("etc/up", up);
	tree_symlink("dir", "../../../../../../..");
	{
		const char *paths[] = { "/absolute/secret", "/etc/up", up, magic,
			"/dir/etc/passwd", "/dir/../../../etc/passwd",
			"../../../../../../etc/passwd" };

		for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
			struct stat st;
			char *text = NULL;

			check_number(paths[i],
				root_openat(tree_root, paths[i], O_RDONLY, 0), -ENOENT);
			check_number(
				paths[i], root_stat(tree_root, paths[i], &st), -ENOENT);
			check_number(paths[i],
				root_read(tree_root, paths[i], 9, &text, NULL), -ENOENT);
			check_number(paths[i], root_exists(tree_root, paths[i]), false);
		}
	}
	remove_outside();
}

/* What cannot be looked at is neither there nor missing. */
static void test_has(void **state)
{
	static const struct {
		const char *path;
		int has;
	} rows[] = { { "/etc/file", 1 }, { "/etc", 1 }, { "/link", 1 },
		{ "/etc/none", 0 }, { "/none/none", 0 }, { "/etc/file/below", 0 },
		{ "/dangling", 0 }, { "/loop", -ELOOP } };

	(void)state;
	tree_put("etc/file", "");
	tree_symlink("link", "etc/file");
	tree_symlink("dangling", "etc/none");
	tree_symlink("loop", "loop");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = { 0 };

		check_number(rows[i].path, root_has(tree_root, rows[i].path, &err),
			rows[i].has);
		if (rows[i].has < 0)
			check_holds("says which", err.text, rows[i].path);
	}
}

/* Writing through them makes a file in the tree or none. */
static void test_parent_cannot_leave(void **state)
{
	static const char *const paths[] = { "absolute/new", "up/new", "file" };

	(void)state;
	make_outside();
	tree_symlink("absolute", outside);
	tree_symlink("up", "../../../../../../../../tmp");
	tree_symlink("file", "../../../../../../../../tmp/new");
	tree_mkdir("tmp");
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		autofree char *name = NULL;
		autoclose int dir = root_open_parent(tree_root, paths[i], &name), fd = -1;

		if (dir >= 0)
			fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	}
	check_number("tmp/new in the tree", root_exists(tree_root, "tmp/new"), true);
	check_number("/tmp/new", access("/tmp/new", F_OK), -1);
	remove_outside();
}

/* The links of /proc are no text: /proc/PID/root is a door to wherever it leads. */
static void magic_links(void)
{
	autofree char *proc = tree_path("proc"), *fd_path = NULL, *name = NULL;
	autoclose int out = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (mount("/proc", proc, NULL, MS_BIND | MS_REC, NULL) < 0)
		_exit(77);
	assert_true(asprintf(&fd_path, "/proc/self/fd/%d/etc", out) >= 0);
	{
		const char *paths[] = { "/proc/self/root/etc", "/proc/self/cwd/etc",
			fd_path, "/link/etc" };

		tree_symlink("link", "proc/self/root");
		for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
			check_number(
				paths[i], root_stat(tree_root, paths[i], &st), -ELOOP);
			check_number(paths[i],
				root_open_parent(tree_root, paths[i], &name), -ELOOP);
		}
	}
	check_number("an honest file of /proc",
		root_stat(tree_root, "/proc/self/mountinfo", &st), 0);
}

static void test_magic_links(void **state)
{
	(void)state;
	tree_mkdir("proc");
	in_mount_namespace(magic_links);
}

/* Where a descriptor's directory is, below the tree. */
static char *place_of(int fd)
{
	char link[64], target[256] = "";
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, target, sizeof(target) - 1);
	assert_true(n > 0);
	return strdup(after_prefix(target, tree) ?: "outside");
}

static void test_parent(void **state)
{
	static const struct {
		const char *path;
		int r; /* 0: dir and name are what is looked for */
		const char *dir, *name;
	} cases[] = {
		{ "/etc/file", 0, "/etc", "file" },
		{ "etc/file", 0, "/etc", "file" },
		{ "/etc//file", 0, "/etc", "file" },
		{ "/etc/new", 0, "/etc", "new" },
		{ "new", 0, "", "new" },
		{ "/etc/relative", 0, "/opt", "file" },
		{ "/etc/absolute", 0, "/opt", "file" },
		{ "/etc/chain", 0, "/opt", "file" },
		{ "/etc/dangling", 0, "/opt", "none" },
		{ "/etc/dir/new", 0, "/opt", "new" },
		{ "/etc/dir", 0, "", "opt" },
		{ "/etc/dir/../new", 0, "", "new" }, /* ".." of where the link leads */
		{ "/etc/escape", 0, "/opt", "x" },
		{ "/etc/gone/x", -ENOENT, NULL, NULL },
		{ "/etc/to-gone", -ENOENT, NULL, NULL },
		{ "/etc/file/x", -ENOTDIR, NULL, NULL },
		{ "/etc/loop", -ELOOP, NULL, NULL },
		{ "/etc/itself", -ELOOP, NULL, NULL },
		{ "/etc/itself/x", -ELOOP, NULL, NULL },
		{ "/", -EISDIR, NULL, NULL },
		{ "", -EISDIR, NULL, NULL },
		{ "/etc/", -EISDIR, NULL, NULL },
		{ "/etc/..", -EISDIR, NULL, NULL },
		{ "/etc/.", -EISDIR, NULL, NULL },
		{ "/etc/to-dir-slash", -EISDIR, NULL, NULL },
	};

	(void)state;
	tree_put("etc/file", "");
	tree_put("opt/file", "");
	tree_symlink("etc/relative", "../opt/file");
	tree_symlink("etc/absolute", "/opt/file");
	tree_symlink("etc/chain", "relative");
	tree_symlink("etc/dangling", "/opt/none");
	tree_symlink("etc/dir", "/opt");
	tree_symlink("etc/escape", "../../../../opt/x");
	tree_symlink("etc/to-gone", "/gone/x");
	tree_symlink("etc/loop", "pool");
	tree_symlink("etc/pool", "loop");
	tree_symlink("etc/itself", "itself");
	tree_symlink("etc/to-dir-slash", "/opt/");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *name = NULL, *place = NULL;
		autoclose int fd = root_open_parent(tree_root, cases[i].path, &name);

		check_number(cases[i].path, fd < 0 ? fd : 0, cases[i].r);
		if (fd < 0)
			continue;
		place = place_of(fd);
		check_text(cases[i].path, place, cases[i].dir);
		check_text(cases[i].path, name, cases[i].name);
	}
}

static void test_read_text(void **state)
{
	static const struct {
		const char *path;
		int r;
		const char *says;
	} cases[] = {
		{ "plain", 0, NULL },
		{ "empty", 0, NULL },
		{ "full", 0, NULL }, /* of just the size that is allowed */
		{ "missing", -ENOENT, "Cannot read " },
		{ "dir", -EINVAL, "dir is not a regular file" },
		{ "pipe", -EINVAL, "pipe is not a regular file" },
		{ "large", -EFBIG, "large is larger than 1 MiB" },
		{ "nul", -EINVAL, "nul:3: has a NUL byte" },
		{ "nul-first", -EINVAL, "nul-first:1: has a NUL byte" },
		{ "nul-last", -EINVAL, "nul-last:2: has a NUL byte" },
	};
	autofree char *pipe = tree_path("pipe"), *large = calloc(1, ROOT_TEXT_MAX + 1);

	(void)state;
	memset(large, 'x', ROOT_TEXT_MAX + 1);
	tree_put("plain", "one\ntwo");
	tree_put("empty", "");
	tree_put_bytes("full", large, ROOT_TEXT_MAX);
	tree_put_bytes("large", large, ROOT_TEXT_MAX + 1);
	tree_mkdir("dir");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	tree_put_bytes("nul", "one\ntwo\nth\0ree\n", 15);
	tree_put_bytes("nul-first", "\0", 1);
	tree_put_bytes("nul-last", "one\n\0", 5);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *text = NULL;
		struct err err = { 0 };
		int r = root_read_text(tree_root, cases[i].path, &text, &err);

		check_number(cases[i].path, r, cases[i].r);
		if (r < 0) {
			check_number(cases[i].path, err.code, r);
			check_holds(cases[i].path, err.text, cases[i].says ?: "");
			check_holds(cases[i].path, err.text, tree);
			check_number("output touched", text != NULL, false);
		}
	}
}

static void test_read(void **state)
{
	autofree char *attr = NULL, *data = NULL, *many = NULL, *none = NULL;
	size_t len = 0;

	(void)state;
	tree_put("attr", "0x10de\n");
	tree_put_bytes("data", "a\0b", 3);
	assert_int_equal(root_read_attr(tree_root, "attr", &attr), 0);
	assert_string_equal(attr, "0x10de");
	assert_int_equal(root_read(tree_root, "data", 3, &data, &len), 0);
	assert_int_equal(len, 3);
	assert_memory_equal(data, "a\0b", 4);
	assert_int_equal(root_read(tree_root, "data", 2, &many, &len), -EFBIG);
	assert_int_equal(root_read(tree_root, "", 2, &many, &len), -ENOENT);
	assert_int_equal(root_read_attr(tree_root, "none", &none), -ENOENT);
}

static void test_links_and_lists(void **state)
{
	autostrv char **names = NULL;
	autofree char *target = NULL, *name = NULL, *joined = NULL, *none = NULL;

	(void)state;
	tree_symlink("d/link", "../../bus/pci/drivers/nvme");
	tree_symlink("d/bare", "nvme");
	tree_put("d/10", "");
	tree_put("d/9", "");
	tree_put("d/.hidden", "");
	assert_int_equal(root_readlink(tree_root, "d/link", &target), 0);
	assert_string_equal(target, "../../bus/pci/drivers/nvme");
	assert_int_equal(root_link_name(tree_root, "d/link", &name), 0);
	assert_string_equal(name, "nvme");
	name = (free(name), NULL);
	assert_int_equal(root_link_name(tree_root, "d/bare", &name), 0);
	assert_string_equal(name, "nvme");
	assert_int_equal(root_readlink(tree_root, "d/9", &none), -EINVAL);
	assert_int_equal(root_readlink(tree_root, "d", &none), -EINVAL);
	assert_int_equal(root_readlink(tree_root, "d/none", &none), -ENOENT);
	assert_int_equal(root_list(tree_root, "d", &names), 0);
	joined = strv_join(names, " ");
	assert_string_equal(joined, ".hidden 10 9 bare link");
	assert_int_equal(root_list(tree_root, "d/9", &names), -ENOTDIR);
	assert_int_equal(root_list(tree_root, "none", &names), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_cannot_leave),
		TEST(test_has),
		TEST(test_parent_cannot_leave),
		TEST(test_magic_links),
		TEST(test_parent),
		TEST(test_read_text),
		TEST(test_read),
		TEST(test_links_and_lists),
	};

	return RUN(tests);
}

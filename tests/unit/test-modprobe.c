// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading modprobe.d, with libkmod as the oracle: it reads the same directories. */
#include "support.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/host/modprobe.h"

#include <dlfcn.h>
#include <libkmod.h>

/* The order that modprobe.d(5) gives; kmod takes it from its caller. */
static const char *const dirs[] = { "etc/modprobe.d", "run/modprobe.d",
	"usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d" };

static void add_name(struct buf *b, const char *name)
{
	for (; *name; name++)
		buf_add(b, *name == '-' ? "_" : name, 1);
}

/* "COMMAND NAME rest" with single blanks, or nothing for other modules than the test's.
 */
static void add_line(
	struct buf *b, const char *command, const char *name, const char *rest)
{
	autostrv char **words = NULL;

	if (!after_prefix(
		    name, "t")) /* the command line of the machine has a say with kmod */
		return;
	buf_printf(b, "%s ", command);
	add_name(b, name);
	words = strv_split(rest ?: "", " \t");
	strv_foreach (word, words)
		buf_printf(b, " %s", word);
	buf_puts(b, "\n");
}

static void add_kmod(struct buf *b, const char *command, struct kmod_config_iter *iter)
{
	assert_non_null(iter);
	while (kmod_config_iter_next(iter))
		add_line(b, command, kmod_config_iter_get_key(iter),
			kmod_config_iter_get_value(iter));
	kmod_config_iter_free_iter(iter);
}

/* What kmod has, command by command. The caller's. */
static char *ask_kmod(void)
{
	const char *paths[ARRAY_SIZE(dirs) + 1] = { NULL };
	autobuf struct buf b = { 0 };
	struct kmod_ctx *ctx;
	char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		paths[i] = tree_path(dirs[i]);
	ctx = kmod_new(tree, paths);
	assert_non_null(ctx);
	add_kmod(&b, "options", kmod_config_get_options(ctx));
	add_kmod(&b, "install", kmod_config_get_install_commands(ctx));
	add_kmod(&b, "blacklist", kmod_config_get_blacklists(ctx));
	kmod_unref(ctx);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		free((char *)paths[i]);
	text = buf_take(&b);
	return text;
}

static void add_ours(
	struct buf *b, const struct modprobe_lines *lines, const char *command)
{
	for (size_t i = 0; i < lines->n; i++) {
		char **words = lines->list[i].tokens;
		autofree char *rest = NULL;

		if (!streq(words[0], command) || !words[1])
			continue;
		rest = strv_join(words + 2, " ");
		/* As kmod: a command without what belongs to it is a bad line. */
		if (rest[0] || streq(command, "blacklist"))
			add_line(b, command, words[1],
				streq(command, "blacklist") ? NULL : rest);
	}
}

static char *ask_us(void)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autohost struct host *host = tree_scan();
	autobuf struct buf b = { 0 };
	char *text = NULL;

	host_modprobe(host, &lines);
	add_ours(&b, &lines, "options");
	add_ours(&b, &lines, "install");
	add_ours(&b, &lines, "blacklist");
	text = buf_take(&b);
	return text;
}

/* Texts of one file. */
static void test_lines(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"options t1 a=1",
		"options t1 a=1\n",
		"options t-1 a=1\noptions t_1 b=2\n",
		"  options t1 a=1\n",
		"\toptions\tt1\ta=1  b=2\t\n",
		"options t1\n",
		"options\n",
		/* Comments stand at column 0 and go on as all lines do. */
		"#options t1 a=1\n",
		"# c\\\noptions t1 a=1\noptions t2 b=1\n",
		"  # options t1 a=1\n",
		"options t1 a=1 # why\n",
		"options t1 a=1 #\n",
		/* Continuations. */
		"options t1 \\\n a=1\n",
		"options t1 a=\\\n1\n",
		"options t1 a=1\\\n\noptions t2 b=1\n",
		"options t1 a=1 \\\n\\\n b=2\n",
		"options \\\nt1 \\\na=1\n",
		"opt\\\nions t1 a=1\n",
		"\\\noptions t1 a=1\n",
		/* Others. */
		"install t1 /bin/false\n",
		"install t1 /sbin/modprobe -i t1; echo  x\n",
		"blacklist t1\nblacklist  t-2 \n",
		"blacklist t1 t2\n",
		"blacklist\n",
		"options t1 a=\"x y\"\n",
		"Options t1 a=1\n",
		"optionsx t1 a=1\n",
		"options t1 a=1;b=2\n",
		"softdep t1 pre: t2\noptions t1 a=1\n",
		"alias t1 t2\noptions t1 a=1\n",
		"\n\n\noptions t1 a=1\n\n",
		"options t1 a=1\noptions t1 a=2\n",
		/* A backslash that ends no line. */
		"options t1 a=x\\y\n",
		"options t1 a=\\\\\n",
		"options t1 a=\\\\\noptions t2 b=1\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		autofree char *theirs = NULL, *ours = NULL;

		tree_put("etc/modprobe.d/t.conf", texts[i]);
		theirs = ask_kmod();
		ours = ask_us();
		check_text(texts[i], ours, theirs);
	}
}

/*
 * Where we differ, on purpose: kmod hands the carriage return of another system's editor
 * to the kernel, where it ends a number (vfio_pci_fill_ids, sscanf); to us it is a blank.
 */
static void test_carriage_return(void **state)
{
	autofree char *theirs = NULL, *ours = NULL;

	(void)state;
	tree_put("etc/modprobe.d/t.conf", "options t1 a=1\r\noptions t2 b=1\r\n");
	theirs = ask_kmod();
	ours = ask_us();
	assert_string_equal(theirs, "options t1 a=1\r\noptions t2 b=1\r\n");
	assert_string_equal(ours, "options t1 a=1\noptions t2 b=1\n");
}

/* Which files count, in which order; an earlier directory masks a name in a later one. */
static void test_directories(void **state)
{
	(void)state;
	tree_put("etc/modprobe.d/b.conf", "options t1 etc-b=1\n");
	tree_put("etc/modprobe.d/10.conf", "options t1 etc-10=1\n");
	tree_put("etc/modprobe.d/9.conf", "options t1 etc-9=1\n");
	tree_put("etc/modprobe.d/B.conf", "options t1 etc-B=1\n");
	tree_put("etc/modprobe.d/c.conf.bak", "options t1 bak=1\n");
	tree_put("etc/modprobe.d/c.txt", "options t1 txt=1\n");
	tree_put("etc/modprobe.d/.hidden.conf", "options t1 hidden=1\n");
	tree_put("etc/modprobe.d/sub/a.conf", "options t1 sub=1\n");
	tree_put("etc/modprobe.d/empty.conf", "");
	tree_put("etc/modprobe.d/masked.conf", "options t1 etc-masked=1\n");
	tree_put("run/modprobe.d/masked.conf", "options t1 run-masked=1\n");
	tree_put("run/modprobe.d/a.conf", "options t1 run-a=1\n");
	tree_put("usr/local/lib/modprobe.d/d.conf", "options t1 local-d=1\n");
	tree_put("usr/lib/modprobe.d/e.conf", "options t1 usr-e=1\n");
	tree_put("usr/lib/modprobe.d/d.conf", "options t1 usr-d=1\n");
	tree_put("usr/lib/modprobe.d/empty.conf", "options t1 usr-empty=1\n");
	tree_symlink("lib", "usr/lib"); /* both names of one directory */
	tree_symlink("etc/modprobe.d/linked.conf", "../../usr/share/x");
	tree_put("usr/share/x", "options t1 linked=1\n");
	{
		autofree char *theirs = ask_kmod(), *ours = ask_us();

		check_text("directories", ours, theirs);
		check_holds("9 comes after 10", theirs, "etc-10=1\noptions t1 etc-9=1\n");
	}
}

/* The usual way to switch a file of the distribution off: a link to nowhere. */
/* The file that libkmod is here: libkmod.so.2.5.1 is that of kmod 34. The caller's. */
static char *libkmod_file(void)
{
	autofree char *path = NULL;
	Dl_info info;

	assert_int_not_equal(dladdr((void *)kmod_new, &info), 0);
	path = realpath(info.dli_fname, NULL);
	assert_non_null(path);
	return strdup(strrchr(path, '/') + 1);
}

static void put_masked(const char *target)
{
	tree_symlink("etc/modprobe.d/m.conf", target);
	tree_put("usr/lib/modprobe.d/m.conf", "options t1 masked=1\n");
}

/* As this machine's kmod has it. What those before 34 make of a link to nothing depends
 * on what lay in their memory. */
static void test_masked_by_link(void **state)
{
	static const char *const targets[] = { "/dev/null", "../../../../../../dev/null",
		"nowhere" };
	autofree char *libkmod = libkmod_file();
	bool defined = strverscmp(libkmod, "libkmod.so.2.5.1") >= 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(targets) - !defined; i++) {
		tree_renew();
		tree_symlink("usr/lib/x86_64-linux-gnu/libkmod.so.2", libkmod);
		put_masked(targets[i]);
		{
			autofree char *theirs = ask_kmod(), *ours = ask_us();

			check_text(targets[i], ours, theirs);
			check_text("kmod", theirs, i < 2 ? "" : "options t1 masked=1\n");
		}
	}
}

static void put_library(const char *dir, const char *file)
{
	autofree char *path = text_printf("%s/libkmod.so.2", dir ?: "");

	if (dir)
		tree_symlink(path, file);
}

/* As the kmod of the host has it, where the host tells which it is. */
static void test_masked_by_dangling_link(void **state)
{
	static const struct {
		const char *dir, *file, *dir2, *file2;
		bool masked, doubted;
	} rows[] = {
		{ "usr/lib", "libkmod.so.2.4.0", NULL, NULL, true, true }, /* 30 */
		{ "usr/lib64", "libkmod.so.2.5.0", NULL, NULL, true, true }, /* 33 */
		{ "usr/lib64", "libkmod.so.2.5.1", NULL, NULL, false, false }, /* 34 */
		{ "lib/aarch64-linux-gnu", "libkmod.so.2.5.1", NULL, NULL, false, false },
		{ "usr/lib", "libkmod.so.2.10.0", NULL, NULL, false, false },
		{ NULL, NULL, NULL, NULL, true, true },
		{ "usr/lib", "libkmod.so", NULL, NULL, true, true },
		{ "usr/lib/x86_64-linux-gnu", "libkmod.so.2.5.1", "usr/lib64",
			"libkmod.so.2.4.0", true, true },
		{ "usr/lib/x86_64-linux-gnu", "libkmod.so.2.5.1",
			"usr/lib/i386-linux-gnu", "libkmod.so.2.5.1", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tree_renew();
		put_masked("nowhere");
		put_library(rows[i].dir, rows[i].file);
		put_library(rows[i].dir2, rows[i].file2);
		{
			autofree char *ours = ask_us();
			autohost struct host *host = tree_scan();

			check_text(rows[i].file ?: "no libkmod", ours,
				rows[i].masked ? "" : "options t1 masked=1\n");
			check_number("doubts", (long)strv_len(host->doubts),
				rows[i].doubted ? 1 : 0);
		}
	}
}

/* Lines are numbered as an editor shows them, at where they begin. */
static void test_line_numbers(void **state)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	static const size_t want[] = { 2, 3, 6, 9 };
	autohost struct host *host = NULL;

	(void)state;
	tree_put("etc/modprobe.d/t.conf",
		"# c\noptions t1 a\noptions t2 \\\n b\n\noptions t3 c\n# d\\\n\noptions t4 d\n");
	host = tree_scan();
	host_modprobe(host, &lines);
	assert_int_equal(lines.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < lines.n; i++) {
		check_text("file", lines.list[i].path, "/etc/modprobe.d/t.conf");
		check_number("line", (long)lines.list[i].line, (long)want[i]);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "vfio-pci", "vfio_pci", true },
		{ "a-b_c", "a_b-c", true },
		{ "", "", true },
		{ "vfio-pci", "vfio-pci-core", false },
		{ "vfio", "vfio_", false },
		{ "a", "A", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		check_number(cases[i].a, module_name_equal(cases[i].a, cases[i].b),
			cases[i].equal);
		check_number(cases[i].b, module_name_equal(cases[i].b, cases[i].a),
			cases[i].equal);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines),
		TEST(test_carriage_return),
		TEST(test_directories),
		TEST(test_masked_by_link),
		TEST(test_masked_by_dangling_link),
		TEST(test_line_numbers),
		TEST(test_names),
	};

	return RUN(tests);
}

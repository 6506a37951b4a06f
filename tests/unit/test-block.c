// SPDX-License-Identifier: GPL-2.0-or-later
/* Our block in a file of others: in and out again, and the bytes are the same. */
#include "support.h"
#include "core/format/block.h"

static const char *const texts[] = {
	NULL, /* no file */
	"",
	"\n",
	"\n\n",
	"a",
	"a\n",
	"a\nb",
	"a\nb\n",
	"a\n\n\n",
	"a\r\n",
	"a\r\nb",
	"a\r",
	"# comment\nraid1\n",
	"  indented",
	"a\\\n",
	"a\\",
	"\t\n",
	"\xff\xfe\n",
	/* What looks like ours, and is not. */
	"# pciferry: end\n",
	"# pciferry: end",
	"# pciferry: begin\n",
	"x # pciferry: begin (kept by pciferry, do not edit)\n",
};

static const char lines[] = "vfio-pci\n";

/* Whether the block's line stands in the text, on a line of its own. */
static bool has_line(const char *text)
{
	const char *at = text ? strstr(text, lines) : NULL;

	return at && (at == text || at[-1] == '\n');
}

static void test_set_and_remove(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		autofree char *with = NULL, *twice = NULL, *other = NULL, *users = NULL,
			      *again = NULL;
		const char *name = texts[i] ?: "(no file)";

		with = block_set(texts[i], lines);
		check_number(name, has_line(with), true);
		twice = block_set(with, lines);
		check_text("twice is once", twice, with);
		users = block_without(with);
		check_text("the user's lines", users, texts[i] ?: "");
		other = block_set(with, "other\n");
		check_number("replaced", has_line(other), false);
		again = block_set(other, NULL);
		check_text("removed", again, texts[i]);
	}
}

/* The user adds lines behind the block or in front of it: none of them gets lost. */
static void test_users_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		autofree char *with = NULL, *behind = NULL, *front = NULL, *out = NULL,
			      *out2 = NULL;
		const char *text = texts[i] ?: "";
		const char *name = texts[i] ?: "(no file)";
		size_t n = strlen(text);

		with = block_set(texts[i], lines);
		assert_true(asprintf(&behind, "%smine\n", with) >= 0);
		assert_true(asprintf(&front, "mine\n%s", with) >= 0);
		out = block_set(behind, NULL);
		/* A last line without a newline has got one: "mine" must not join it. */
		if (!out || strncmp(out, text, n) != 0 || !has_suffix(out, "mine\n") ||
			strlen(out) > n + 6 || has_line(out))
			complain("behind \"%s\": \"%s\"", name, out ?: "(none)");
		out2 = block_set(front, NULL);
		if (!out2 || !after_prefix(out2, "mine\n") || !has_suffix(out2, text) ||
			has_line(out2))
			complain("in front of \"%s\": \"%s\"", name, out2 ?: "(none)");
	}
}

/* Removing what is not there changes nothing, a block without end included. */
static void test_remove_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		autofree char *out = NULL;

		out = block_set(texts[i], NULL);
		check_text(texts[i] ?: "(no file)", out, texts[i]);
	}
}

/* Somebody has deleted the block's last line: what they wrote since is still theirs. */
static void test_unfinished(void **state)
{
	autofree char *with = NULL, *cut = NULL, *again = NULL, *more = NULL, *out = NULL;

	(void)state;
	with = block_set("raid1\n", lines);
	*strstr(with, "# pciferry: end") = '\0';
	assert_true(asprintf(&cut, "%ssd_mod\n", with) >= 0);
	again = block_set(cut, lines);
	check_holds("set once", again, "sd_mod\n");
	more = block_set(again, lines);
	check_text("twice is once", more, again);
	out = block_set(more, NULL);
	check_holds("removed", out, "raid1\n");
	check_holds("removed", out, "sd_mod\n");
}

/* An editor has taken the file's last newline, which was our block's. */
static void test_end_without_newline(void **state)
{
	autofree char *with = NULL, *again = NULL, *out = NULL, *out2 = NULL;

	(void)state;
	with = block_set("raid1\n", lines);
	with[strlen(with) - 1] = '\0';
	out = block_set(with, NULL);
	check_text("removed", out, "raid1\n");
	again = block_set(with, lines);
	out2 = block_set(again, NULL);
	check_text("set and removed", out2, "raid1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_set_and_remove),
		TEST(test_users_lines),
		TEST(test_remove_nothing),
		TEST(test_unfinished),
		TEST(test_end_without_newline),
	};

	return RUN(tests);
}

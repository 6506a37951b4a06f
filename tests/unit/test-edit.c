// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel command lines edited in place: what is written, and that it can be taken out. */
#include "support.h"
#include "core/format/cmdlines.h"
#include "core/format/jsonlist.h"

static char *const one[] = { (char *)"w=1", NULL };
static char *const two[] = { (char *)"w=1", (char *)"v", NULL };
static char *const other[] = { (char *)"v", NULL };

static char *set(const char *text, const struct cmdline_format *format, char *const *ours,
	char *const *wanted)
{
	const struct cmdline_edit edit = {
		.root = "/dev/r", .ours = ours, .wanted = wanted
	};
	size_t n;
	char *out;

	out = cmdlines_set(text, format, &edit, &n);
	return out;
}

/* One word in, then two, then the first out, then all: with is how it is with one. */
static void cycle(const char *text, const struct cmdline_format *format, const char *with)
{
	autofree char *first = set(text, format, NULL, one), *again = NULL, *both = NULL,
		      *second = NULL, *out = NULL;

	check_text(text, first, with);
	again = set(first, format, one, one);
	check_text(text, again, with);
	both = set(first, format, one, two);
	second = set(both, format, two, other);
	out = set(second, format, other, NULL);
	check_text(text, out, text);
}

static void test_cmdlines(void **state)
{
	static const struct {
		const struct cmdline_format *format;
		const char *text, *with;
	} cases[] = {
		{ &format_cmdline, "", "w=1" },
		{ &format_cmdline, "\n", "\nw=1" },
		{ &format_cmdline, "quiet", "quiet w=1" },
		{ &format_cmdline, "quiet\n", "quiet w=1\n" },
		{ &format_cmdline, "quiet  \t\n\n", "quiet w=1  \t\n\n" },
		{ &format_cmdline, "quiet\r\n", "quiet w=1\r\n" },
		{ &format_cmdline, "a\nb\n", "a\nb w=1\n" },
		{ &format_cmdline, "a\n# b\n", "a w=1\n# b\n" },
		{ &format_cmdline, "# a", "# a" }, /* it would be a part of the comment */
		{ &format_cmdline, "# a\n", "# a\nw=1" },
		{ &format_cmdline, "w=1 quiet\n", "w=1 quiet w=1\n" },
		{ &format_cmdline, "a=\"b c\"  d", "a=\"b c\"  d w=1" },
		{ &format_cmdline, "a=\"b c", "a=\"b c" }, /* never closed */
		{ &format_cmdline, "a systemd.machine_id=1\n",
			"a w=1 systemd.machine_id=1\n" },
		{ &format_cmdline, "systemd.machine_id=1\n",
			"w=1 systemd.machine_id=1\n" },
		{ &format_cmdline, "root=/dev/s\n", "root=/dev/s\n" },
		{ &format_cmdline, "root=/dev/r single\n", "root=/dev/r single\n" },
		{ &format_first_line, "root=/dev/r\nx\n", "root=/dev/r w=1\nx\n" },
		{ &format_first_line, "\nx\n", "w=1\nx\n" },
		{ &format_entry, "title a\noptions b\n", "title a\noptions b w=1\n" },
		{ &format_entry, "options\ta\noptions b", "options\ta\noptions b w=1" },
		{ &format_entry, "options \n", "options w=1\n" },
		{ &format_entry, "# options a\n", "# options a\n" },
		{ &format_entry, "optionsx a\n", "optionsx a\n" },
		{ &format_entry, "efi /x\n", "efi /x\n" },
		{ &format_entry, "options $kernelopts\r\n",
			"options $kernelopts w=1\r\n" },
		{ &format_limine, "/a\n  cmdline: b\n/c\n\tKERNEL_CMDLINE: d\n",
			"/a\n  cmdline: b w=1\n/c\n\tKERNEL_CMDLINE: d w=1\n" },
		{ &format_limine, "cmdline:\n", "cmdline:w=1\n" },
		{ &format_limine, "cmdline: root=/dev/s\ncmdline: a",
			"cmdline: root=/dev/s\ncmdline: a w=1" },
		{ &format_append, "label a\n  APPEND root=/dev/r b\n  append -\n",
			"label a\n  APPEND root=/dev/r b w=1\n  append -\n" },
		{ &format_append, "append hd0 xroot=/dev/r\r\nAPPEND\troot=/dev/r\r\n",
			"append hd0 xroot=/dev/r\r\nAPPEND\troot=/dev/r w=1\r\n" },
		{ &format_refind, "\"a b\"  \"c d\"\n", "\"a b\"  \"c d w=1\"\n" },
		{ &format_refind, "\"a\" \"\"", "\"a\" \"w=1\"" },
		{ &format_refind, "\"a\" \"b=\"\"c d\"\"\"\n",
			"\"a\" \"b=\"\"c d\"\" w=1\"\n" },
		{ &format_refind, "# \"a\" \"b\"\n\"a\"\n", "# \"a\" \"b\"\n\"a\"\n" },
		{ &format_refind, "\"a\" \"b single\"\n", "\"a\" \"b single\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		cycle(cases[i].text, cases[i].format, cases[i].with);
}

/* Of several that are equal the last is ours; what the user took out stays out. */
static void test_ours(void **state)
{
	static const struct {
		const char *text, *without;
	} cases[] = {
		{ "w=1 a w=1 b", "w=1 a b" },
		{ "w=1", "" },
		{ "w=1 a", "a" },
		{ "w=1  ", "  " },
		{ "a\tw=1", "a" },
		{ "a w=12 xw=1", "a w=12 xw=1" },
		{ "a \"b w=1\" c", "a \"b w=1\" c" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *out = set(cases[i].text, &format_cmdline, one, NULL);

		check_text(cases[i].text, out, cases[i].without);
	}
}

static void check_json(const char *text, const char *with)
{
	static const char *const keys[] = { "user", "kernel_options", NULL };
	autofree char *first = NULL, *both = NULL, *second = NULL, *out = NULL;
	struct err err = { 0 };
	int r = json_list_set("f", text, keys, NULL, one, &first, &err);

	if (!with) {
		check_number(text, r, -EINVAL);
		return;
	}
	check_number(text, r, 0);
	check_text(text, first, with);
	assert_int_equal(json_list_set("f", first, keys, one, two, &both, &err), 0);
	assert_int_equal(json_list_set("f", both, keys, two, other, &second, &err), 0);
	assert_int_equal(json_list_set("f", second, keys, other, NULL, &out, &err), 0);
	check_text(text, out, text);
}

static void test_json(void **state)
{
	static const struct {
		const char *text, *with;
	} cases[] = {
		{ "{\"user\":{\"kernel_options\":[]}}",
			"{\"user\":{\"kernel_options\":[\"w=1\"]}}" },
		{ "{\"user\":{\"kernel_options\":[ ]}}",
			"{\"user\":{\"kernel_options\":[\"w=1\" ]}}" },
		{ "{\"user\":{\"kernel_options\":[\"a\"]}}",
			"{\"user\":{\"kernel_options\":[\"a\",\"w=1\"]}}" },
		{ "{\"user\": {\"kernel_options\": [\"a\", \"b\"]}}",
			"{\"user\": {\"kernel_options\": [\"a\", \"b\", \"w=1\"]}}" },
		{ "{\"x\": [{\"user\": 1}, \"]}\\\"\"], \"user\": {\"y\": -1.5e3,\n"
		  "  \"kernel_options\": [\n    \"a\"\n  ]}}\n",
			"{\"x\": [{\"user\": 1}, \"]}\\\"\"], \"user\": {\"y\": -1.5e3,\n"
			"  \"kernel_options\": [\n    \"a\",\n    \"w=1\"\n  ]}}\n" },
		{ "", NULL },
		{ "[]", NULL },
		{ "{\"user\": {}}", NULL },
		{ "{\"user\": {\"kernel_options\": \"quiet\"}}", NULL },
		{ "{\"user\": {\"kernel_options\": [1]}}", NULL },
		{ "{\"user\": {\"kernel_options\": [\"a\"", NULL },
		{ "{\"default\": {\"kernel_options\": [\"a\"]}}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_json(cases[i].text, cases[i].with);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cmdlines),
		TEST(test_ours),
		TEST(test_json),
	};

	return RUN(tests);
}

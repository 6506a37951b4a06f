// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists, growing strings and errors. */
#include "support.h"
#include "core/base/alloc.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/nearest.h"

#include <sys/wait.h>
#include <time.h>

static void check_list(const char *what, char *const *list, const char *want)
{
	autofree char *joined = NULL;

	joined = strv_join(list, "|");
	check_text(what, joined, want);
}

static void test_split(void **state)
{
	static const struct {
		const char *text, *separators, *want;
	} cases[] = {
		{ "", " ", "" },
		{ "   ", " ", "" },
		{ "a", " ", "a" },
		{ " a  b ", " ", "a|b" },
		{ "a\tb c", " \t", "a|b|c" },
		{ ",a,,b,", ",", "a|b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autostrv char **list = NULL;

		list = strv_split(cases[i].text, cases[i].separators);
		check_list(cases[i].text, list, cases[i].want);
	}
}

static void test_list(void **state)
{
	autostrv char **list = NULL, **copy = NULL, **none = NULL;

	(void)state;
	assert_int_equal(strv_len(NULL), 0);
	assert_false(strv_has(NULL, "a"));
	strv_foreach (s, none)
		fail_msg("%s in an empty list", s);
	none = strv_copy(NULL);
	assert_null(none);
	check_list("empty", NULL, "");
	strv_add(&list, "b");
	strv_add(&list, "a");
	strv_add_new(&list, "b");
	strv_add(&list, "b");
	assert_int_equal(strv_len(list), 3);
	assert_true(strv_has(list, "a"));
	copy = strv_copy(list);
	list[0][0] = 'x';
	check_list("copy", copy, "b|a|b");
}

static void test_sort(void **state)
{
	autostrv char **bytes = NULL, **versions = NULL;

	(void)state;
	bytes = strv_split("6.10.0 10-b 6.9.0 9-a B a", " ");
	versions = strv_copy(bytes);
	strv_sort_bytes(bytes);
	strv_sort_versions(versions);
	check_list("bytes", bytes, "10-b|6.10.0|6.9.0|9-a|B|a");
	check_list("versions", versions, "6.9.0|6.10.0|9-a|10-b|B|a");
	strv_sort_bytes(NULL);
	strv_sort_versions(NULL);
}

/* A list of the size that a 1 MiB file of short lines makes, in well under a second. */
static void test_large_list(void **state)
{
	autofree char *text = malloc(ROOT_TEXT_MAX + 1);
	autostrv char **list = NULL;
	struct timespec start, end;

	(void)state;
	for (size_t i = 0; i < ROOT_TEXT_MAX; i += 2)
		memcpy(text + i, "a\n", 2);
	text[ROOT_TEXT_MAX] = '\0';
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	list = strv_split(text, "\n");
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(strv_len(list), ROOT_TEXT_MAX / 2);
	if (end.tv_sec - start.tv_sec > 5)
		complain("splitting 1 MiB into lines took %ld seconds",
			(long)(end.tv_sec - start.tv_sec));
}

static void test_buf(void **state)
{
	autobuf struct buf b = { 0 };
	autofree char *text = NULL, *empty = NULL;

	(void)state;
	empty = buf_take(&b);
	assert_string_equal(empty, "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i % 10);
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 2003);
	assert_int_equal(b.s[b.len], '\0');
	assert_memory_equal(b.s + 2000, "a\0b", 3);
	text = buf_take(&b);
	assert_int_equal(b.len, 0);
	assert_int_equal(strlen(text), 2001);
}

/* The sanitizer gives NULL too, after a warning, for what cannot be had. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void say(const char *s)
{
	assert_int_equal(write(STDERR_FILENO, s, strlen(s)), strlen(s));
}

static void first(void)
{
	say("first ");
}

static void second(void)
{
	say("second ");
}

static void of_the_parent(void)
{
	say("parent ");
}

static void run_out_of_memory(void)
{
	autofree char *path = tree_path("stderr");
	volatile size_t huge = SIZE_MAX / 2;

	assert_non_null(freopen(path, "w", stderr));
	printf("half of a document");
	alloc_on_failure(first);
	alloc_on_failure(second);
	alloc_on_failure(first);
	free(xcalloc(huge, 1));
}

/* One sentence and status 1, after the steps of this very process. */
static void test_out_of_memory(void **state)
{
	static const char want[] = "second first pciferry: Out of memory.\n";
	autofree char *text = NULL;
	int status;

	(void)state;
	alloc_on_failure(of_the_parent);
	status = in_child(run_out_of_memory);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	text = tree_get("stderr");
	assert_non_null(text);
	if (!has_suffix(text, want) || strstr(text, "parent"))
		check_text("stderr", text, want);
}

static void test_err(void **state)
{
	struct err err = { 0 };
	char long_text[4096];

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	assert_int_equal(err_set(NULL, -EIO, "unheard"), -EIO);
	assert_int_equal(err_set(&err, -EINVAL, "%s:%d: wrong", "file", 3), -EINVAL);
	assert_int_equal(err.code, -EINVAL);
	assert_string_equal(err.text, "file:3: wrong");
	assert_int_equal(err_errno(&err, -EROFS, "Cannot write %s", "x"), -EROFS);
	assert_string_equal(err.text, "Cannot write x: Read-only file system");
	assert_int_equal(err_errno(&err, -EIO, "%s", long_text), -EIO);
	assert_true(strlen(err.text) < sizeof(err.text));
}

/* A letter more, less, another, two swapped; the beginning of a word; nothing like any.
 */
static void test_nearest(void **state)
{
	static const char *const words[] = { "list", "plan", "unbind", "bind", "--method",
		"--memory", "systemd-boot" };
	static const struct {
		const char *typed, *want;
	} cases[] = {
		{ "lisst", "list" },
		{ "lst", "list" },
		{ "lisp", "list" },
		{ "lsit", "list" },
		{ "pl", "plan" },
		{ "unbidn", "unbind" },
		{ "bnd", "bind" },
		{ "--metod", "--method" },
		{ "--me", "--method" }, /* the first of two */
		{ "system-boot", "systemd-boot" },
		{ "tsil", NULL },
		{ "p", NULL },
		{ "", NULL },
		{ "frobnicate", NULL },
		{ "list--------------------------------------------------------", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct nearest nearest = { .word = cases[i].typed };

		for (size_t j = 0; j < ARRAY_SIZE(words); j++)
			nearest_try(&nearest, words[j]);
		check_text(cases[i].typed, nearest.found, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_split),
		TEST(test_list),
		TEST(test_sort),
		TEST(test_large_list),
		TEST(test_buf),
		TEST(test_out_of_memory),
		TEST(test_err),
		TEST(test_nearest),
	};

	return RUN(tests);
}

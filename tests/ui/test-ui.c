// SPDX-License-Identifier: GPL-2.0-or-later
/* Parts of the wizard that need no terminal: keys, cells, wrapping, names, lists, find.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>

#include "ui/cell.h"
#include "ui/keys.h"
#include "ui/names.h"
#include "ui/pager.h"
#include "ui/set_words.h"
#include "ui/styled.h"
#include "ui/tree.h"
#include "ui/worker.h"
#include "backup/origin.h"

/* -- keys ------------------------------------------------------------------------------
 */

/* On one page a key must have one meaning, or one of the rows is never reached. */
static void test_keys_mean_one_thing(void **state UNUSED)
{
	for (size_t i = 0; i < n_key_rows; i++)
		for (size_t j = i + 1; j < n_key_rows; j++) {
			const struct key_row *a = &key_rows[i], *b = &key_rows[j];

			if (!(a->pages & b->pages))
				continue;
			assert_int_not_equal(a->first, b->first);
			assert_true(!a->second || a->second != b->first);
			assert_true(!b->second || b->second != a->first);
			assert_true(!a->second || a->second != b->second);
		}
}

static void test_keys_are_explained(void **state UNUSED)
{
	for (size_t i = 0; i < n_key_rows; i++) {
		const struct key_row *row = &key_rows[i];

		assert_true(row->pages != 0);
		assert_int_equal(
			key_action(row->pages & -row->pages, row->first), row->action);
		assert_true(!row->label || row->name);
		if (row->name)
			assert_true(row->help && has_suffix(row->help, "."));
	}
	assert_int_equal(key_action(KEYS_TREE, 0), ACTION_NONE);
	assert_int_equal(key_action(KEYS_TREE, 'W'), ACTION_NONE);
	assert_int_equal(key_action(KEYS_DIFF, 'w'), ACTION_WRITE_HINT);
}

static void test_every_key_is_in_one_section(void **state UNUSED)
{
	for (size_t i = 0; i < n_key_rows; i++) {
		int n = 0;

		for (size_t j = 0; j < n_key_sections; j++)
			n += key_in_section(&key_rows[i], &key_sections[j]);
		assert_int_equal(n, 1);
	}
}

/* -- cells -----------------------------------------------------------------------------
 */

static void test_cells(void **state UNUSED)
{
	char out[4];

	assert_int_equal(cell_width("abc"), 3);
	assert_int_equal(cell_width("a→b"), 3);
	assert_int_equal(cell_width("日本"), 4);
	assert_int_equal(cell_width("e\xcc\x81"), 1); /* a combining accent */
	assert_int_equal(cell_fit("日本", 3), strlen("日"));
	assert_int_equal(cell_fit("e\xcc\x81x", 1), 3); /* it goes with its letter */
	assert_int_equal(cell_fit("abc", 0), 0);
	assert_int_equal(cell_encode(L'€', out), 3);
	assert_memory_equal(out, "€", 3);
}

static void test_cells_without_unicode(void **state UNUSED)
{
	wchar_t c;
	int width;

	cell_set_ascii(true);
	assert_int_equal(cell_width("日本"), 2);
	assert_int_equal(cell_next("→", &c, &width), strlen("→"));
	assert_int_equal(c, L'>');
	assert_int_equal(cell_next("日", &c, &width), strlen("日"));
	assert_int_equal(c, L'?');
	cell_set_ascii(false);
}

/* -- text ------------------------------------------------------------------------------
 */

static void test_styled_escapes(void **state UNUSED)
{
	autostyled struct styled t = { 0 };

	styled_line(&t, ROLE_TEXT, 0, "a\033[31m\nb\xff");
	assert_int_equal(t.n, 1);
	assert_string_equal(t.lines[0].text, "a\\x1b[31m\\x0ab\\xff");
}

static void test_styled_wraps(void **state UNUSED)
{
	autostyled struct styled t = { 0 };

	styled_line(&t, ROLE_TEXT, 0, "one two three");
	styled_line(&t, ROLE_TEXT, 0, "");
	styled_line(&t, ROLE_TEXT, 0, "abcdefghijklmnopqrst");
	assert_int_equal(styled_rows(&t, 1, 13), 1);
	assert_int_equal(styled_rows(&t, 1, 12), 2);
	assert_int_equal(styled_rows(&t, 1, 7), 2);
	assert_int_equal(styled_rows(&t, 1, 5), 3);
	assert_int_equal(styled_rows(&t, 2, 13), 2);
	assert_int_equal(styled_rows(&t, 3, 10), 2 + 1 + 2);
	assert_int_equal(styled_rows(&t, 3, 1), 11 + 1 + 20);
}

/* Whatever the width, wrapping ends; a wide character may not fit at all. */
static void test_styled_ends(void **state UNUSED)
{
	autostyled struct styled t = { 0 };

	styled_column(&t, 14);
	styled_add(&t, ROLE_TEXT, "日本語 text and more of it");
	styled_end(&t, 14);
	styled_column(&t, 3);
	styled_add(&t, ROLE_TEXT, "-GRUB_CMDLINE_LINUX=\"a b  c\"");
	styled_end_exact(&t, 5);
	for (int width = 0; width < 40; width++)
		assert_true(styled_rows(&t, t.n, width) >= 2);
}

static void test_styled_drops(void **state UNUSED)
{
	autostyled struct styled t = { 0 };
	char line[8];

	for (int i = 0; i < 100; i++) {
		(void)snprintf(line, sizeof(line), "%d", i);
		styled_line(&t, ROLE_TEXT, 0, line);
		if (t.n > 20)
			styled_drop(&t, 10);
	}
	assert_true(t.n <= 20);
	assert_string_equal(t.lines[t.n - 1].text, "99");
}

static void test_names(void **state UNUSED)
{
	static const struct {
		const char *name, *brief;
	} cases[] = {
		{ "NVIDIA Corporation AD102 [GeForce RTX 4090]",
			"NVIDIA AD102 [GeForce RTX 4090]" },
		{ "Advanced Micro Devices, Inc. [AMD/ATI] Navi 31", "AMD Navi 31" },
		{ "Realtek Semiconductor Co., Ltd. RTL8125 2.5GbE Controller",
			"Realtek RTL8125 2.5GbE Controller" },
		{ "Co", "Co" },
		{ "", "" },
		{ "Evil\033]0;title\007", "Evil\\x1b]0;title\\x07" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *brief = name_brief(cases[i].name);

		assert_string_equal(brief, cases[i].brief);
	}
}

/* -- sets ------------------------------------------------------------------------------
 */

static struct set set_of(const char *id, const char *undoes, enum set_state state)
{
	return (struct set){ .id = (char *)id, .undoes = (char *)undoes, .state = state };
}

static void derive(const struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		origin_derive(sets, &sets->list[i]);
}

static void forget(const struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		free(sets->list[i].origin);
}

/* A claim, its undo, the undo of that, and so on. */
static void test_deeds_of_sets(void **state UNUSED)
{
	struct set list[] = {
		set_of("0001", NULL, SET_UNDONE), set_of("0002", "0001", SET_UNDONE),
		set_of("0003", "0002", SET_UNDONE), set_of("0004", "0003", SET_APPLIED),
		set_of("0005", "0099", SET_ROLLED_BACK), /* of one that is gone */
	};
	static const char *const words[] = { "claim x", "undo of set 0001: claim x",
		"redo of set 0001: claim x", "undo of set 0001: claim x",
		"undo of set 0099" };
	const struct sets sets = { list, ARRAY_SIZE(list) };
	struct err err;

	derive(&sets);
	list[0].summary = (char *)"claim x";
	for (size_t i = 0; i < sets.n; i++) {
		autofree char *s = set_words(&sets, &list[i]);

		assert_string_equal(s, words[i]);
	}
	assert_int_equal(set_is_settled(&sets, &list[2], &err), -EALREADY);
	assert_non_null(strstr(err.text, "by set 0004"));
	assert_int_equal(set_is_settled(&sets, &list[3], &err), 0);
	assert_int_equal(set_is_settled(&sets, &list[4], &err), -EALREADY);
	forget(&sets);
}

/* Manifests are hostile input: each may name the other. */
static void test_deeds_in_a_circle(void **state UNUSED)
{
	struct set list[] = {
		set_of("0001", "0002", SET_APPLIED),
		set_of("0002", "0001", SET_APPLIED),
	};
	const struct sets sets = { list, ARRAY_SIZE(list) };
	autofree char *first = NULL, *second = NULL;

	derive(&sets);
	first = set_words(&sets, &list[0]);
	second = set_words(&sets, &list[1]);
	assert_string_equal(first, "undo of set 0001");
	assert_string_equal(second, "redo of set 0001");
	forget(&sets);
}

/* -- lists -----------------------------------------------------------------------------
 */

/* The cursor is in sight after every movement, in a list and a page of any size. */
static void test_list_keeps_cursor_in_sight(void **state UNUSED)
{
	static const enum action moves[] = { ACTION_LAST, ACTION_UP, ACTION_PAGE_UP,
		ACTION_FIRST, ACTION_DOWN, ACTION_PAGE_DOWN, ACTION_PAGE_DOWN,
		ACTION_UP };

	for (size_t n = 0; n < 30; n++)
		for (int height = 0; height < 12; height++) {
			struct list l = { .n = n };

			for (size_t i = 0; i < ARRAY_SIZE(moves); i++) {
				assert_true(list_move(&l, moves[i]));
				list_fit(&l, height);
				assert_true(n == 0 || l.at < n);
				assert_true(l.at >= l.top && l.at < l.top + l.page);
				assert_true(l.top == 0 || l.top + l.page <= n);
			}
		}
}

/* -- the worker ------------------------------------------------------------------------
 */

#define LINES 20000 /* far more than a socket holds */

static int chatty(
	void *data, const struct progress *progress, char **ret_id, struct err *err)
{
	char line[32];

	for (int i = 0; i < LINES; i++) {
		(void)snprintf(line, sizeof(line), "line %d", i);
		progress->output(progress->data, line);
	}
	*ret_id = strdup("0042");
	return data ? err_set(err, -EIO, "it broke") : 0;
}

/* Nobody reads until the end: the work is not held up, and its result is not lost. */
static void test_worker_without_reader(void **state UNUSED)
{
	struct worker_event event;
	struct worker worker;
	struct err err;

	assert_int_equal(worker_start(&worker, chatty, NULL, &err), 0);
	sleep(2);
	do
		worker_next(&worker, &event);
	while (event.kind == WORKER_OUTPUT);
	assert_int_equal(event.kind, WORKER_RESULT);
	assert_int_equal(event.code, 0);
	assert_string_equal(event.id, "0042");
}

static void test_worker_reports_everything(void **state UNUSED)
{
	struct worker_event event;
	struct worker worker;
	struct err err;
	int lines = 0;

	assert_int_equal(worker_start(&worker, chatty, &err, &err), 0);
	for (worker_next(&worker, &event); event.kind == WORKER_OUTPUT; lines++)
		worker_next(&worker, &event);
	assert_int_equal(lines, LINES);
	assert_int_equal(event.kind, WORKER_RESULT);
	assert_int_equal(event.code, -EIO);
	assert_string_equal(event.text, "it broke");
}

static int crashing(void *data UNUSED, const struct progress *progress UNUSED,
	char **ret_id UNUSED, struct err *err UNUSED)
{
	abort();
}

static void test_worker_that_crashes(void **state UNUSED)
{
	struct worker_event event;
	struct worker worker;
	struct err err;

	assert_int_equal(worker_start(&worker, crashing, NULL, &err), 0);
	worker_next(&worker, &event);
	assert_int_equal(event.kind, WORKER_GONE);
	assert_string_equal(event.text, "The work was ended by signal 6.");
}

static int starving(void *data UNUSED, const struct progress *progress UNUSED,
	char **ret_id UNUSED, struct err *err UNUSED)
{
	alloc_failed();
}

static void test_worker_without_memory(void **state UNUSED)
{
	struct worker_event event;
	struct worker worker;
	struct err err;

	assert_int_equal(worker_start(&worker, starving, NULL, &err), 0);
	worker_next(&worker, &event);
	assert_int_equal(event.kind, WORKER_GONE);
	assert_true(event.code < 0);
	assert_string_equal(event.text, "Out of memory.");
	assert_int_equal(worker.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_mean_one_thing),
		cmocka_unit_test(test_keys_are_explained),
		cmocka_unit_test(test_every_key_is_in_one_section),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_cells_without_unicode),
		cmocka_unit_test(test_styled_escapes),
		cmocka_unit_test(test_styled_wraps),
		cmocka_unit_test(test_styled_ends),
		cmocka_unit_test(test_styled_drops),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_deeds_of_sets),
		cmocka_unit_test(test_deeds_in_a_circle),
		cmocka_unit_test(test_list_keeps_cursor_in_sight),
		cmocka_unit_test(test_worker_without_reader),
		cmocka_unit_test(test_worker_reports_everything),
		cmocka_unit_test(test_worker_that_crashes),
		cmocka_unit_test(test_worker_without_memory),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A set, its undo, and doing it again, in any order. */
#include "little.h"
#include "backup/origin.h"
#include "backup/store.h"
#include "core/base/strv.h"

/* Undoing an undo is applying again, and that can be undone. */
static void test_undo_undo(void **state)
{
	autofree char *first = NULL, *applied = NULL, *now = NULL;
	autoplan struct plan *plan = little_plan();

	(void)state;
	little_host();
	first = tree_snapshot(outside_sets);
	MUST(little_apply(plan, false, why));
	applied = tree_snapshot(outside_sets);
	MUST(little_undo(NULL, false, why));
	MUST(little_undo("2", false, why));
	now = tree_snapshot(outside_sets);
	check_same("undo of the undo", applied, now);
	check_state("1", "applied");
	check_state("2", "undone");
	MUST(little_undo(NULL, false, why));
	now = (free(now), tree_snapshot(outside_sets));
	check_same("and undone", first, now);
}

/* A second plan on top of the first: changes one of its files again. */
static struct plan *second_plan(void)
{
	struct plan *plan = calloc(1, sizeof(*plan));

	assert_non_null(plan);
	GROW(plan->steps.changes, plan->steps.n_changes);
	plan->steps.changes[0] = (struct change){ .path = strdup("/etc/default/grub"),
		.before = strdup("GRUB_DEFAULT=1\n"),
		.after = strdup("GRUB_DEFAULT=2\n"),
		.mode = 0640,
		.uid = 7,
		.gid = 8,
		.why = strdup("again") };
	plan->steps.n_changes = 1;
	return plan;
}

static void test_layers(void **state)
{
	autofree char *first = NULL, *applied = NULL, *both = NULL, *now = NULL;
	autoplan struct plan *plan = little_plan(), *second = second_plan();
	struct err err = { 0 };

	(void)state;
	needs_root("not root: it changes owners");
	little_host();
	first = tree_snapshot(outside_sets);
	MUST(little_apply(plan, false, why));
	applied = tree_snapshot(outside_sets);
	MUST(little_apply(second, false, why));
	both = tree_snapshot(outside_sets);
	/* The lower one first: it would take the upper one's change with it. */
	check_number("out of order", little_undo("1", false, &err), -ESTALE);
	check_holds("says which", err.text, "undo set 0002 first");
	now = tree_snapshot(outside_sets);
	check_same("nothing was touched", both, now);
	MUST(little_undo(NULL, false, why));
	now = (free(now), tree_snapshot(outside_sets));
	check_same("the upper one", applied, now);
	MUST(little_undo(NULL, false, why));
	now = (free(now), tree_snapshot(outside_sets));
	check_same("both", first, now);
}

static void undo_each(const char *steps, const char *says)
{
	autostrv char **ids = NULL;

	ids = strv_split(steps, " ");
	strv_foreach (id, ids) {
		autofree char *before = tree_snapshot(NULL), *after = NULL;
		struct err err = { 0 };

		if (id[0] != '!') {
			MUST(little_undo(id, false, why));
			continue;
		}
		check_number(steps, little_undo(id + 1, false, &err), -ESTALE);
		check_holds(steps, err.text, says);
		after = tree_snapshot(NULL);
		check_same(steps, before, after);
	}
}

/* Set 2 takes away what set 1 brought. It is not done again without set 1 there: there
 * would be nothing to take away, and undoing that would bring it. */
static void test_back_and_forth(void **state)
{
	static const struct {
		const char *undone; /* one after the other; with a !: refused */
		const char *says;
	} rows[] = {
		{ "2 1", NULL },
		{ "2 1 4 3", NULL },
		{ "2 1 !3", "undo set 0004 first" },
		{ "2 1 4 5 !3", "undo set 0006 first" },
		{ "2 1 4 5 6 3", NULL },
		{ "!1 2 1", "undo set 0002 first" },
		{ "2 3 !1 2 1", "undo set 0002 first" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autoplan struct plan *plan = little_plan(), *back = little_plan_back();
		autofree char *first = NULL, *now = NULL;

		tree_renew();
		little_host();
		first = tree_snapshot(outside_sets);
		MUST(little_apply(plan, false, why));
		MUST(little_apply(back, false, why));
		undo_each(rows[i].undone, rows[i].says);
		while (little_undo(NULL, false, NULL) == 0)
			;
		now = tree_snapshot(outside_sets);
		check_same(rows[i].undone, first, now);
	}
}

/* Each set says where its chain began, and which way it goes: what lies between need not
 * be there, or be readable. */
static void test_written_down(void **state)
{
	static const struct {
		const char *origin;
		enum direction direction;
	} rows[] = {
		{ "0001", DIRECTION_FORWARD },
		{ "0002", DIRECTION_FORWARD }, /* is damaged, so it stands alone */
		{ "0001", DIRECTION_FORWARD },
		{ "0001", DIRECTION_BACK },
	};
	autoplan struct plan *plan = little_plan();
	autosets struct sets sets = { 0 };

	(void)state;
	little_host();
	MUST(little_apply(plan, true, why));
	for (size_t i = 1; i < ARRAY_SIZE(rows); i++) {
		char id[16];

		(void)snprintf(id, sizeof(id), "%zu", i);
		MUST(little_undo(id, true, why));
	}
	tree_put(SETS_PATH "/0002/manifest.json", "{");
	MUST(sets_scan(tree_root, &sets, why));
	assert_int_equal(sets.n, ARRAY_SIZE(rows));
	for (size_t i = 0; i < sets.n; i++) {
		check_text(sets.list[i].id, sets.list[i].origin, rows[i].origin);
		check_number(sets.list[i].id, sets.list[i].direction, rows[i].direction);
	}
	assert_ptr_equal(origin_of(&sets, &sets.list[3]), &sets.list[0]);
}

/* The manifest as format 1 has it. */
static void make_old(const char *path)
{
	autofree char *text = tree_get(path), *old = NULL;
	char *format = strstr(text, "\"format\": 2"),
	     *origin = strstr(text, "  \"origin\""), *files = strstr(text, "  \"files\"");

	assert_true(format && origin && files && origin < files);
	format[strlen("\"format\": ")] = '1';
	*origin = '\0';
	assert_true(asprintf(&old, "%s%s", text, files) >= 0);
	tree_put(path, old);
}

/* Those of format 1 get theirs from the sets they undo, and hand it on. */
static void test_format_1(void **state)
{
	static const char *const paths[] = { SETS_PATH "/0001/manifest.json",
		SETS_PATH "/0002/manifest.json", SETS_PATH "/0003/manifest.json" };
	autoplan struct plan *plan = little_plan();

	(void)state;
	little_host();
	MUST(little_apply(plan, true, why));
	MUST(little_undo("1", true, why));
	MUST(little_undo("2", true, why));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		make_old(paths[i]);
	MUST(little_undo("3", true, why));
	for (size_t gone = 0; gone < 2; gone++) {
		autosets struct sets sets = { 0 };

		MUST(sets_scan(tree_root, &sets, why));
		assert_int_equal(sets.n, 4 - gone);
		for (size_t i = 0; i < sets.n; i++) {
			const struct set *set = &sets.list[i];

			check_text(set->id, set->origin, "0001");
			check_number(set->id, set->direction,
				(i + gone) % 2 ? DIRECTION_BACK : DIRECTION_FORWARD);
			assert_ptr_equal(origin_of(&sets, set), &sets.list[0]);
		}
		if (!gone) {
			autofree char *path = tree_path(paths[0]);

			assert_int_equal(unlink(path), 0);
			path = (free(path), tree_path(SETS_PATH "/0001/log"));
			assert_true(unlink(path) == 0 || errno == ENOENT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_undo_undo),
		TEST(test_layers),
		TEST(test_back_and_forth),
		TEST(test_written_down),
		TEST(test_format_1),
	};

	(void)umask(022);
	return RUN(tests);
}

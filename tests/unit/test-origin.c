// SPDX-License-Identifier: GPL-2.0-or-later
/* A set, its undo, and doing it again, in any order. */
#include "little.h"
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
	assert_int_equal(GROW(plan->steps.changes, plan->steps.n_changes), 0);
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

	assert_int_equal(strv_split(steps, " ", &ids), 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_undo_undo),
		TEST(test_layers),
		TEST(test_back_and_forth),
	};

	(void)umask(022);
	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets that are taken away, and those that stay. */
#include "little.h"
#include "core/base/strv.h"
#include "backup/prune.h"

static char *pruned(char *const *words, struct err *err)
{
	autostrv char **gone = NULL;
	char *joined = NULL;

	if (backup_prune(tree_root, words, &gone, err) < 0)
		return NULL;
	joined = strv_join(gone, " ");
	return joined;
}

/* Never what is in force, never the oldest but by its word, and families together. */
static void test_prune(void **state)
{
	static const struct {
		const char *word, *gone, *says;
	} rows[] = {
		{ "5", NULL, "in force" },
		{ "1", NULL, "pciferry prune oldest" },
		{ "2", NULL, "pciferry prune oldest" }, /* the undo of it */
		{ "9", NULL, "no set 9" },
		{ "4", "0003 0004", NULL },
		{ NULL, "0003 0004", NULL },
		{ "oldest", "0001 0002", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autoplan struct plan *plan = little_plan();
		char *words[] = { (char *)rows[i].word, NULL };
		autofree char *gone = NULL, *first = NULL, *now = NULL;
		struct err err = { 0 };

		tree_renew();
		little_host();
		for (size_t j = 0; j < 2; j++) {
			MUST(little_apply(plan, true, why));
			MUST(little_undo(NULL, true, why));
		}
		MUST(little_apply(plan, true, why));
		tree_mkdir(SETS_PATH "/0000.pruned/before"); /* cut short once */
		first = tree_snapshot(outside_sets);
		gone = pruned(words, &err);
		check_text(rows[i].word ?: "all", gone, rows[i].gone);
		if (rows[i].says)
			check_holds(rows[i].word, err.text, rows[i].says);
		now = tree_snapshot(outside_sets);
		check_same("the host", first, now);
		check_number("sets", (long)count_sets(), rows[i].gone ? 3 : 5);
		check_state("5", "applied");
		MUST(little_undo(NULL, true, why));
		if (rows[i].gone)
			check_number("leftovers",
				root_exists(tree_root, SETS_PATH "/0000.pruned"), false);
	}
}

/* Set 2 takes away what set 1 brought, and both are undone: without set 1, doing set 2
 * again would have nothing to take away, and undoing that would bring it. */
static void test_prune_of_a_base(void **state)
{
	static const struct {
		const char *words[2], *gone;
	} rows[] = {
		{ { "oldest" }, NULL },
		{ { "2" }, "0002 0003" },
		{ { "oldest", "2" }, "0001 0002 0003 0004" },
		{ { NULL }, "0002 0003" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autoplan struct plan *plan = little_plan(), *back = little_plan_back();
		char *words[] = { (char *)rows[i].words[0], (char *)rows[i].words[1],
			NULL };
		autofree char *gone = NULL;
		struct err err = { 0 };

		tree_renew();
		little_host();
		MUST(little_apply(plan, true, why));
		MUST(little_apply(back, true, why));
		MUST(little_undo("2", true, why));
		MUST(little_undo("1", true, why));
		gone = pruned(words, &err);
		check_text(words[0] ?: "all", gone, rows[i].gone);
		if (!gone)
			check_holds(words[0], err.text, "prune set 0002 first");
	}
}

/* A set that cannot be looked at for once is damaged: it does not pass for one that was
 * never begun, which a prune sweeps away. */
static void test_prune_keeps_what_it_cannot_read(void **state)
{
	static const char *const paths[] = { SETS_PATH "/0003/manifest.json",
		SETS_PATH "/0003/log" };
	autoplan struct plan *plan = little_plan();
	autofree char *gone = NULL;
	char *words[] = { NULL };
	struct err err = { 0 };

	(void)state;
	little_host();
	for (size_t i = 0; i < 2; i++) {
		MUST(little_apply(plan, true, why));
		MUST(little_undo(NULL, true, why));
	}
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		autofree char *path = tree_path(paths[i]);

		assert_true(unlink(path) == 0 || errno == ENOENT);
		tree_symlink(paths[i], "manifest.json"); /* to itself */
	}
	check_state("3", "damaged");
	gone = pruned(words, &err);
	check_text(err.text, gone, "");
	check_number(
		"its copies", root_exists(tree_root, SETS_PATH "/0003/before"), true);
}

/* A number names one set for ever, pruned or not. */
static void test_number_is_not_used_again(void **state)
{
	autoplan struct plan *plan = little_plan();
	char *oldest[] = { (char *)"oldest", NULL };
	struct err err = { 0 };

	(void)state;
	little_host();
	for (size_t i = 0; i < 2; i++) {
		autofree char *gone = NULL;

		MUST(little_apply(plan, true, why));
		MUST(little_undo(NULL, true, why));
		gone = pruned(oldest, &err);
		check_text("pruned", gone, i ? "0003 0004" : "0001 0002");
	}
	MUST(little_apply(plan, true, why));
	check_state("5", "applied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_prune),
		TEST(test_prune_of_a_base),
		TEST(test_prune_keeps_what_it_cannot_read),
		TEST(test_number_is_not_used_again),
	};

	(void)umask(022);
	return RUN(tests);
}

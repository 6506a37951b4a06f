// SPDX-License-Identifier: GPL-2.0-or-later
/* Undo of files that somebody else has changed since: their change outlives it. */
#include "little.h"
#include "backup/drift.h"
#include "backup/restore.h"
#include "backup/restore_plan.h"
#include "backup/store.h"

#define LINES_BEFORE "one\ntwo\nthree\nfour\nfive\n"
#define LINES_AFTER "one\ntwo\nOURS\nfour\nfive\n"
#define MERGED_BESIDE "one\ntwo\nzero\nthree\nzero\nfour\nfive\n"

static const char path[] = "/etc/conf";

static struct plan *plan_to(const char *before, const char *after)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct change *c;

	assert_non_null(plan);
	GROW(plan->steps.changes, plan->steps.n_changes);
	c = &plan->steps.changes[plan->steps.n_changes++];
	c->path = strdup(path);
	c->why = strdup("a test");
	c->before = before ? strdup(before) : NULL;
	c->after = after ? strdup(after) : NULL;
	c->mode = 0644;
	c->uid = geteuid();
	c->gid = getegid();
	return plan;
}

static void put(const char *text)
{
	autofree char *full = tree_path(path);

	if (text)
		tree_put(path, text);
	else
		assert_int_equal(unlink(full), 0);
}

static int undo_with(enum resolution resolution, struct err *err)
{
	const struct backup_options options = { .on_conflict = resolution };
	autosets struct sets sets = { 0 };

	assert_int_equal(sets_scan(tree_root, &sets, err), 0);
	return backup_restore(tree_root, sets_newest(&sets), &options, NULL, NULL, err);
}

/* What stands where nobody may decide. */
static const char refused[] = "refused";

/* NULL is an absent file. */
static const struct {
	const char *name, *before, *after, *now;
	const char * not, *theirs, *ours, *leave; /* by each resolution */
} rows[] = {
	{ "as it was left", LINES_BEFORE, LINES_AFTER, LINES_AFTER, LINES_BEFORE,
		LINES_BEFORE, LINES_BEFORE, LINES_BEFORE },
	{ "undone by hand", LINES_BEFORE, LINES_AFTER, LINES_BEFORE, LINES_BEFORE,
		LINES_BEFORE, LINES_BEFORE, LINES_BEFORE },
	{ "a line elsewhere", LINES_BEFORE, LINES_AFTER,
		"zero\none\ntwo\nOURS\nfour\nfive\n",
		"zero\none\ntwo\nthree\nfour\nfive\n",
		"zero\none\ntwo\nthree\nfour\nfive\n",
		"zero\none\ntwo\nthree\nfour\nfive\n",
		"zero\none\ntwo\nthree\nfour\nfive\n" },
	{ "no newline at the end", LINES_BEFORE, LINES_AFTER,
		"one\ntwo\nOURS\nfour\nfive\nsix", "one\ntwo\nthree\nfour\nfive\nsix",
		"one\ntwo\nthree\nfour\nfive\nsix", "one\ntwo\nthree\nfour\nfive\nsix",
		"one\ntwo\nthree\nfour\nfive\nsix" },
	{ "the same line, and one elsewhere", LINES_BEFORE, LINES_AFTER,
		"one\ntwo\nTHEIRS\nfour\nfive\nsix\n", refused,
		"one\ntwo\nTHEIRS\nfour\nfive\nsix\n",
		"one\ntwo\nthree\nfour\nfive\nsix\n",
		"one\ntwo\nTHEIRS\nfour\nfive\nsix\n" },
	{ "lines beside it", LINES_BEFORE, LINES_AFTER,
		"one\ntwo\nzero\nOURS\nzero\nfour\nfive\n", MERGED_BESIDE, MERGED_BESIDE,
		MERGED_BESIDE, MERGED_BESIDE },
	{ "a line below the last", "one\n", "one\nOURS\nALSO\n",
		"one\nOURS\nALSO\ntheirs\n", "one\ntheirs\n", "one\ntheirs\n",
		"one\ntheirs\n", "one\ntheirs\n" },
	{ "a line between two of it", "one\n", "one\nOURS\nALSO\n",
		"one\nOURS\ntheirs\nALSO\n", refused, "one\nOURS\ntheirs\nALSO\n",
		"one\n", "one\nOURS\ntheirs\nALSO\n" },
	{ "its line twice", LINES_BEFORE, LINES_AFTER,
		"one\ntwo\nOURS\nOURS\nfour\nfive\n", refused,
		"one\ntwo\nOURS\nOURS\nfour\nfive\n", LINES_BEFORE,
		"one\ntwo\nOURS\nOURS\nfour\nfive\n" },
	{ "its line within another", LINES_BEFORE, LINES_AFTER,
		"one\ntwo\nNOT OURS\nfour\nfive\n", refused,
		"one\ntwo\nNOT OURS\nfour\nfive\n", LINES_BEFORE,
		"one\ntwo\nNOT OURS\nfour\nfive\n" },
	{ "removed since", LINES_BEFORE, LINES_AFTER, NULL, refused, NULL, LINES_BEFORE,
		NULL },
	{ "made by us, and a line added", NULL, "ours\n", "ours\ntheirs\n", refused,
		"ours\ntheirs\n", NULL, "ours\ntheirs\n" },
	{ "made by us, and emptied", NULL, "ours\n", "", refused, NULL, NULL, "" },
	{ "made by us, and removed since", NULL, "ours\n", NULL, NULL, NULL, NULL, NULL },
	{ "removed by us, and there again", LINES_BEFORE, NULL, "theirs\n", refused,
		"theirs\n", LINES_BEFORE, "theirs\n" },
	{ "marks in the text", "<<<<<<< a\n=======\n1\n2\n3\n",
		"<<<<<<< a\n=======\n1\n2\nX\n", "Y\n<<<<<<< a\n=======\n1\n2\nX\n",
		"Y\n<<<<<<< a\n=======\n1\n2\n3\n", "Y\n<<<<<<< a\n=======\n1\n2\n3\n",
		"Y\n<<<<<<< a\n=======\n1\n2\n3\n", "Y\n<<<<<<< a\n=======\n1\n2\n3\n" },
};

static void check_row(size_t i, enum resolution resolution, const char *want)
{
	autoplan struct plan *plan = plan_to(rows[i].before, rows[i].after);
	autofree char *now = NULL, *first = NULL;
	struct err err = { 0 };
	char name[100];
	int r;

	(void)snprintf(name, sizeof(name), "%s, resolution %d", rows[i].name, resolution);
	tree_renew();
	tree_mkdir("etc");
	if (rows[i].before)
		put(rows[i].before);
	MUST(little_apply(plan, false, why));
	if (!streq_null(rows[i].now, rows[i].after))
		put(rows[i].now);
	first = tree_get(path);
	r = undo_with(resolution, &err);
	now = tree_get(path);
	if (want != refused) {
		check_number(err.text, r, 0);
		check_text(name, now, want);
		check_text(name, set_state_of("1"), "undone");
		return;
	}
	check_number(name, r, -ESTALE);
	check_holds(name, err.text, path);
	check_holds(name, err.text, "--on-conflict");
	check_text(name, now, first);
	check_number(name, (long)count_sets(), 1);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(i, RESOLVE_NOT, rows[i].not );
		check_row(i, RESOLVE_THEIRS, rows[i].theirs);
		check_row(i, RESOLVE_OURS, rows[i].ours);
		check_row(i, RESOLVE_LEAVE, rows[i].leave);
	}
}

/* One file this way, another that way; and a mode that somebody set stays. */
static void test_choices(void **state)
{
	static const struct choice choices[] = { { "/etc/default/grub", RESOLVE_LEAVE },
		{ "/etc/pciferry/claims", RESOLVE_OURS } };
	const struct backup_options options = { .choices = choices, .n_choices = 2 };
	autoplan struct plan *plan = little_plan();
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	autofree char *grub = NULL, *linked = NULL, *full = NULL;
	autosets struct sets sets = { 0 };
	struct stat st = { 0 };

	(void)state;
	little_host();
	MUST(little_apply(plan, false, why));
	tree_put("etc/default/grub", "mine\n");
	tree_put("etc/pciferry/claims", "mine\n");
	full = tree_path("opt/real");
	assert_int_equal(chmod(full, 0400), 0);
	MUST(sets_scan(tree_root, &sets, why));
	MUST(backup_restore_plan(tree_root, &sets.list[0], &(struct backup_options){ 0 },
		&restore_plan, why));
	check_number("conflicts", (long)restore_plan.n_conflicts, 2);
	restore_plan_done(&restore_plan);
	MUST(backup_restore_plan(tree_root, &sets.list[0], &options, &restore_plan, why));
	check_number("kept", (long)strv_len(restore_plan.kept), 1);
	check_number("kept", strv_has(restore_plan.kept, "/etc/default/grub"), true);
	MUST(backup_restore(tree_root, &sets.list[0], &options, NULL, NULL, why));
	grub = tree_get("etc/default/grub");
	check_text("left", grub, "mine\n");
	check_number("ours", root_exists(tree_root, "/etc/pciferry"), false);
	linked = tree_get("opt/real");
	check_text("undone", linked, "linked\n");
	assert_int_equal(root_stat(tree_root, "/opt/real", &st), 0);
	check_number("mode", st.st_mode & 07777, 0400);
}

/* A set in the middle: where its lines are its own it goes, else the later one first. */
static void test_middle(void **state)
{
	static const char both[] = "one\ntwo\nOURS\nfour\nSECOND\n";
	autoplan struct plan *first = plan_to(LINES_BEFORE, LINES_AFTER),
			     *second = plan_to(LINES_AFTER, both);
	autofree char *now = NULL;

	(void)state;
	tree_put(path, LINES_BEFORE);
	MUST(little_apply(first, false, why));
	MUST(little_apply(second, false, why));
	MUST(little_undo("1", false, why));
	now = tree_get(path);
	check_text("without the first", now, "one\ntwo\nthree\nfour\nSECOND\n");
	MUST(little_undo(NULL, false, why));
	now = (free(now), tree_get(path));
	check_text("without both", now, LINES_BEFORE);
	/* And again, the other way round. */
	MUST(little_undo("3", false, why));
	MUST(little_undo("4", false, why));
	now = (free(now), tree_get(path));
	check_text("both again", now, both);
}

/* Before an apply writes over it, it is said what others have made of a file of ours. */
static void test_said_before_apply(void **state)
{
	static const struct {
		const char *path, *text; /* as somebody leaves it; NULL: removed */
		const char *says;
	} edits[] = {
		{ "/etc/a/b/new", "new\nmine\n",
			"changed by somebody else since set 0002" },
		{ "/etc/a/b/new", NULL, "removed by somebody else since set 0002" },
		{ "/etc/a/b/new", "newer\n", NULL }, /* as the last set wrote it */
		{ "/etc/default/grub", "mine\n", NULL }, /* edited there, not replaced */
		{ "/etc/pciferry/claims", "mine\n", NULL }, /* meant to be edited */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		autoplan struct plan *first = little_plan(), *next = little_plan();
		struct change *c = &first->steps.changes[4];

		tree_renew();
		little_host();
		MUST(little_apply(first, true, why));
		free(c->before);
		c->before = c->after;
		c->after = strdup("newer\n");
		while (next->steps.n_changes)
			steps_remove_change(&next->steps, next->steps.changes);
		steps_add_change(&next->steps, c);
		c = next->steps.changes;
		MUST(little_apply(next, true, why));
		free(c->before);
		free(c->path);
		c->path = strdup(edits[i].path);
		c->before = edits[i].text ? strdup(edits[i].text) : NULL;
		MUST(backup_warn(tree_root, next, why));
		if (edits[i].says && next->n_findings)
			check_holds(edits[i].path, next->findings[0].text, edits[i].says);
		check_number(edits[i].path, (long)next->n_findings, !!edits[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_said_before_apply),
		TEST(test_rows),
		TEST(test_choices),
		TEST(test_middle),
	};

	(void)umask(022);
	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A set that was cut short: to its end, or back to its beginning. */
#include "backup/resume.h"
#include "backup/journal.h"
#include "backup/restore_plan.h"
#include "backup/ready.h"
#include "backup/store.h"

/* An undo that was cut short is undone by being finished. */
static bool forward(const struct set *set, enum resume where)
{
	return where == RESUME_FINISH ||
	       (where == RESUME_UNDO && set->direction == DIRECTION_BACK);
}

int backup_resume_plan(const struct root *root, const struct set *set, enum resume where,
	const struct backup_options *options, struct restore_plan *ret, struct err *err)
{
	bool on = forward(set, where);
	int r = restore_plan_of_set(
		root, set, on ? SIDE_AFTER : SIDE_BEFORE, options, ret, err);

	if (r < 0)
		return r;
	restore_plan_commands(set, on ? RUNS_ALL : RUNS_REST, ret);
	return on ? 0 : restore_plan_moves(root, set, ret, err);
}

/* From where it was cut short; its files may be on either side. */
static int resume_finish(struct journal *journal, struct err *err)
{
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	int r = restore_plan_of_set(journal->root, &journal->set, SIDE_AFTER,
		journal->options, &restore_plan, err);

	if (r == 0)
		r = restore_plan_clean(journal->root, &journal->set, &restore_plan, err);
	/* As a set that is read has none; a restore plan of files has nothing else. */
	if (r == 0) {
		steps_copy(&restore_plan.steps, &journal->set.steps);
		r = ready_check(journal->root, &journal->set, journal->options, err);
	}
	return r < 0 ? r : journal_run(journal, err);
}

static int put_back(struct journal *journal, struct err *err)
{
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	int r = restore_plan_of_set(journal->root, &journal->set, SIDE_BEFORE,
		journal->options, &restore_plan, err);

	if (r == 0)
		r = restore_plan_clean(journal->root, &journal->set, &restore_plan, err);
	if (r < 0)
		return r;
	journal_step(journal, "put back what set %s changed", journal->set.id);
	if (journal->set.state != SET_PREPARED)
		journal->n_commands_run = journal->set.steps.n_commands;
	return journal_put_back(journal, err);
}

int backup_resume(const struct root *root, const struct set *set, enum resume where,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(journal_done) struct journal journal = { 0 };
	autosets struct sets sets = { 0 };
	struct set *last;
	bool on;
	int r = journal_start(&journal, root, options, progress, err);

	if (r == 0) /* what it is now that nobody else is at it */
		r = sets_scan(root, &sets, err);
	if (r < 0)
		return r;
	last = sets.n ? &sets.list[sets.n - 1] : NULL;
	if (!last || !streq(last->id, set->id) || !set_unfinished(last))
		return err_set(err, -EALREADY, "Set %s is finished already.", set->id);
	on = forward(last, where);
	journal.undoes = last->undoes ? sets_find(&sets, last->undoes) : NULL;
	journal.set = *last;
	*last = (struct set){ 0 };
	r = on ? resume_finish(&journal, err) : put_back(&journal, err);
	if (r == 0 && ret_id)
		*ret_id = TAKE(journal.set.id);
	return r;
}

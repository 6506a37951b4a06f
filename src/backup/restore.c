// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/restore.h"
#include "backup/apply.h"
#include "backup/ready.h"
#include "backup/restore_plan.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "backup/resume.h"
#include "backup/store.h"
#include "core/verify/expect.h"

int backup_restore_plan(const struct root *root, const struct set *set,
	const struct backup_options *options, struct restore_plan *ret, struct err *err)
{
	int r = ready_mounted(root, set, err);

	if (r < 0)
		return r;
	if (set->state == SET_DAMAGED)
		return err_set(
			err, -EIO, "Set %s cannot be undone: %s", set->id, set->problem);
	if (set->state == SET_UNDONE || set->state == SET_ROLLED_BACK ||
		set->state == SET_ENDED)
		return err_set(err, -EALREADY,
			"Set %s is %s already: there is nothing to put back.", set->id,
			set_state_to_string(set->state));
	if (set_unfinished(set))
		return backup_resume_plan(root, set, RESUME_UNDO, options, ret, err);
	r = restore_plan_of_set(root, set, SIDE_BEFORE, options, ret, err);
	if (r < 0)
		return r;
	restore_plan_commands(set, RUNS_BACK, ret);
	return restore_plan_moves(root, set, ret, err);
}

/* The set that is in force again once this one is undone, or NULL. */
static const struct set *set_again(const struct sets *sets, const struct set *set)
{
	const struct set *again = NULL;

	if (set->undoes)
		return sets_find(sets, set->undoes);
	for (size_t i = 0; i < sets->n && !streq(sets->list[i].id, set->id); i++)
		if (sets->list[i].state == SET_APPLIED && !sets->list[i].undoes &&
			!set_only_moves(&sets->list[i]))
			again = &sets->list[i];
	return again;
}

/* The same artifacts as the set has; what they must hold is what they held before. */
static void artifacts_again(
	const struct set *set, const struct set *again, struct steps *steps)
{
	for (size_t i = 0; i < set->steps.n_artifacts; i++) {
		struct artifact artifact = set->steps.artifacts[i];

		artifact.holds = NULL;
		for (size_t j = 0; again && j < again->steps.n_artifacts; j++)
			if (streq(again->steps.artifacts[j].path, artifact.path))
				artifact.holds = again->steps.artifacts[j].holds;
		steps_add_artifact(steps, &artifact);
	}
}

/*
 * What an undo is to bring, the images at once and the drivers after the reboot: what the
 * set before promised that is in force again, else the drivers from before this one.
 */
static int expect_again(const struct root *root, const struct set *set,
	struct steps *steps, struct expectations *expects, struct err *err)
{
	autosets struct sets sets = { 0 };
	const struct set *again;
	int r = sets_scan(root, &sets, err);

	if (r < 0)
		return r;
	again = set_again(&sets, set);
	expectations_copy(again ? &again->expects : &set->expects, !again, expects);
	artifacts_again(set, again, steps);
	return 0;
}

static int undo(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	autofree char *summary = NULL;
	struct apply_request request = { .steps = &restore_plan.steps, .undoes = set };
	int r = backup_restore_plan(root, set, options, &restore_plan, err);

	if (r == 0)
		r = restore_plan_clean(root, set, &restore_plan, err);
	if (r < 0)
		return r;
	summary = text_printf("undo set %s (%s)", set->id, set->summary);
	request.summary = summary;
	r = expect_again(root, set, &restore_plan.steps, &request.expects, err);
	if (r == 0)
		r = apply_steps(root, &request, options, progress, ret_id, err);
	expectations_done(&request.expects);
	return r;
}

/* ret_id gets something only where it went well, and may be NULL. */
int backup_restore(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	int r = ready_mounted(root, set, err);

	if (r < 0)
		return r;
	return set_unfinished(set) ? backup_resume(root, set, RESUME_UNDO, options,
					     progress, ret_id, err)
				   : undo(root, set, options, progress, ret_id, err);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A set that was cut short: to its end, or back to its beginning. */
#include "backup/journal.h"
#include "backup/restore_plan.h"
#include "backup/ready.h"

/* An undo that was cut short is undone by being finished. */
static bool forward(const struct sets *sets, const struct set *set, enum resume where)
{
	return where == RESUME_FINISH ||
	       (where == RESUME_UNDO && set_takes_back(sets, set));
}

int backup_preview_resume(const struct root *root, const struct set *set,
	enum resume where, const struct backup_options *options, struct preview *ret,
	struct err *err)
{
	autosets struct sets sets = { 0 };
	bool on;
	int r = sets_scan(root, &sets, err);

	if (r < 0)
		return r;
	on = forward(&sets, set, where);
	r = preview_set(root, set, on ? SIDE_AFTER : SIDE_BEFORE, options, ret, err);
	if (r == 0)
		r = preview_commands(set, on ? RUNS_ALL : RUNS_REST, ret, err);
	return r < 0 || on ? r : preview_moves(root, set, ret, err);
}

/* From where it was cut short; its files may be on either side. */
static int finish(struct job *job, struct err *err)
{
	CLEANUP(preview_done) struct preview preview = { 0 };
	int r = preview_set(
		job->root, &job->set, SIDE_AFTER, job->options, &preview, err);

	if (r == 0)
		r = preview_clean(job->root, &job->set, &preview, err);
	if (r == 0)
		r = ready_check(job->root, preview.changes, preview.n_changes, &job->set,
			job->options, err);
	if (r < 0)
		return r;
	job->changes = preview.changes;
	job->n_changes = preview.n_changes;
	return job_run(job, err);
}

static int put_back(struct job *job, struct err *err)
{
	CLEANUP(preview_done) struct preview preview = { 0 };
	int r = preview_set(
		job->root, &job->set, SIDE_BEFORE, job->options, &preview, err);

	if (r == 0)
		r = preview_clean(job->root, &job->set, &preview, err);
	if (r < 0)
		return r;
	job_step(job, "put back what set %s changed", job->set.id);
	if (job->set.state != SET_PREPARED)
		job->n_commands_run = job->set.n_commands;
	return job_put_back(job, err);
}

int backup_resume(const struct root *root, const struct set *set, enum resume where,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(job_done) struct job job = { 0 };
	autosets struct sets sets = { 0 };
	struct set *last;
	bool on;
	int r = job_start(&job, root, options, progress, err);

	if (r == 0) /* what it is now that nobody else is at it */
		r = sets_scan(root, &sets, err);
	if (r < 0)
		return r;
	last = sets.n ? &sets.list[sets.n - 1] : NULL;
	if (!last || !streq(last->id, set->id) || !set_unfinished(last))
		return err_set(err, -EALREADY, "Set %s is finished already.", set->id);
	on = forward(&sets, last, where);
	job.undoes = last->undoes ? sets_find(&sets, last->undoes) : NULL;
	job.set = *last;
	*last = (struct set){ 0 };
	r = on ? finish(&job, err) : put_back(&job, err);
	if (r == 0 && ret_id)
		*ret_id = TAKE(job.set.id);
	return r;
}

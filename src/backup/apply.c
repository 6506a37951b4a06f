// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/apply.h"
#include "backup/moves.h"
#include "backup/journal.h"
#include "backup/ready.h"
#include "core/base/strv.h"

/* Changes with every boot: whether the reboot has happened yet. */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* Undoing takes each command's way back, whose way back is the command again. */
static int copy_commands(struct set *set, const struct work *work)
{
	for (size_t i = 0; i < work->n_commands; i++)
		if (GROW(set->commands, set->n_commands) < 0 ||
			command_copy(&work->commands[i], work->undoes,
				&set->commands[set->n_commands++]) < 0)
			return -ENOMEM;
	return 0;
}

static int copy_products(struct set *set, const struct work *work)
{
	for (size_t i = 0; i < work->n_products; i++) {
		if (GROW(set->products, set->n_products) < 0 ||
			product_copy(&work->products[i],
				&set->products[set->n_products++].product) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* What the set says before its files are known. */
static int describe(struct set *set, const struct root *root, struct work *work)
{
	set->expects = work->expects;
	work->expects = (struct expectations){ 0 };
	if (root_read_attr(root, BOOT_ID, &set->boot_id) < 0)
		set->boot_id = NULL; /* verify then takes the reboot for granted */
	set->summary = strdup(work->summary);
	set->undoes = work->undoes ? strdup(work->undoes->id) : NULL;
	return set->summary && !set->undoes == !work->undoes &&
			       copy_commands(set, work) == 0 &&
			       copy_products(set, work) == 0 &&
			       moves_copy(work->moves, work->n_moves, &set->moves,
				       &set->n_moves) == 0
		       ? 0
		       : -ENOMEM;
}

/* The files as they are; every one must still be as the plan saw it. */
static int read_before(struct job *job, struct disk_file *before, struct err *err)
{
	for (size_t i = 0; i < job->n_changes; i++) {
		const struct change *c = &job->changes[i];
		int r = disk_read(job->root, c->path, &before[i], err);

		if (r < 0)
			return r;
		if (!streq_null(c->before, before[i].text))
			return err_set(err, -ESTALE,
				"%s%s was changed by someone else meanwhile: nothing was "
				"written; look again and repeat.",
				root_shown(job->root), c->path);
	}
	return 0;
}

/*
 * The directories the files need are in the manifest before they are made: whoever is cut
 * short here still knows what to take away again.
 */
static int find_dirs(struct job *job, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < job->n_changes; i++)
		if (job->changes[i].after)
			r = disk_missing_dirs(job->root, job->changes[i].path,
				&job->set.made_dirs, err);
	return r;
}

static int prepare(struct job *job, struct err *err)
{
	struct disk_file *before = calloc(job->n_changes + 1, sizeof(*before));
	int r = before ? read_before(job, before, err) : err_oom(err);

	if (r == 0)
		r = find_dirs(job, err);
	if (r == 0)
		r = ready_check(job->root, job->changes, job->n_changes, &job->set,
			job->options, err);
	if (r == 0) {
		job_step(job, "back up %zu file%s", job->n_changes,
			job->n_changes == 1 ? "" : "s");
		r = set_create(
			job->root, &job->set, job->changes, before, job->n_changes, err);
	}
	for (size_t i = 0; before && i < job->n_changes; i++)
		disk_file_done(&before[i]);
	free(before);
	return r;
}

/* A set that was cut short comes first: its files are neither before nor after. */
static int check_unfinished(const struct root *root, struct err *err)
{
	autosets struct sets sets = { 0 };
	const struct set *last;
	int r = sets_scan(root, &sets, err);

	if (r < 0)
		return r;
	last = sets.n ? &sets.list[sets.n - 1] : NULL;
	if (last && set_unfinished(last))
		return err_set(err, -EBUSY,
			"Set %s (%s) was cut short: first put everything back with "
			"pciferry undo, or go on with pciferry finish.",
			last->id, last->summary);
	return 0;
}

int apply_work(const struct root *root, struct work *work,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(job_done) struct job job = { 0 };
	struct err local = { 0 };
	int r;

	err = err ?: &local;
	r = job_start(&job, root, options, progress, err);
	if (r == 0)
		r = check_unfinished(root, err);
	if (r < 0)
		return r;
	job.changes = work->changes;
	job.n_changes = work->n_changes;
	job.undoes = work->undoes;
	if (describe(&job.set, root, work) < 0)
		return err_oom(err);
	r = prepare(&job, err);
	if (r == 0)
		r = job_run(&job, err);
	if (r == 0 && ret_id)
		*ret_id = TAKE(job.set.id);
	return r;
}

/* What a plan took away may have been the last file in a directory an earlier one made.
 */
static void remove_empty_dirs(const struct root *root, const struct plan *plan)
{
	autosets struct sets sets = { 0 };
	bool removes = false;

	for (size_t i = 0; i < plan->n_changes; i++)
		removes |= !plan->changes[i].after;
	if (!removes || sets_scan(root, &sets, NULL) < 0)
		return;
	for (size_t i = 0; i < sets.n; i++)
		if (disk_remove_dirs(root, sets.list[i].made_dirs, NULL) < 0)
			return; /* an empty directory is no reason to fail */
}

int backup_apply(const struct root *root, const struct host *host,
	const struct plan *plan, const struct backup_options *options,
	const struct progress *progress, char **ret_id, struct err *err)
{
	autofree char *summary = NULL;
	struct work work = {
		.changes = plan->changes,
		.n_changes = plan->n_changes,
		.commands = plan->commands,
		.n_commands = plan->n_commands,
		.products = plan->products,
		.n_products = plan->n_products,
		.moves = plan->moves,
		.n_moves = plan->n_moves,
	};
	const struct finding *refusal = plan_refusal(plan);
	int r;

	if (refusal)
		return err_set(err, -EPERM, "%s", refusal->text);
	if (plan_summary(host, plan, &summary) < 0 ||
		expectations_from(host, plan, &work.expects) < 0)
		return err_oom(err);
	work.summary = summary;
	r = apply_work(root, &work, options, progress, ret_id, err);
	expectations_done(&work.expects);
	if (r == 0)
		remove_empty_dirs(root, plan);
	return r;
}

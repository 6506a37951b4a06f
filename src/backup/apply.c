// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/apply.h"
#include "backup/moves.h"
#include "backup/journal.h"
#include "backup/ready.h"
#include "backup/store.h"
#include "core/base/strv.h"
#include "core/verify/expect.h"

/* Changes with every boot: whether the reboot has happened yet. */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* What the set says before its files are known. */
static void apply_describe(
	struct set *set, const struct root *root, struct apply_request *request)
{
	const struct set *undoes = request->undoes;

	set->expects = request->expects;
	request->expects = (struct expectations){ 0 };
	if (root_read_attr(root, BOOT_ID, &set->boot_id) < 0)
		set->boot_id = NULL; /* verify then takes the reboot for granted */
	set->summary = xstrdup(request->summary);
	if (undoes) {
		set->undoes = xstrdup(undoes->id);
		set->origin = xstrdup(undoes->origin);
		set->direction = undoes->direction == DIRECTION_BACK ? DIRECTION_FORWARD
								     : DIRECTION_BACK;
	}
	set->kept = xcalloc(request->steps->n_artifacts + 1, sizeof(*set->kept));
	steps_copy(request->steps, &set->steps);
}

/* The files as they are; every one must still be as the plan saw it. */
static int read_before(
	struct journal *journal, struct atomic_file *before, struct err *err)
{
	const struct steps *steps = &journal->set.steps;

	for (size_t i = 0; i < steps->n_changes; i++) {
		const struct change *c = &steps->changes[i];
		int r = atomic_read(journal->root, c->path, &before[i], err);

		if (r < 0)
			return r;
		if (!streq_null(c->before, before[i].text))
			return err_set(err, -ESTALE,
				"%s%s was changed by someone else meanwhile: nothing was written; look again and repeat.",
				root_shown(journal->root), c->path);
	}
	return 0;
}

/*
 * The directories the files need are in the manifest before they are made: whoever is cut
 * short here still knows what to take away again.
 */
static int find_dirs(struct journal *journal, struct err *err)
{
	const struct steps *steps = &journal->set.steps;
	int r = 0;

	for (size_t i = 0; r == 0 && i < steps->n_changes; i++)
		if (steps->changes[i].after)
			r = atomic_missing_dirs(journal->root, steps->changes[i].path,
				&journal->set.made_dirs, err);
	return r;
}

static int apply_prepare(struct journal *journal, struct err *err)
{
	size_t n = journal->set.steps.n_changes;
	struct atomic_file *before = xcalloc(n + 1, sizeof(*before));
	int r = read_before(journal, before, err);

	if (r == 0)
		r = find_dirs(journal, err);
	if (r == 0)
		r = ready_check(journal->root, &journal->set, journal->options, err);
	if (r == 0) {
		journal_step(journal, "back up %zu file%s", n, n == 1 ? "" : "s");
		r = store_create(journal->root, &journal->set, before, err);
	}
	for (size_t i = 0; i < n; i++)
		atomic_file_done(&before[i]);
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
			"Set %s (%s) was cut short: first put everything back with pciferry undo, or go on with pciferry finish.",
			last->id, last->summary);
	return 0;
}

int apply_steps(const struct root *root, struct apply_request *request,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(journal_done) struct journal journal = { 0 };
	struct err local = { 0 };
	int r;

	err = err ?: &local;
	r = journal_start(&journal, root, options, progress, err);
	if (r == 0)
		r = check_unfinished(root, err);
	if (r < 0)
		return r;
	journal.undoes = request->undoes;
	apply_describe(&journal.set, root, request);
	r = apply_prepare(&journal, err);
	if (r == 0)
		r = journal_run(&journal, err);
	if (r == 0 && ret_id)
		*ret_id = TAKE(journal.set.id);
	return r;
}

/* What a plan took away may have been the last file in a directory an earlier one made.
 */
static void remove_empty_dirs(const struct root *root, const struct plan *plan)
{
	autosets struct sets sets = { 0 };
	bool removes = false;

	for (size_t i = 0; i < plan->steps.n_changes; i++)
		removes |= !plan->steps.changes[i].after;
	if (!removes || sets_scan(root, &sets, NULL) < 0)
		return;
	for (size_t i = 0; i < sets.n; i++)
		if (atomic_remove_dirs(root, sets.list[i].made_dirs, NULL) < 0)
			return; /* an empty directory is no reason to fail */
}

int backup_apply(const struct root *root, const struct host *host,
	const struct plan *plan, const struct backup_options *options,
	const struct progress *progress, char **ret_id, struct err *err)
{
	autofree char *summary = NULL;
	struct apply_request request = { .steps = &plan->steps };
	const struct finding *refusal = plan_refusal(plan);
	int r;

	if (refusal)
		return err_set(err, -EPERM, "%s", refusal->text);
	summary = plan_summary(host, plan);
	expectations_from(host, plan, &request.expects);
	request.summary = summary;
	r = apply_steps(root, &request, options, progress, ret_id, err);
	expectations_done(&request.expects);
	if (r == 0)
		remove_empty_dirs(root, plan);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/apply.h"
#include "backup/restore_plan.h"
#include "core/base/strv.h"
#include "core/base/text.h"

int backup_preview(const struct root *root, const struct set *set,
	const struct backup_options *options, struct preview *ret, struct err *err)
{
	int r;

	if (set->state == SET_DAMAGED)
		return err_set(
			err, -EIO, "Set %s cannot be undone: %s", set->id, set->problem);
	if (set->state == SET_UNDONE || set->state == SET_ROLLED_BACK ||
		set->state == SET_ENDED)
		return err_set(err, -EALREADY,
			"Set %s is %s already: there is nothing to put back.", set->id,
			set_state_word(set->state));
	if (set_unfinished(set))
		return backup_preview_resume(root, set, RESUME_UNDO, options, ret, err);
	r = preview_set(root, set, SIDE_BEFORE, options, ret, err);
	if (r == 0)
		r = preview_commands(set, RUNS_BACK, ret, err);
	return r < 0 ? r : preview_moves(root, set, ret, err);
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

/* The same products as the set has; what they must hold is what they held before. */
static int products_again(
	const struct set *set, const struct set *again, struct work *work)
{
	for (size_t i = 0; i < set->n_products; i++) {
		const struct product *from = &set->products[i].product, *held = NULL;
		struct product *p;

		for (size_t j = 0; again && j < again->n_products; j++)
			if (streq(again->products[j].product.path, from->path))
				held = &again->products[j].product;
		if (GROW(work->products, work->n_products) < 0)
			return -ENOMEM;
		p = &work->products[work->n_products++];
		if (product_copy(from, p) < 0)
			return -ENOMEM;
		strv_free(TAKE(p->holds));
		if (held && strv_copy(held->holds, &p->holds) < 0)
			return -ENOMEM;
	}
	return 0;
}

/*
 * What an undo is to bring, the images at once and the drivers after the reboot: what the
 * set before promised that is in force again, else the drivers from before this one.
 */
static int expect_again(const struct root *root, const struct set *set, struct work *work,
	struct err *err)
{
	autosets struct sets sets = { 0 };
	const struct set *again;
	int r = sets_scan(root, &sets, err);

	if (r < 0)
		return r;
	again = set_again(&sets, set);
	r = again ? expectations_copy(&again->expects, false, &work->expects)
		  : expectations_copy(&set->expects, true, &work->expects);
	if (r == 0)
		r = products_again(set, again, work);
	return r < 0 ? err_oom(err) : 0;
}

static int undo(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(preview_done) struct preview preview = { 0 };
	autofree char *summary = NULL;
	struct work work = {
		.commands = set->commands, .n_commands = set->n_commands, .undoes = set
	};
	int r = backup_preview(root, set, options, &preview, err);

	if (r == 0)
		r = preview_clean(root, set, &preview, err);
	if (r < 0)
		return r;
	work.changes = preview.changes;
	work.n_changes = preview.n_changes;
	work.moves = preview.moves;
	work.n_moves = preview.n_moves;
	if (text_set(&summary, "undo set %s (%s)", set->id, set->summary) < 0)
		return err_oom(err);
	work.summary = summary;
	r = expect_again(root, set, &work, err);
	if (r == 0)
		r = apply_work(root, &work, options, progress, ret_id, err);
	expectations_done(&work.expects);
	products_free(work.products, work.n_products);
	return r;
}

/* ret_id gets something only where it went well, and may be NULL. */
int backup_restore(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	return set_unfinished(set) ? backup_resume(root, set, RESUME_UNDO, options,
					     progress, ret_id, err)
				   : undo(root, set, options, progress, ret_id, err);
}

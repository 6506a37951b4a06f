// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/apply.h"
#include "backup/bind.h"
#include "backup/disk.h"
#include "backup/set.h"
#include "core/base/strv.h"

static bool is_side(const char *text, const struct set_side *side)
{
	char sum[65];

	if (!text || !side->present)
		return !text && !side->present;
	text_sha256(text, sum);
	return streq(sum, side->sha256);
}

/* A later set that is in force and wrote the file too, or NULL. */
static const char *later_set(const struct root *root, const struct set *set,
	const struct set_file *f, struct sets *sets)
{
	if (sets_scan(root, sets, NULL) < 0)
		return NULL;
	for (size_t i = sets->n; i-- > 0 && !streq(sets->list[i].id, set->id);)
		for (size_t j = 0; j < sets->list[i].n_files; j++)
			if (sets->list[i].state == SET_APPLIED && !sets->list[i].undoes &&
				streq(sets->list[i].files[j].path, f->path))
				return sets->list[i].id;
	return NULL;
}

static int refuse_drift(const struct root *root, const struct set *set,
	const struct set_file *f, struct err *err)
{
	autosets struct sets sets = { 0 };
	const char *later = later_set(root, set, f, &sets);

	if (later)
		return err_set(err, -ESTALE,
			"Set %s changed %s%s after set %s did: undo set %s first.", later,
			root_shown(root), f->path, set->id, later);
	return err_set(err, -ESTALE,
		"%s%s was changed by someone after set %s: undo would lose that change, "
		"so nothing was touched. The file as it was before is %s" SETS_PATH
		"/%s/before%s.",
		root_shown(root), f->path, set->id, root_shown(root), set->id, f->path);
}

/* 1 with *ret filled, 0 where the file is as before the set already. */
static int preview_file(const struct root *root, const struct set *set,
	const struct set_file *f, struct change *ret, struct err *err)
{
	CLEANUP(disk_file_done) struct disk_file now = { 0 };
	autofree char *kept = NULL;
	int r = disk_read(root, f->path, &now, err);

	if (r == 0)
		r = set_read_copy(root, set, f, "before", &kept, err);
	if (r < 0)
		return r;
	if (is_side(now.text, &f->before))
		return 0;
	if (!is_side(now.text, &f->after))
		return refuse_drift(root, set, f, err);
	ret->path = strdup(f->path);
	ret->why = strdup(kept ? "as it was before" : "it was not there before");
	if (!ret->path || !ret->why)
		return err_oom(err);
	ret->before = TAKE(now.text);
	ret->after = TAKE(kept);
	ret->mode = f->before.mode;
	ret->uid = f->before.uid;
	ret->gid = f->before.gid;
	return 1;
}

int backup_preview(const struct root *root, const struct set *set, struct change **ret,
	size_t *ret_n, struct err *err)
{
	struct change *changes = NULL;
	size_t n = 0;

	if (set->state == SET_DAMAGED)
		return err_set(
			err, -EIO, "Set %s cannot be undone: %s", set->id, set->problem);
	if (set->state == SET_UNDONE || set->state == SET_ROLLED_BACK ||
		set->state == SET_ENDED)
		return err_set(err, -EALREADY,
			"Set %s is %s already: there is nothing to put back.", set->id,
			set_state_word(set->state));
	for (size_t i = set->n_files; i-- > 0;) {
		int r = GROW(changes, n) < 0 ? err_oom(err)
					     : preview_file(root, set, &set->files[i],
						       &changes[n], err);

		if (r < 0) {
			changes_free(changes, n + 1);
			return r;
		}
		n += r > 0;
	}
	*ret = changes;
	*ret_n = n;
	return 0;
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

/* Moves of an earlier boot have ended with it. */
int backup_preview_moves(const struct root *root, const struct set *set,
	struct move **ret, size_t *ret_n, struct err *err)
{
	*ret = NULL;
	*ret_n = 0;
	if (!set->n_moves || !set_pending(root, set))
		return 0;
	return moves_back(root, set->moves, set->n_moves, ret, ret_n, err);
}

int backup_restore(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	autofree char *summary = NULL, *id = NULL;
	struct work work = { .commands = set->commands, .n_commands = set->n_commands };
	struct change *changes = NULL;
	struct move *moves = NULL;
	int r = backup_preview(root, set, &changes, &work.n_changes, err);

	if (r < 0)
		return r;
	r = backup_preview_moves(root, set, &moves, &work.n_moves, err);
	work.changes = changes;
	work.moves = moves;
	work.undoes = set;
	if (asprintf(&summary, "undo set %s (%s)", set->id, set->summary) < 0) {
		summary = NULL;
		r = r < 0 ? r : err_oom(err);
	}
	work.summary = summary;
	if (r == 0)
		r = expect_again(root, set, &work, err);
	if (r == 0)
		r = apply_work(root, &work, options, progress, &id, err);
	changes_free(changes, work.n_changes);
	moves_free(moves, work.n_moves);
	expectations_done(&work.expects);
	products_free(work.products, work.n_products);
	if (r < 0)
		return r;
	if (ret_id)
		*ret_id = TAKE(id);
	return 0;
}

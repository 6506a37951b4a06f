// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/restore_plan.h"
#include "backup/artifact.h"
#include "backup/moves.h"
#include "backup/origin.h"
#include "backup/merge.h"
#include "backup/store.h"
#include "core/base/strv.h"
#include "core/base/text.h"

void restore_plan_done(struct restore_plan *restore_plan)
{
	steps_done(&restore_plan->steps);
	for (size_t i = 0; i < restore_plan->n_conflicts; i++) {
		free(restore_plan->conflicts[i].path);
		free(restore_plan->conflicts[i].why);
	}
	free(restore_plan->conflicts);
	strv_free(restore_plan->kept);
	strv_free(restore_plan->copies);
	*restore_plan = (struct restore_plan){ 0 };
}

static bool is_side(const char *text, const struct set_side *side)
{
	char sum[65];

	if (!text || !side->present)
		return !text && !side->present;
	text_sha256(text, sum);
	return streq(sum, side->sha256);
}

/* A file under way from one side (base) to the other (target), as it is now. */
struct way {
	const struct set_file *f;
	const struct set_side *base, *target;
	struct atomic_file now;
	char *base_text, *target_text; /* NULL: absent */
};

static void way_done(struct way *way)
{
	atomic_file_done(&way->now);
	free(way->base_text);
	free(way->target_text);
}

static int way_open(const struct root *root, const struct set *set,
	const struct set_file *f, enum side side, struct way *ret, struct err *err)
{
	bool back = side == SIDE_BEFORE;
	int r;

	*ret = (struct way){ .f = f,
		.base = back ? &f->after : &f->before,
		.target = back ? &f->before : &f->after };
	r = atomic_read(root, f->path, &ret->now, err);
	if (r == 0)
		r = store_read_copy(
			root, set, f, back ? "after" : "before", &ret->base_text, err);
	if (r == 0)
		r = store_read_copy(
			root, set, f, back ? "before" : "after", &ret->target_text, err);
	return r;
}

/* What was done to a file's mode or owner since stays, where it was something. */
static void set_attributes(const struct way *way, struct change *c)
{
	const struct set_side *base = way->base, *target = way->target;
	bool both = way->now.text && base->present;

	if (!target->present)
		return;
	c->mode = both && way->now.mode != base->mode ? way->now.mode : target->mode;
	c->uid = both && way->now.uid != base->uid ? way->now.uid : target->uid;
	c->gid = both && way->now.gid != base->gid ? way->now.gid : target->gid;
}

/* after NULL: absent. */
static void add_change(const struct way *way, const char *after, const char *why,
	struct restore_plan *ret)
{
	struct change change = { .path = way->f->path,
		.before = way->now.text,
		.after = (char *)after,
		.why = (char *)why };

	set_attributes(way, &change);
	steps_add_change(&ret->steps, &change);
}

static enum resolution resolution_of(
	const struct backup_options *options, const char *path)
{
	for (size_t i = 0; i < options->n_choices; i++)
		if (streq(options->choices[i].path, path))
			return options->choices[i].resolution;
	return options->on_conflict;
}

static void add_conflict(const struct root *root, const struct set *set,
	const struct set_file *f, struct restore_plan *ret)
{
	struct conflict *c;

	GROW(ret->conflicts, ret->n_conflicts);
	c = &ret->conflicts[ret->n_conflicts++];
	c->path = xstrdup(f->path);
	c->why = text_printf(
		"%s%s was changed by someone after set %s, in the same lines.",
		root_shown(root), f->path, set->id);
}

/*
 * The newest later set that is in force and wrote the file too, or NULL. One that undoes
 * another does not count for a set that was applied: it was seen to be apart from that
 * when it was done. What is done again must find the others as they were when it was
 * undone.
 */
static int find_later(const struct root *root, const struct set *set,
	const struct set_file *f, char **ret, struct err *err)
{
	autosets struct sets sets = { 0 };
	int r = sets_scan(root, &sets, err);

	*ret = NULL;
	for (size_t i = sets.n; r == 0 && i-- > 0 && !streq(sets.list[i].id, set->id);) {
		const struct set *s = &sets.list[i];
		bool counts = !s->undoes || (set->undoes && origin_moved(&sets, s, set));

		if (s->state == SET_APPLIED && counts && set_has_file(s, f->path)) {
			*ret = xstrdup(s->id);
			return 0;
		}
	}
	return r;
}

/*
 * A later set's lines are no change of somebody's: undone later, they must lead to where
 * they would without this set. So both must have changed different lines, and not there
 * and back again.
 */
static int check_later(const struct root *root, const struct set *set,
	const struct way *way, struct err *err)
{
	autofree char *later = NULL, *list = NULL;
	bool apart = false;
	int r = find_later(root, set, way->f, &later, err);

	if (r < 0 || !later)
		return r;
	if (way->now.text && !is_side(way->now.text, way->base))
		r = merge_text(way->now.text, way->base_text ?: "",
			way->target_text ?: "", MERGE_APART, &list, &apart, err);
	return r < 0 || apart
		       ? r
		       : err_set(err, -ESTALE,
				 "Set %s changed %s%s after set %s did: undo set %s first.",
				 later, root_shown(root), way->f->path, set->id, later);
}

/* The merged text: a change, or none. RESOLVE_NOT: there was no conflict. */
static void take_merged(const struct way *way, const char *merged,
	enum resolution resolution, struct restore_plan *ret)
{
	static const char *const whys[] = {
		[RESOLVE_NOT] = "others' changes since are kept",
		[RESOLVE_THEIRS] =
			"others' changes since are kept, also in lines of ours",
		[RESOLVE_OURS] = "others' changes since in lines of ours are lost",
	};

	if (!way->target->present && !merged[0]) /* nothing of anybody is left in it */
		merged = NULL;
	if (!streq_null(merged, way->now.text))
		add_change(way, merged, whys[resolution], ret);
	else if (resolution == RESOLVE_THEIRS)
		strv_add(&ret->kept, way->f->path);
}

/* Both have changed the same lines. */
static int resolve(const struct root *root, const struct set *set, struct way *way,
	enum resolution resolution, struct restore_plan *ret, struct err *err)
{
	bool removed = !way->now.text, clean;
	const char *base = way->base_text ?: "", *target = way->target_text ?: "";
	autofree char *merged = NULL;
	int r = 0;

	if (resolution == RESOLVE_NOT) {
		add_conflict(root, set, way->f, ret);
		return 0;
	}
	if (removed && resolution != RESOLVE_OURS)
		return 0;
	if (resolution == RESOLVE_LEAVE) {
		strv_add(&ret->kept, way->f->path);
		return 0;
	}
	if (!removed)
		r = merge_text(way->now.text, base, target,
			resolution == RESOLVE_OURS ? MERGE_OURS : MERGE_THEIRS, &merged,
			&clean, err);
	if (r == 0)
		take_merged(way, removed ? target : merged, resolution, ret);
	return r;
}

/*
 * Somebody else has changed it. A file that they removed stays removed, or comes back:
 * there is nothing to merge.
 */
static int merge(const struct root *root, const struct set *set, struct way *way,
	const struct backup_options *options, struct restore_plan *ret, struct err *err)
{
	autofree char *merged = NULL;
	bool clean = false;
	int r = !way->now.text ? 0
			       : merge_text(way->now.text, way->base_text ?: "",
					 way->target_text ?: "", MERGE_CLEAN, &merged,
					 &clean, err);

	if (r == 0 && !clean)
		return resolve(
			root, set, way, resolution_of(options, way->f->path), ret, err);
	if (r == 0)
		take_merged(way, merged, RESOLVE_NOT, ret);
	return r;
}

int restore_plan_file(const struct root *root, const struct set *set,
	const struct set_file *f, enum side side, const struct backup_options *options,
	struct restore_plan *ret, struct err *err)
{
	CLEANUP(way_done) struct way way = { 0 };
	int r = way_open(root, set, f, side, &way, err);

	if (r == 0)
		r = check_later(root, set, &way, err);
	if (r < 0 || is_side(way.now.text, way.target))
		return r;
	if (!is_side(way.now.text, way.base))
		return merge(root, set, &way, options, ret, err);
	add_change(&way, way.target_text,
		side == SIDE_AFTER  ? f->why
		: f->before.present ? "as it was before"
				    : "it was not there before",
		ret);
	return 0;
}

int restore_plan_of_set(const struct root *root, const struct set *set, enum side side,
	const struct backup_options *options, struct restore_plan *ret, struct err *err)
{
	struct restore_plan restore_plan = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->n_files; i++) {
		size_t at = side == SIDE_BEFORE ? set->n_files - 1 - i : i;

		r = restore_plan_file(
			root, set, &set->files[at], side, options, &restore_plan, err);
	}
	if (r < 0)
		restore_plan_done(&restore_plan);
	else
		*ret = restore_plan;
	return r;
}

int restore_plan_moves(const struct root *root, const struct set *set,
	struct restore_plan *ret, struct err *err)
{
	if (!set->steps.n_moves || !set_pending(root, set))
		return 0;
	return moves_back(root, set->steps.moves, set->steps.n_moves, &ret->steps, err);
}

void restore_plan_commands(
	const struct set *set, enum runs runs, struct restore_plan *ret)
{
	size_t n = runs == RUNS_REST && set->state == SET_PREPARED
			   ? 0
			   : set->steps.n_commands;

	for (size_t i = 0; i < n; i++) {
		const struct command *c = &set->steps.commands[i];
		const struct command back = {
			.argv = c->undo, .undo = c->argv, .why = c->why
		};

		if (runs == RUNS_REST && !c->undo && artifacts_kept(set, i)) {
			artifacts_add_copies(set, i, &ret->copies);
			continue;
		}
		steps_add_command(&ret->steps, runs != RUNS_ALL && c->undo ? &back : c);
	}
}

int restore_plan_clean(const struct root *root, const struct set *set,
	const struct restore_plan *restore_plan, struct err *err)
{
	autostrv char **paths = NULL;
	autofree char *joined = NULL;

	if (!restore_plan->n_conflicts)
		return 0;
	for (size_t i = 0; i < restore_plan->n_conflicts; i++)
		strv_add(&paths, restore_plan->conflicts[i].path);
	joined = strv_join(paths, ", ");
	return err_set(err, -ESTALE,
		"Someone changed the lines of set %s since, in %s%s: nothing was touched. Say what is to count there with --on-conflict theirs, ours or leave; what set %s kept is in %s" SETS_PATH
		"/%s/before.",
		set->id, root_shown(root), joined, set->id, root_shown(root), set->id);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets that are not needed any more: only what was asked for, and never what is in force.
 */
#include "backup/prune.h"
#include "backup/origin.h"
#include "backup/lock.h"
#include "backup/store.h"
#include "core/base/strv.h"

#define PRUNED ".pruned"

/* A set in force knows that the directory was not there before. */
static bool known_elsewhere(const struct sets *sets, const char *dir)
{
	for (size_t i = 0; i < sets->n; i++)
		if (sets->list[i].state == SET_APPLIED && !sets->list[i].undoes &&
			strv_has(sets->list[i].made_dirs, dir))
			return true;
	return false;
}

static int check_dirs(const struct root *root, const struct sets *sets,
	const struct set *origin, struct err *err)
{
	for (size_t i = 0; i < sets->n; i++)
		strv_foreach (dir, sets->list[i].made_dirs) {
			bool last = origin_of(sets, &sets->list[i]) == origin &&
				    !known_elsewhere(sets, dir);
			int r = last ? root_has(root, dir, err) : 0;

			if (r < 0)
				return r;
			if (r > 0)
				return err_set(err, -EPERM,
					"Set %s made %s%s, which is still in use: without it nothing would take that away again.",
					origin->id, root_shown(root), dir);
		}
	return 0;
}

/* A set goes with its undos and redos, and only where nothing of it is in force. */
static int check_free(const struct root *root, const struct sets *sets,
	const struct set *origin, struct err *err)
{
	if (set_unfinished(origin))
		return err_set(err, -EBUSY,
			"Set %s was cut short: finish it or undo it first.", origin->id);
	if (origin->state == SET_APPLIED)
		return err_set(err, -EPERM,
			"Set %s is in force: without it what it changed could not be undone. Undo it first.",
			origin->id);
	return check_dirs(root, sets, origin, err);
}

static bool share_file(const struct set *a, const struct set *b)
{
	for (size_t i = 0; i < a->n_files; i++)
		if (set_has_file(b, a->files[i].path))
			return true;
	return false;
}

/* A later set that was undone with this one in force can be done again only where that is
 * so again: either goes first, or both go. */
static int check_base(const struct sets *sets, const struct set *origin, char *const *ids,
	struct err *err)
{
	for (const struct set *s = origin + 1; s < sets->list + sets->n; s++) {
		const struct set *later = origin_of(sets, s);

		if (s->undoes && s->state == SET_APPLIED && later > origin &&
			later->state == SET_UNDONE && !strv_has(ids, s->id) &&
			share_file(origin, s) && origin_moved(sets, origin, s))
			return err_set(err, -EPERM,
				"Set %s was built on set %s, and could not be done again without it: prune set %s first, or with it.",
				later->id, origin->id, later->id);
	}
	return 0;
}

/* Adds the set and all that undid it or did it again, oldest first: whoever is cut short
 * between them never leaves one that looks as if it were in force. */
static void add_chain(const struct sets *sets, const struct set *origin, char ***ret)
{
	for (size_t i = 0; i < sets->n; i++)
		if (origin_of(sets, &sets->list[i]) == origin)
			strv_add_new(ret, sets->list[i].id);
}

static int add_word(const struct root *root, const struct sets *sets, const char *word,
	char ***ret, struct err *err)
{
	bool oldest = streq(word, "oldest");
	const struct set *set = sets->list;
	int r = oldest && set ? 0 : sets_named(sets, word, &set, err);

	if (r < 0)
		return r;
	set = origin_of(sets, set);
	r = check_free(root, sets, set, err);
	if (r < 0)
		return r;
	if (set == &sets->list[0] && !oldest)
		return err_set(err, -EPERM,
			"Set %s is the oldest: it holds the files as they were before pciferry. To remove it all the same, say: pciferry prune oldest.",
			set->id);
	add_chain(sets, set, ret);
	return 0;
}

static int add_named(const struct root *root, const struct sets *sets, char *const *words,
	char ***ret, struct err *err)
{
	int r = 0;

	strv_foreach (word, words) {
		r = add_word(root, sets, word, ret, err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; r == 0 && i < sets->n; i++) {
		const struct set *set = &sets->list[i];

		if (!set->undoes && strv_has(*ret, set->id))
			r = check_base(sets, set, *ret, err);
	}
	return r;
}

/* The newest first: those built on others go before them. */
static void add_all(const struct root *root, const struct sets *sets, char ***ret)
{
	for (size_t i = sets->n; i-- > 1;) {
		const struct set *set = &sets->list[i];

		if (!set->undoes && set->state != SET_DAMAGED &&
			check_free(root, sets, set, NULL) == 0 &&
			check_base(sets, set, *ret, NULL) == 0)
			add_chain(sets, set, ret);
	}
}

int prune_list(const struct root *root, const struct sets *sets, char *const *words,
	char ***ret, struct err *err)
{
	autostrv char **ids = NULL;
	int r = 0;

	if (words[0])
		r = add_named(root, sets, words, &ids, err);
	else
		add_all(root, sets, &ids);
	if (r < 0)
		return r;
	strv_sort_versions(ids);
	*ret = TAKE(ids);
	return 0;
}

/* What a pruning that was cut short has left, and what never became a set. */
static void remove_leftovers(const struct root *root)
{
	autostrv char **names = NULL;

	if (root_list(root, SETS_PATH, &names) < 0)
		return;
	strv_foreach (name, names) {
		autofree char *path = store_dir(name);

		if (has_suffix(name, PRUNED) || store_unborn(root, name))
			atomic_remove_tree(root, path);
	}
}

int backup_prune(
	const struct root *root, char *const *words, char ***ret_ids, struct err *err)
{
	CLEANUP(lock_drop) struct lock lock = { .fd = -1 };
	autosets struct sets sets = { 0 };
	autostrv char **ids = NULL;
	int r = lock_take(root, &lock, err);

	if (r == 0)
		r = sets_scan(root, &sets, err);
	if (r == 0)
		r = prune_list(root, &sets, words, &ids, err);
	if (r < 0)
		return r;
	remove_leftovers(root);
	if (sets.n && strv_has(ids, sets.list[sets.n - 1].id))
		r = store_remember(root, sets.list[sets.n - 1].id, err);
	if (r < 0)
		return r;
	strv_foreach (id, ids) {
		r = atomic_discard(root, SETS_PATH, id, PRUNED, err);
		if (r < 0)
			return r;
	}
	*ret_ids = TAKE(ids);
	return 0;
}

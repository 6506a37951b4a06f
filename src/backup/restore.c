// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/apply.h"
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
		return err_set(err, -ESTALE,
			"%s%s was changed by someone after set %s: undo would lose that change, so nothing was touched. The file as it was before is %s" SETS_PATH "/%s/before%s.",
			root_shown(root), f->path, set->id, root_shown(root), set->id, f->path);
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
		return err_set(err, -EIO, "Set %s cannot be undone: %s", set->id, set->problem);
	for (size_t i = set->n_files; i-- > 0;) {
		int r = GROW(changes, n) < 0
			? err_oom(err)
			: preview_file(root, set, &set->files[i], &changes[n], err);

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

static int set_state(const struct root *root, const char *id, enum set_state state,
	struct err *err)
{
	autosets struct sets sets = { 0 };
	struct set *set;
	int r = sets_scan(root, &sets, err);

	if (r < 0)
		return r;
	set = (struct set *)sets_find(&sets, id);
	if (!set || set->state == SET_DAMAGED)
		return 0;
	set->state = state;
	return set_save(root, set, err);
}

int backup_restore(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress, char **ret_id,
	struct err *err)
{
	autofree char *summary = NULL;
	struct work work = { .commands = set->commands, .n_commands = set->n_commands };
	struct change *changes = NULL;
	int r = backup_preview(root, set, &changes, &work.n_changes, err);

	if (r < 0)
		return r;
	work.changes = changes;
	work.undoes = set->id;
	if (asprintf(&summary, "undo set %s (%s)", set->id, set->summary) < 0) {
		summary = NULL;
		r = err_oom(err);
	}
	work.summary = summary;
	if (r == 0)
		r = apply_work(root, &work, options, progress, ret_id, err);
	changes_free(changes, work.n_changes);
	if (r < 0)
		return r;
	disk_remove_dirs(root, set->made_dirs);
	r = set_state(root, set->id, SET_UNDONE, err);
	if (r == 0 && set->undoes) /* undoing an undo: that set holds again */
		r = set_state(root, set->undoes, SET_APPLIED, err);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What brings a set's files to one of its two sides, whatever has happened since. */
#pragma once

#include "backup/backup.h"

enum side { SIDE_BEFORE, SIDE_AFTER };

/*
 * Adds the change that one file of the set needs, or none where it is so already. Where
 * somebody else changed it since, their change is merged in, or kept as the options say,
 * or it is a conflict.
 */
int restore_plan_file(const struct root *root, const struct set *set,
	const struct set_file *f, enum side side, const struct backup_options *options,
	struct restore_plan *ret, struct err *err) MUST_CHECK;
/* All files, the last written first for SIDE_BEFORE. */
int restore_plan_of_set(const struct root *root, const struct set *set, enum side side,
	const struct backup_options *options, struct restore_plan *ret,
	struct err *err) MUST_CHECK;
/* Adds the moves that give devices back the driver they had before the set moved them.
 * None where the host was booted since: that has given it back already. */
int restore_plan_moves(const struct root *root, const struct set *set,
	struct restore_plan *ret, struct err *err) MUST_CHECK;
/* Which of the set's commands run once its files are where they shall be. */
enum runs {
	RUNS_ALL, /* each, as it ran for the plan */
	RUNS_BACK, /* each, or the one that takes it back, where it has one */
	RUNS_REST, /* the same, but for those whose old images and menus are kept in the
		      set: these are copied back instead */
};
/* Adds those commands, and to ret->copies the paths that are copied back instead. */
void restore_plan_commands(
	const struct set *set, enum runs runs, struct restore_plan *ret);
/* -ESTALE with a sentence that names the files, where there are conflicts. */
int restore_plan_clean(const struct root *root, const struct set *set,
	const struct restore_plan *restore_plan, struct err *err) MUST_CHECK;

void restore_plan_done(struct restore_plan *restore_plan);

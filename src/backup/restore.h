/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting a set back. */
#pragma once

#include "backup/backup.h"

/*
 * What restoring the set would change. What others changed in its files since is kept
 * where diff3(1) can merge it, else there is a conflict. -ESTALE where a later set
 * changed the same lines, -EALREADY where the set is not in force.
 */
int backup_restore_plan(const struct root *root, const struct set *set,
	const struct backup_options *options, struct restore_plan *ret,
	struct err *err) MUST_CHECK;

/*
 * Puts the set's files back and runs its commands again, as a set of its own; -ESTALE
 * where there are conflicts. One that was cut short is taken back in place instead, as by
 * RESUME_UNDO.
 */
int backup_restore(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Going on with a set that was cut short. */
#pragma once

#include "backup/backup.h"

/* The same two for a set that was cut short: no new set is made. -EALREADY where it was
 * finished meanwhile. */
int backup_resume_plan(const struct root *root, const struct set *set, enum resume where,
	const struct backup_options *options, struct restore_plan *ret,
	struct err *err) MUST_CHECK;

int backup_resume(const struct root *root, const struct set *set, enum resume where,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err) MUST_CHECK;

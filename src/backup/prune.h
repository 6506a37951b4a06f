/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removing sets that are not in force. */
#pragma once

#include "backup/backup.h"

/*
 * Which sets "prune" with these words removes, oldest first, with their undos and redos:
 * those named, else all of which nothing is in force. The oldest goes only by the word
 * "oldest", a damaged one only by its name. -EPERM: in force, or a directory that it made
 * is in use, or one that stays is built on it; -EBUSY: cut short.
 */
int prune_list(const struct root *root, const struct sets *sets, char *const *words,
	char ***ret, struct err *err) MUST_CHECK;

/* Removes them; *ret_ids is the caller's, see strv.h. */
int backup_prune(const struct root *root, char *const *words, char ***ret_ids,
	struct err *err) MUST_CHECK;

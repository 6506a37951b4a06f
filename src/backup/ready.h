/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would stop the work half-way is found before its first byte is written. */
#pragma once

#include "backup/backup.h"

/*
 * Whether every file system that /etc/fstab has above the set's files is mounted; else
 * these are not the files that the set changed. Without a set: whether sets can be seen.
 */
int ready_mounted(
	const struct root *root, const struct set *set, struct err *err) MUST_CHECK;

/*
 * Whether a set's changes, its own copies, and what its commands make can be written:
 * room on every file system, none of them read-only, no file immutable or with several
 * names, every program there. Else one sentence that says what to do.
 */
int ready_check(const struct root *root, const struct set *set,
	const struct backup_options *options, struct err *err) MUST_CHECK;

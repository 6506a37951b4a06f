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
int preview_file(const struct root *root, const struct set *set, const struct set_file *f,
	enum side side, const struct backup_options *options, struct preview *ret,
	struct err *err) MUST_CHECK;
/* All files, the last written first for SIDE_BEFORE. */
int preview_set(const struct root *root, const struct set *set, enum side side,
	const struct backup_options *options, struct preview *ret,
	struct err *err) MUST_CHECK;
/* Adds the moves of devices that take back the set's, as far as this boot has made them.
 */
int preview_moves(const struct root *root, const struct set *set, struct preview *ret,
	struct err *err) MUST_CHECK;
/* Which commands of the set run. */
enum runs {
	RUNS_ALL, /* as they are */
	RUNS_BACK, /* their ways back */
	RUNS_REST, /* those of which what they made was not kept */
};
int preview_commands(const struct set *set, enum runs runs, struct preview *ret,
	struct err *err) MUST_CHECK;
/* -ESTALE with a sentence that names the files, where there are conflicts. */
int preview_clean(const struct root *root, const struct set *set,
	const struct preview *preview, struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a backup set is, in words: undoing an undo makes a third set, and so on. */
#pragma once

#include "backup/backup.h"

enum set_deed {
	SET_APPLIES, /* it wrote a plan */
	SET_UNDOES, /* it took that back */
	SET_REDOES, /* it took an undo back */
};

enum set_deed set_deed(const struct set *set);

/* "redo of set 0001: claim 0000:01:00.0"; the caller's. */
char *set_words(const struct sets *sets, const struct set *set) RETURNS_MEMORY;

/* "applied", or "cut short" for one that is unfinished. */
const char *set_state_shown(const struct set *set);

/* -EALREADY where nothing of the set is left to be put back: err says why. Else 0. */
int set_is_settled(
	const struct sets *sets, const struct set *set, struct err *err) MUST_CHECK;

/* "2026-08-01 14:03 UTC" from a set's RFC 3339 time. */
void time_show(const char *rfc3339, char *buf, size_t size);

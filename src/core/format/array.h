/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays of a bash configuration file such as /etc/mkinitcpio.conf: MODULES=(a b) over
 * one line or several, with comments in between, += and the older MODULES="a b". Nothing
 * is run: "$x" stays as it is. Words are added at the end of the file, in a block of ours
 * (block.h), so that every byte of the user's stays.
 */
#pragma once

#include "core/base/err.h"

struct array {
	char **tokens; /* see strv.h */
	bool string; /* the last assignment was no list but a string of words */
	bool open; /* a list is never closed: bash would not read the file */
};

void array_done(struct array *array);
/* What array holds after sourcing text, which may be NULL, on top. */
void array_source(const char *text, const char *name, struct array *array);
/* The line that adds words to it: "MODULES+=(a b)", or "MODULES+=" a b"" for a string. */
char *array_append_line(
	const struct array *array, const char *name, char *const *words) RETURNS_MEMORY;

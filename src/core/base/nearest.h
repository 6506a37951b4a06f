/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a misspelt word was meant to be. */
#pragma once

#include "core/base/util.h"

struct nearest {
	const char *word; /* as it was typed */
	const char *found; /* the candidate most like it; NULL where none is like it */
	size_t edits; /* between the two */
};

/*
 * Takes the candidate where it is more like the word than what was found so far: at most
 * one letter in three is added, left out, another, or swapped with the next; or the word
 * is its beginning. Borrowed, as the word is.
 */
void nearest_try(struct nearest *nearest, const char *candidate);

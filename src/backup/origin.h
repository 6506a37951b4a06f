/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set, what undid it, and what did it again: its undo chain. */
#pragma once

#include "backup/set.h"

/* Fills in origin and direction where the manifest does not have them, as in format 1:
 * from those of the set it undoes. For all sets of the list, oldest first. */
void origin_derive(const struct sets *sets, struct set *set);

/* The set that the chain of one of the list began with; the oldest that is left of it. */
const struct set *origin_of(const struct sets *sets, const struct set *set);
/* Whether what the set's chain has done after that other set comes to something: there
 * and back again does not. */
bool origin_moved(
	const struct sets *sets, const struct set *set, const struct set *since);

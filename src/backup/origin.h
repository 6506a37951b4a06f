/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set, what undid it, and what did it again: its undo chain. */
#pragma once

#include "backup/backup.h"

/* What a set of the list is about in the end, which is neither an undo nor a redo: the
 * chain's name. */
const struct set *origin_of(const struct sets *sets, const struct set *set);
/* Whether what the set's chain has done after that other set comes to something: there
 * and back again does not. */
bool origin_moved(
	const struct sets *sets, const struct set *set, const struct set *since);

/* Whether the set is an undo, or an undo of a redo: finishing it takes a change back. */
bool set_goes_back(const struct sets *sets, const struct set *set);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set, what undid it, and what did it again: its family. */
#pragma once

#include "backup/backup.h"

/* What a set of the list is about in the end, which is neither an undo nor a redo: the
 * family's name. */
const struct set *set_origin(const struct sets *sets, const struct set *set);
bool set_has_file(const struct set *set, const char *path);
/* Whether what the set's family has done after that other set comes to something: there
 * and back again does not. */
bool set_family_moved(
	const struct sets *sets, const struct set *set, const struct set *since);

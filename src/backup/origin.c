// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/origin.h"
#include "core/base/text.h"

const struct set *set_origin(const struct sets *sets, const struct set *set)
{
	const struct set *next;

	/* One undoes an older one; what a manifest says otherwise counts for nothing. */
	while (set->undoes && (next = sets_find(sets, set->undoes)) && next < set)
		set = next;
	return set;
}

bool set_has_file(const struct set *set, const char *path)
{
	for (size_t i = 0; i < set->n_files; i++)
		if (streq(set->files[i].path, path))
			return true;
	return false;
}

bool set_takes_back(const struct sets *sets, const struct set *set)
{
	bool back = false;

	set = sets_find(sets, set->id);
	for (const struct set *next; set && set->undoes; set = next, back = !back) {
		next = sets_find(sets, set->undoes);
		if (!next || next >= set)
			return !back;
	}
	return back;
}

bool set_family_moved(
	const struct sets *sets, const struct set *set, const struct set *since)
{
	const struct set *origin = set_origin(sets, set);
	bool moved = false;

	for (size_t i = sets->n; i-- > 0 && !streq(sets->list[i].id, since->id);) {
		const struct set *s = &sets->list[i];

		if (set_origin(sets, s) == origin)
			moved ^= s->state == SET_APPLIED || s->state == SET_UNDONE;
	}
	return moved;
}

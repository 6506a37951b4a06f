// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/origin.h"
#include "core/base/text.h"
#include "backup/set.h"

const struct set *origin_of(const struct sets *sets, const struct set *set)
{
	const struct set *next;

	/* One undoes an older one; what a manifest says otherwise counts for nothing. */
	while (set->undoes && (next = sets_find(sets, set->undoes)) && next < set)
		set = next;
	return set;
}

bool set_goes_back(const struct sets *sets, const struct set *set)
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

bool origin_moved(const struct sets *sets, const struct set *set, const struct set *since)
{
	const struct set *origin = origin_of(sets, set);
	bool moved = false;

	for (size_t i = sets->n; i-- > 0 && !streq(sets->list[i].id, since->id);) {
		const struct set *s = &sets->list[i];

		if (origin_of(sets, s) == origin)
			moved ^= s->state == SET_APPLIED || s->state == SET_UNDONE;
	}
	return moved;
}

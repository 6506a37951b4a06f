// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/origin.h"

void origin_derive(const struct sets *sets, struct set *set)
{
	const struct set *undone = set->undoes ? sets_find(sets, set->undoes) : NULL;
	const char *origin = set->id;

	if (set->origin)
		return;
	if (set->undoes)
		set->direction = DIRECTION_BACK;
	/* One undoes an older one; what a manifest says otherwise counts for nothing. */
	if (undone && undone < set) {
		origin = undone->origin;
		if (undone->direction == DIRECTION_BACK)
			set->direction = DIRECTION_FORWARD;
	} else if (set->undoes && !undone) {
		origin = set->undoes; /* which was pruned */
	}
	set->origin = xstrdup(origin);
}

const struct set *origin_of(const struct sets *sets, const struct set *set)
{
	const struct set *first = sets->list;

	while (!streq(first->origin, set->origin))
		first++;
	return first;
}

bool origin_moved(const struct sets *sets, const struct set *set, const struct set *since)
{
	bool moved = false;

	for (size_t i = sets->n; i-- > 0 && !streq(sets->list[i].id, since->id);) {
		const struct set *s = &sets->list[i];

		if (streq(s->origin, set->origin))
			moved ^= s->state == SET_APPLIED || s->state == SET_UNDONE;
	}
	return moved;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/set_words.h"
#include "core/base/text.h"
#include "backup/set.h"

enum set_deed set_deed(const struct set *set)
{
	return !set->undoes			  ? SET_APPLIES
	       : set->direction == DIRECTION_BACK ? SET_UNDOES
						  : SET_REDOES;
}

char *set_words(const struct sets *sets, const struct set *set)
{
	enum set_deed deed = set_deed(set);
	const struct set *about = sets_find(sets, set->origin);
	const char *summary = about ? about->summary : NULL;

	if (deed == SET_APPLIES)
		return xstrdup(set->summary ?: set->problem ?: "not known");
	return text_printf("%s of set %s%s%s", deed == SET_UNDOES ? "undo" : "redo",
		set->origin, summary ? ": " : "", summary ?: "");
}

const char *set_state_shown(const struct set *set)
{
	return set_unfinished(set) ? "cut short" : set_state_to_string(set->state);
}

/* The set in force that undid it, or NULL. */
static const struct set *undone_by(const struct sets *sets, const struct set *set)
{
	for (size_t i = sets->n; i-- > 0;)
		if (streq_null(sets->list[i].undoes, set->id) &&
			sets->list[i].state == SET_APPLIED)
			return &sets->list[i];
	return NULL;
}

int set_is_settled(const struct sets *sets, const struct set *set, struct err *err)
{
	const struct set *by = undone_by(sets, set);

	if (set->state == SET_ROLLED_BACK)
		return err_set(err, -EALREADY,
			"Writing set %s failed, and everything was put back then: nothing of it is left.",
			set->id);
	if (set->state == SET_UNDONE && by)
		return err_set(err, -EALREADY,
			"Set %s is undone already, by set %s. To have it again, undo set %s.",
			set->id, by->id, by->id);
	if (set->state == SET_UNDONE)
		return err_set(err, -EALREADY, "Set %s is undone already.", set->id);
	return 0;
}

void time_show(const char *s, char *buf, size_t size)
{
	if (s && strlen(s) >= 16)
		(void)snprintf(buf, size, "%.10s %.5s UTC", s, s + 11);
	else
		(void)snprintf(buf, size, "at an unknown time");
}

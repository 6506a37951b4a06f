// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/set.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/verify/expect.h"

static const char *const state_words[] = {
	[SET_PREPARED] = "prepared",
	[SET_WRITTEN] = "written",
	[SET_REBUILT] = "rebuilt",
	[SET_APPLIED] = "applied",
	[SET_ROLLED_BACK] = "rolled-back",
	[SET_UNDONE] = "undone",
	[SET_ENDED] = "ended",
	[SET_DAMAGED] = "damaged",
};

const char *set_state_to_string(enum set_state state)
{
	return state_words[state];
}

void set_done(struct set *set)
{
	free(set->id);
	free(set->time);
	free(set->summary);
	free(set->undoes);
	free(set->origin);
	for (size_t i = 0; i < set->n_files; i++) {
		free(set->files[i].path);
		free(set->files[i].why);
	}
	free(set->files);
	strv_free(set->made_dirs);
	for (size_t i = 0; set->kept && i < set->steps.n_artifacts; i++)
		strv_free(set->kept[i].beside);
	free(set->kept);
	steps_done(&set->steps);
	expectations_done(&set->expects);
	free(set->boot_id);
	free(set->problem);
	*set = (struct set){ 0 };
}

bool set_unfinished(const struct set *set)
{
	return set->state == SET_PREPARED || set->state == SET_WRITTEN ||
	       set->state == SET_REBUILT;
}

bool set_only_moves(const struct set *set)
{
	return set->steps.n_moves && !set->n_files;
}

bool set_has_file(const struct set *set, const char *path)
{
	for (size_t i = 0; i < set->n_files; i++)
		if (streq(set->files[i].path, path))
			return true;
	return false;
}

bool set_pending(const struct root *root, const struct set *set)
{
	autofree char *now = NULL;

	return set->boot_id &&
	       root_read_attr(root, "/proc/sys/kernel/random/boot_id", &now) == 0 &&
	       streq(now, set->boot_id);
}

static struct set *find_set(const struct sets *sets, const char *id)
{
	bool number = id[0] && id[strspn(id, "0123456789")] == '\0';

	for (size_t i = 0; number && i < sets->n; i++)
		if (strtoul(sets->list[i].id, NULL, 10) == strtoul(id, NULL, 10))
			return &sets->list[i];
	return NULL;
}

void sets_done(struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		set_done(&sets->list[i]);
	free(sets->list);
	*sets = (struct sets){ 0 };
}

const struct set *sets_find(const struct sets *sets, const char *id)
{
	return find_set(sets, id);
}

int sets_named(
	const struct sets *sets, const char *id, const struct set **ret, struct err *err)
{
	const struct set *set = find_set(sets, id);

	if (!set)
		return err_set(
			err, -ENOENT, "There is no set %s: see pciferry history.", id);
	*ret = set;
	return 0;
}

const char *direction_to_string(enum direction direction)
{
	return direction == DIRECTION_BACK ? "back" : "forward";
}

/* A reboot ends what was only moved; until then the host's own state counts. */
static void derive_ended(const struct root *root, struct set *set)
{
	if (set_only_moves(set) && !set_pending(root, set) &&
		(set->state == SET_APPLIED || set_unfinished(set)))
		set->state = SET_ENDED;
}

/*
 * What later sets make of earlier ones is not written down but follows: a set that a
 * finished one undid is undone, unless that one was undone itself.
 */
static void derive_states(struct sets *sets)
{
	for (size_t i = sets->n; i-- > 0;) {
		struct set *set = &sets->list[i], *undone;

		if (!set->undoes || set->state != SET_APPLIED)
			continue;
		undone = find_set(sets, set->undoes);
		if (undone && undone < set && undone->state != SET_DAMAGED)
			undone->state = SET_UNDONE;
	}
}

void sets_derive(const struct root *root, struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		derive_ended(root, &sets->list[i]);
	derive_states(sets);
}

const struct set *sets_newest(const struct sets *sets)
{
	const struct set *last = sets->n ? &sets->list[sets->n - 1] : NULL;

	if (last && set_unfinished(last))
		return last;
	for (size_t i = sets->n; i-- > 0;) {
		const struct set *set = &sets->list[i];

		if (!set->undoes && set->state == SET_APPLIED)
			return set;
	}
	return last && last->state == SET_DAMAGED ? last : NULL;
}

const struct set *sets_in_force(const struct sets *sets)
{
	for (size_t i = sets->n; i-- > 0;)
		if (sets->list[i].state == SET_APPLIED && !set_only_moves(&sets->list[i]))
			return &sets->list[i];
	return NULL;
}

static const char *home_in(const struct set *set, const char *address, const char *id)
{
	for (size_t i = set->steps.n_moves; i-- > 0;) {
		const struct move *m = &set->steps.moves[i];

		if (streq(m->address, address) && streq(m->id, id) && m->before &&
			!streq(m->before, "vfio-pci"))
			return m->before;
	}
	for (size_t i = 0; i < set->expects.n; i++) {
		const struct expectation *e = &set->expects.list[i];

		if (streq(e->address, address) && streq(e->id, id) && e->before &&
			!streq(e->before, "vfio-pci"))
			return e->before;
	}
	return NULL;
}

const char *sets_home(const struct sets *sets, const char *address, const char *id)
{
	const char *home = NULL;

	for (size_t i = sets->n; i-- > 0 && !home;)
		home = home_in(&sets->list[i], address, id);
	return home;
}

char **sets_homes(const struct sets *sets, const struct claims *devices)
{
	char **homes = NULL;

	for (size_t i = 0; i < devices->n; i++) {
		const struct claim *claim = &devices->list[i];
		const char *home = sets_home(sets, claim->address, claim->id);
		autofree char *text = NULL;

		if (!home)
			continue;
		text = text_printf("%s=%s", claim->address, home);
		strv_add(&homes, text);
	}
	return homes;
}

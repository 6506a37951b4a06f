// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/tree.h"

const struct tree_filter tree_filters[] = {
	{ "all", DEVICE_OTHER },
	{ "GPU", DEVICE_GPU },
	{ "network", DEVICE_NETWORK },
	{ "storage", DEVICE_STORAGE },
	{ "USB", DEVICE_USB },
};
const size_t n_tree_filters = ARRAY_SIZE(tree_filters);

bool tree_matches_filter(const struct tree *t, const struct device *d)
{
	return t->filter == 0 || device_kind(d) == tree_filters[t->filter].kind;
}

static const struct device *member(const struct tree *t, const struct group *g, size_t i)
{
	return &t->host->devices[g->devices[i]];
}

size_t group_endpoints(const struct host *host, const struct group *g,
	const struct claims *claims, size_t *ret_chosen)
{
	size_t n = 0;

	*ret_chosen = 0;
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &host->devices[g->devices[i]];

		if (device_is_bridge(d))
			continue;
		n++;
		*ret_chosen += claims_find(claims, d->address) != NULL;
	}
	return n;
}

void tree_init(struct tree *t, const struct host *host, const struct claims *claims)
{
	*t = (struct tree){ .host = host, .claims = claims };
	t->open = xcalloc(host->n_groups + 1, sizeof(*t->open));
	for (size_t i = 0; i < host->n_groups; i++) {
		const struct group *g = &host->groups[i];
		size_t chosen;

		t->open[i] = group_endpoints(host, g, claims, &chosen) > 0;
		for (size_t j = 0; j < g->n_devices; j++)
			t->lifelines |= member(t, g, j)->n_lifelines > 0;
	}
	tree_build(t);
}

void tree_done(struct tree *t)
{
	free(t->rows);
	free(t->open);
	*t = (struct tree){ 0 };
}

static void tree_add(struct tree *t, const struct tree_row *row)
{
	GROW(t->rows, t->list.n);
	t->rows[t->list.n++] = *row;
}

static bool group_in_filter(const struct tree *t, const struct group *g)
{
	for (size_t i = 0; i < g->n_devices; i++)
		if (tree_matches_filter(t, member(t, g, i)))
			return true;
	return false;
}

/* The whole group, whatever the filter: its members go together. */
static void add_group(struct tree *t, const struct group *g, bool open)
{
	struct tree_row row = { .group = g, .heading = true };

	if (!group_in_filter(t, g))
		return;
	tree_add(t, &row);
	row.heading = false;
	for (size_t i = 0; open && i < g->n_devices; i++) {
		row.device = member(t, g, i);
		tree_add(t, &row);
	}
}

/* A card that was claimed and taken out must be seen, or nobody could release it. */
static void add_missing(struct tree *t)
{
	bool any = false;

	for (size_t i = 0; i < t->claims->n; i++) {
		struct tree_row row = { .missing = t->claims->list[i].address };

		if (host_device(t->host, row.missing))
			continue;
		if (!any)
			tree_add(t, &(struct tree_row){ .heading = true });
		any = true;
		tree_add(t, &row);
	}
}

static void cursor_to(struct tree *t, const struct tree_row *row)
{
	size_t group = 0;

	for (size_t i = 0; i < t->list.n; i++) {
		if (t->rows[i].group != row->group || !row->group)
			continue;
		if (t->rows[i].heading)
			group = i;
		if (t->rows[i].device == row->device) {
			t->list.at = i;
			return;
		}
		t->list.at = group; /* a closed group stands for its members */
	}
}

void tree_build(struct tree *t)
{
	const struct tree_row *at = tree_at(t);
	struct tree_row before = at ? *at : (struct tree_row){ 0 };

	free(TAKE(t->rows));
	t->list.n = 0;
	add_missing(t);
	for (size_t i = 0; i < t->host->n_groups; i++)
		add_group(t, &t->host->groups[i], t->open[i]);
	cursor_to(t, &before);
	if (t->list.at >= t->list.n)
		t->list.at = t->list.n ? t->list.n - 1 : 0;
}

const struct tree_row *tree_at(const struct tree *t)
{
	return t->rows && t->list.at < t->list.n ? &t->rows[t->list.at] : NULL;
}

void tree_open_all(struct tree *t, bool open)
{
	for (size_t i = 0; i < t->host->n_groups; i++)
		t->open[i] = open;
}

void tree_open_here(struct tree *t, bool open)
{
	const struct tree_row *row = tree_at(t);

	if (!row || !row->group)
		return;
	t->open[row->group - t->host->groups] = open;
	if (!open)
		while (t->list.at && !t->rows[t->list.at].heading)
			t->list.at--;
}

void tree_show(struct tree *t, const struct device *d)
{
	const struct tree_row row = { .group = host_group(t->host, d), .device = d };

	if (row.group)
		t->open[row.group - t->host->groups] = true;
	tree_build(t);
	cursor_to(t, &row);
}

/* -- find ------------------------------------------------------------------------ */

static bool device_matches(const struct device *d, const char *text)
{
	char id[DEVICE_ID_SIZE];
	const char *const fields[] = { d->address, device_id(d, id), d->name, d->driver,
		d->class_name, device_kind_to_string(device_kind(d)) };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i] && strcasestr(fields[i], text))
			return true;
	return false;
}

/*
 * Devices in the tree's order, one after the other: number i, or NULL past the last. The
 * filter holds, closed groups are looked into.
 */
static const struct device *nth(const struct tree *t, size_t i)
{
	for (size_t g = 0; g < t->host->n_groups; g++) {
		const struct group *group = &t->host->groups[g];

		if (!group_in_filter(t, group))
			continue;
		if (i < group->n_devices)
			return member(t, group, i);
		i -= group->n_devices;
	}
	return NULL;
}

/* Where in that order the cursor is; a group's row is just before its first member. */
static ptrdiff_t order_of_cursor(const struct tree *t, int step)
{
	const struct tree_row *row = tree_at(t);
	const struct device *d;

	for (size_t i = 0; row && row->group && (d = nth(t, i)); i++) {
		if (d == row->device)
			return (ptrdiff_t)i;
		if (!row->device && host_group(t->host, d) == row->group)
			return (ptrdiff_t)i - (step > 0);
	}
	return -1;
}

const struct device *tree_find(const struct tree *t, const char *text, int step,
	size_t *ret_which, size_t *ret_count)
{
	ptrdiff_t from = order_of_cursor(t, step);
	const struct device *d, *first = NULL, *last = NULL, *before = NULL,
				*after = NULL;
	size_t which_before = 0, which_after = 0, count = 0;

	for (size_t i = 0; (d = nth(t, i)); i++) {
		if (!device_matches(d, text))
			continue;
		count++;
		first = first ?: d;
		last = d;
		if ((ptrdiff_t)i < from) {
			before = d;
			which_before = count;
		}
		if ((ptrdiff_t)i > from && !after) {
			after = d;
			which_after = count;
		}
	}
	*ret_count = count;
	if (step > 0) {
		*ret_which = after ? which_after : 1;
		return after ?: first;
	}
	*ret_which = before ? which_before : count;
	return before ?: last;
}

const struct device *tree_row_device(const struct host *host, const struct tree_row *row)
{
	const struct group *g = row ? row->group : NULL;

	if (!g || row->device || g->number < 0)
		return row ? row->device : NULL;
	for (size_t i = 0; i < g->n_devices; i++)
		if (!device_is_bridge(&host->devices[g->devices[i]]))
			return &host->devices[g->devices[i]];
	return NULL;
}

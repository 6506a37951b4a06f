// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/tree_draw.h"
#include "core/base/text.h"
#include "ui/names.h"

enum role mark_role(enum mark mark)
{
	static const enum role roles[] = {
		[MARK_ISOLATED] = ROLE_ISOLATED,
		[MARK_SHARED] = ROLE_SHARED,
		[MARK_BLOCKED] = ROLE_BLOCKED,
		[MARK_PASSED] = ROLE_PASSED,
		[MARK_NONE] = ROLE_NONE,
	};

	return roles[mark];
}

#define WIDE_W 110 /* columns from which lifeline and kind have a column */

/* Where columns start in the tree; 0: there is no such column. */
struct columns {
	int driver, id, lifeline, kind, name, end;
};

static struct columns columns_for(const struct tree *t, int width)
{
	bool wide = width >= WIDE_W;
	struct columns c = { .driver = 24, .end = width - 1 };

	c.id = c.driver + (wide ? 17 : 14);
	c.name = c.id + 11;
	if (!wide)
		return c;
	if (t->lifelines) {
		c.lifeline = c.name;
		c.name += 10;
	}
	c.kind = c.name;
	c.name += 9;
	return c;
}

static void put(const struct area *a, int y, int x, int end, unsigned role, const char *s)
{
	autofree char *safe = text_escape(s);

	if (x < end)
		(void)term_text(y, a->x + x, end - x, role, safe);
}

static void draw_headings(const struct area *a, const struct columns *c)
{
	put(a, a->y, 5, c->driver, ROLE_DIM, "Group, device");
	put(a, a->y, c->driver, c->id, ROLE_DIM, "Driver");
	put(a, a->y, c->id, c->name, ROLE_DIM, "ID");
	if (c->lifeline)
		put(a, a->y, c->lifeline, c->name, ROLE_DIM, "Lifeline");
	if (c->kind)
		put(a, a->y, c->kind, c->name, ROLE_DIM, "Kind");
	put(a, a->y, c->name, c->end, ROLE_DIM, "Name");
}

/* What stands for a closed group: its first endpoint, and how many there are besides. */
static void draw_closed(const struct tree *t, const struct group *g, const struct area *a,
	int y, int x, int end, unsigned at)
{
	const struct device *first = NULL;
	autofree char *name = NULL;
	char more[32] = "";
	size_t n = 0;

	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &t->host->devices[g->devices[i]];

		if (device_is_bridge(d))
			continue;
		first = first ?: d;
		n++;
	}
	name = name_brief(first ? first->name ?: first->address : g->why);
	if (n > 1)
		(void)snprintf(more, sizeof(more), " and %zu more", n - 1);
	x += term_text(y, a->x + x, end - x - (int)strlen(more), ROLE_DIM | at, name);
	put(a, y, x, end, ROLE_DIM | at, more);
}

static void draw_group(const struct tree *t, const struct tree_row *row,
	const struct area *a, const struct columns *c, int y, unsigned at)
{
	const struct group *g = row->group;
	unsigned mark = mark_role(g->mark) | at;
	char letter[] = { mark_letter(g->mark), '\0' }, text[64];
	size_t chosen, n = group_endpoints(t->host, g, t->claims, &chosen);
	bool open = t->open[g - t->host->groups];
	int x = c->id;

	put(a, y, 1, 3, ROLE_DIM | at, open ? "▼" : "►");
	put(a, y, 3, 5, mark, letter);
	(void)snprintf(text, sizeof(text), "Group %d", g->number);
	put(a, y, 5, c->driver, ROLE_STRONG | at, g->number < 0 ? "No group" : text);
	(void)snprintf(text, sizeof(text), "%s%s", mark_to_string(g->mark),
		g->acs_override ? ", ACS" : "");
	put(a, y, c->driver, c->id, mark, text);
	if (chosen) {
		(void)snprintf(text, sizeof(text), "%zu of %zu chosen", chosen, n);
		put(a, y, x, c->end, ROLE_CHOSEN | at, text);
		x += (int)strlen(text) + 2;
	}
	if (open)
		put(a, y, x, c->end, ROLE_DIM | at, g->why);
	else
		draw_closed(t, g, a, y, x, c->end, at);
}

/* In its own column, or, on a narrow screen, before the name. */
static void draw_name(const struct device *d, const struct area *a,
	const struct columns *c, int y, unsigned role)
{
	autofree char *name = name_brief(d->name ?: "");
	unsigned bad = ROLE_BAD | (role & ROLE_AT);
	char text[32] = "";
	int x = c->name;

	if (d->n_lifelines)
		(void)snprintf(text, sizeof(text), "!%.20s%s ", d->lifelines[0].name,
			d->n_lifelines > 1 ? "+" : "");
	put(a, y, c->lifeline ?: x, c->lifeline ? c->name - 1 : c->end, bad, text);
	if (!c->lifeline)
		x += (int)strlen(text);
	(void)term_text(y, a->x + x, c->end - x, role, name);
}

static void draw_device(const struct tree *t, const struct tree_row *row,
	const struct area *a, const struct columns *c, int y, unsigned at)
{
	const struct device *d = row->device;
	bool chosen = claims_find(t->claims, d->address);
	bool aside = !tree_matches_filter(t, d) || device_is_bridge(d);
	unsigned role = (aside ? ROLE_DIM : ROLE_TEXT) | at;
	bool vfio = d->driver && streq(d->driver, "vfio-pci");
	char id[DEVICE_ID_SIZE];

	if (chosen)
		put(a, y, 5, 8, ROLE_CHOSEN | at, "[x]");
	else if (!device_is_bridge(d))
		put(a, y, 5, 8, ROLE_DIM | at, "[ ]");
	put(a, y, 9, c->driver, chosen ? ROLE_CHOSEN | at : role, d->address);
	put(a, y, c->driver, c->id - 1, vfio ? ROLE_PASSED | at : role, d->driver ?: "-");
	put(a, y, c->id, c->name - 1, role, device_id(d, id));
	draw_name(d, a, c, y, role);
	if (c->kind && device_kind(d) != DEVICE_OTHER)
		put(a, y, c->kind, c->name - 1, role,
			device_kind_to_string(device_kind(d)));
}

static void draw_row(const struct tree *t, size_t i, const struct area *a,
	const struct columns *c, int y)
{
	const struct tree_row *row = &t->rows[i];
	unsigned at = i == t->list.at ? ROLE_AT : 0;

	if (at)
		term_fill(y, a->x, a->w, ROLE_TEXT | at, " ");
	if (row->device) {
		draw_device(t, row, a, c, y, at);
	} else if (row->group) {
		draw_group(t, row, a, c, y, at);
	} else if (row->heading) {
		put(a, y, 5, c->end, ROLE_WARN | at,
			t->host->disk ? "Claimed; not visible from here"
				      : "Claimed, but not there now");
	} else {
		put(a, y, 5, 8, ROLE_CHOSEN | at, "[x]");
		put(a, y, 9, c->end, ROLE_WARN | at, row->missing);
	}
}

int tree_draw(struct tree *t, struct area a)
{
	struct columns c = columns_for(t, a.w);
	struct list *l = &t->list;

	draw_headings(&a, &c);
	a.y++;
	a.h--;
	list_fit(l, a.h);
	for (size_t i = l->top; i < l->n && i < l->top + l->page; i++)
		draw_row(t, i, &a, &c, a.y + (int)(i - l->top));
	if (!l->n)
		put(&a, a.y, 5, c.end, ROLE_WARN,
			t->filter ? "No device of this kind."
				  : "This host shows no PCI device.");
	return a.y + (int)(l->at - l->top);
}

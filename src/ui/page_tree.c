// SPDX-License-Identifier: GPL-2.0-or-later
/* Look and choose: the tree of groups and devices, and what is known of one of them. */
#include "ui/details.h"
#include "core/facts/facts.h"
#include "ui/methods.h"
#include "ui/session.h"
#include "ui/page_export.h"
#include "ui/prompt.h"
#include "ui/tree_draw.h"
#include "backup/set.h"
#include "core/plan/request.h"

#define BESIDE_W 140 /* columns from which the details stand beside the tree */

struct state {
	struct tree tree;
	struct styled details; /* of the row under the cursor, ... */
	struct tree_row details_of; /* ... which is this one, ... */
	int details_w; /* ... laid out for this width */
	char find[PROMPT_SIZE];
};

/* -- drawing --------------------------------------------------------------------- */

static bool same_row(const struct tree_row *a, const struct tree_row *b)
{
	return a->group == b->group && a->device == b->device && a->missing == b->missing;
}

static void details_fill(const struct wizard *w, struct state *s, int width)
{
	const struct tree_row *row = tree_at(&s->tree);

	if (row && same_row(row, &s->details_of) && width == s->details_w)
		return;
	styled_done(&s->details);
	s->details_of = row ? *row : (struct tree_row){ 0 };
	s->details_w = width;
	if (row && row->device)
		details_of_device(&s->details, &(struct probe){ w->root, w->host },
			row->device, width);
	else if (row && row->group)
		details_of_group(&s->details, w->host, row->group, width);
	else if (row && w->host->disk)
		styled_line(&s->details, ROLE_TEXT, 1,
			"By the files of this host it is claimed; whether it is there is not visible from here.");
	else if (row)
		styled_line(&s->details, ROLE_TEXT, 1,
			"A card that was claimed is not in this host any more, or at another address. Space takes it out of the claims.");
}

/* The rule above the details names the row they are about. */
static void draw_details(struct wizard *w, struct state *s, struct area a, bool beside)
{
	const struct tree_row *row = tree_at(&s->tree);
	char title[64] = "";

	if (row && row->device)
		(void)snprintf(title, sizeof(title), " %.40s ", row->device->address);
	else if (row && row->group && row->group->number >= 0)
		(void)snprintf(title, sizeof(title), " Group %d ", row->group->number);
	if (!beside)
		term_fill(a.y, a.x, a.w, ROLE_RULE, "─");
	(void)term_text(a.y, a.x + (beside ? 0 : 2), a.w - 4, ROLE_HEADING, title);
	a.y++;
	a.h--;
	details_fill(w, s, a.w);
	styled_draw(&s->details, a, 0);
	if (styled_rows(&s->details, s->details.n, a.w) > a.h)
		(void)term_text(a.y - 1, a.x + a.w - 12, 10, ROLE_DIM, " d: more ");
}

static void tree_page_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;
	struct area tree = body, details = body;
	bool beside = body.w >= BESIDE_W;

	if (beside) {
		tree.w = body.w * 3 / 5;
		details.x = tree.w + 2;
		details.w = body.w - details.x;
		for (int y = body.y; y < body.y + body.h; y++)
			(void)term_text(y, tree.w, 1, ROLE_RULE, "│");
	} else {
		details.h = body.h * 2 / 5 + 1;
		tree.h = body.h - details.h;
		details.y = body.y + tree.h;
	}
	w->cursor_y = tree_draw(&s->tree, tree);
	w->cursor_x = tree.x;
	draw_details(w, s, details, beside);
	if (s->tree.filter)
		(void)snprintf(w->position, sizeof(w->position), "filter: %s",
			tree_filters[s->tree.filter].word);
	else if (s->tree.list.n > s->tree.list.page)
		(void)snprintf(w->position, sizeof(w->position), "row %zu of %zu",
			s->tree.list.at + 1, s->tree.list.n);
}

/* -- choosing -------------------------------------------------------------------- */

/* "0000:01:00.0 and the other 3 endpoints of group 14" */
static void tree_page_describe(
	const struct wizard *w, const struct device *d, char *buf, size_t size)
{
	const struct group *g = host_group(w->host, d);
	size_t chosen,
		n = g ? group_endpoints(w->host, g, &w->request.claims, &chosen) : 0;

	if (!g || g->number < 0)
		(void)snprintf(buf, size, "%.40s", d->address);
	else if (n == 1)
		(void)snprintf(buf, size, "%.40s, the only endpoint of group %d",
			d->address, g->number);
	else if (n == 2)
		(void)snprintf(buf, size, "%.40s and the other endpoint of group %d",
			d->address, g->number);
	else
		(void)snprintf(buf, size, "%.40s and the other %zu endpoints of group %d",
			d->address, n - 1, g->number);
}

/* The names of what the host needs in the group: they will stop the plan. */
static const char *lifeline_in(const struct wizard *w, const struct device *d)
{
	const struct group *g = host_group(w->host, d);

	for (size_t i = 0; g && g->number >= 0 && i < g->n_devices; i++) {
		const struct device *other = &w->host->devices[g->devices[i]];

		if (other->n_lifelines)
			return other->lifelines[0].name;
	}
	return d->n_lifelines ? d->lifelines[0].name : NULL;
}

static void choose(struct wizard *w, const struct device *d)
{
	const char *lifeline = lifeline_in(w, d);
	struct err err;
	char what[128];
	int r = facts_choose(w->host, &w->request, d, NULL, &err);

	if (r < 0) {
		wizard_say(w, ROLE_WARN, "%s", err.text);
		return;
	}
	tree_page_describe(w, d, what, sizeof(what));
	if (lifeline)
		wizard_say(w, ROLE_WARN,
			"Chose %s. This host needs it (%s): the plan will say no until that is accepted.",
			what, lifeline);
	else
		wizard_say(w, ROLE_GOOD, "Chose %s.", what);
}

static void drop(struct wizard *w, const struct device *d)
{
	struct err err;
	char what[128];
	int r = request_drop(w->host, &w->request, d->address, &err);

	if (r < 0) {
		wizard_say(w, ROLE_BAD, "%s", err.text);
		return;
	}
	tree_page_describe(w, d, what, sizeof(what));
	wizard_say(w, ROLE_TEXT, "Left to the host: %s.", what);
}

static void drop_missing(struct wizard *w, const char *address)
{
	autofree char *gone = xstrdup(address); /* it is the claim's own, which goes */
	struct err err;

	if (request_drop(w->host, &w->request, gone, &err) == 0)
		wizard_say(w, ROLE_TEXT, "Out of the claims: %s.", gone);
}

static void on_choose(struct wizard *w, struct state *s)
{
	const struct tree_row *row = tree_at(&s->tree);
	const struct device *d = tree_row_device(w->host, row);

	if (row && row->missing)
		drop_missing(w, row->missing);
	else if (row && !d)
		wizard_say(w, ROLE_WARN,
			row->group && row->group->number >= 0
				? "This group holds only bridges: they stay with the host."
				: "Choose a device: these rows only hold some together.");
	else if (d && request_has(&w->request, d->address))
		drop(w, d);
	else if (d)
		choose(w, d);
}

/* -- moving about ---------------------------------------------------------------- */

static void tree_page_find(struct wizard *w, struct state *s, int step)
{
	size_t which, count;
	const struct device *d;

	if (!s->find[0])
		return;
	d = tree_find(&s->tree, s->find, step, &which, &count);
	if (!d) {
		wizard_say(w, ROLE_WARN, "No device matches \"%s\"%s.", s->find,
			s->tree.filter ? " in this filter" : "");
		return;
	}
	tree_show(&s->tree, d);
	if (count == 1)
		wizard_say(w, ROLE_TEXT, "The only one that matches \"%s\".", s->find);
	else
		wizard_say(w, ROLE_TEXT,
			"%zu of %zu that match \"%s\"; n is the next one.", which, count,
			s->find);
}

static void on_find(struct wizard *w, struct state *s)
{
	char answer[PROMPT_SIZE];

	if (!ask_line(w, "Find:", answer))
		return;
	memcpy(s->find, answer, sizeof(s->find));
	tree_page_find(w, s, 1);
}

static void on_find_next(struct wizard *w, struct state *s)
{
	tree_page_find(w, s, 1);
}

static void on_find_back(struct wizard *w, struct state *s)
{
	tree_page_find(w, s, -1);
}

static void on_filter(struct wizard *w, struct state *s)
{
	s->tree.filter = (s->tree.filter + 1) % (int)n_tree_filters;
	wizard_say(w, ROLE_TEXT,
		s->tree.filter ? "Only groups with a device of this kind: %s."
			       : "All devices (filter: %s).",
		tree_filters[s->tree.filter].word);
}

static void on_open(struct wizard *w UNUSED, struct state *s)
{
	tree_open_here(&s->tree, true);
}

static void on_close(struct wizard *w UNUSED, struct state *s)
{
	tree_open_here(&s->tree, false);
}

static void on_open_all(struct wizard *w UNUSED, struct state *s)
{
	tree_open_all(&s->tree, true);
}

static void on_close_all(struct wizard *w UNUSED, struct state *s)
{
	tree_open_all(&s->tree, false);
}

static void on_details(struct wizard *w, struct state *s)
{
	const struct tree_row *row = tree_at(&s->tree);

	if (row && (row->device || row->group))
		wizard_open(w, &page_details, row);
}

static void on_method(struct wizard *w, struct state *s)
{
	const struct tree_row *row = tree_at(&s->tree);

	if (!row || !row->device)
		wizard_say(w, ROLE_WARN, "The method is a device's own: go to one.");
	else if (!request_has(&w->request, row->device->address))
		wizard_say(w, ROLE_WARN, "Choose the device first, with Space.");
	else
		method_cycle(w, row->device->address);
}

static void on_undo(struct wizard *w, struct state *s UNUSED)
{
	wizard_open(w, &page_undo, NULL);
}

static void on_history(struct wizard *w, struct state *s UNUSED)
{
	wizard_open(w, &page_history, NULL);
}

static void on_export(struct wizard *w, struct state *s)
{
	const struct device *d = tree_row_device(w->host, tree_at(&s->tree));

	wizard_open(w, &page_export, &(struct export_arg){ .device = d });
}

static void on_rescan(struct wizard *w, struct state *s UNUSED)
{
	w->stale = true;
	wizard_home(w);
	wizard_say(w, ROLE_TEXT, "Read again.");
}

static const struct {
	enum action action;
	void (*act)(struct wizard *w, struct state *s);
	const struct page *page; /* or this one is opened, for the row */
	bool gone; /* another page is on top afterwards, or in this one's place */
} acts[] = {
	{ ACTION_CHOOSE, on_choose, NULL, false },
	{ ACTION_NEXT, NULL, &page_plan, true },
	{ ACTION_FIND, on_find, NULL, false },
	{ ACTION_FIND_NEXT, on_find_next, NULL, false },
	{ ACTION_FIND_BACK, on_find_back, NULL, false },
	{ ACTION_FILTER, on_filter, NULL, false },
	{ ACTION_DETAILS, on_details, NULL, true },
	{ ACTION_UNDO, on_undo, NULL, true },
	{ ACTION_METHOD, on_method, NULL, false },
	{ ACTION_BIND, NULL, &page_bind, true },
	{ ACTION_EXPORT, on_export, NULL, true },
	{ ACTION_HISTORY, on_history, NULL, true },
	{ ACTION_CHECK, NULL, &page_check, true },
	{ ACTION_VERIFY, NULL, &page_verify, true },
	{ ACTION_OPEN, on_open, NULL, false },
	{ ACTION_CLOSE, on_close, NULL, false },
	{ ACTION_OPEN_ALL, on_open_all, NULL, false },
	{ ACTION_CLOSE_ALL, on_close_all, NULL, false },
	{ ACTION_RESCAN, on_rescan, NULL, true },
};

/* Where the cursor is after the host was read again. */
static void remember_cursor(struct wizard *w, const struct state *s)
{
	const struct tree_row *row = tree_at(&s->tree);

	if (row && row->device)
		(void)snprintf(w->cursor, sizeof(w->cursor), "%s", row->device->address);
}

static void tree_page_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (list_move(&s->tree.list, action)) {
		remember_cursor(w, s);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		if (acts[i].action != action)
			continue;
		remember_cursor(w, s);
		if (acts[i].page)
			wizard_open(w, acts[i].page, tree_at(&s->tree));
		else
			acts[i].act(w, s);
		if (acts[i].gone)
			return;
		tree_build(&s->tree);
		remember_cursor(w, s);
		return;
	}
}

/* -- the page -------------------------------------------------------------------- */

/* Once the page is seen: another one may lie over it at first. */
static void greet(struct wizard *w, void *state UNUSED)
{
	if (w->message)
		return;
	if (w->host->disk)
		wizard_say(w, ROLE_WARN, "Of this host " NOT_VISIBLE ".");
	else if (w->host->notes)
		wizard_say(w, ROLE_WARN, "%s%s", w->host->notes[0],
			w->host->notes[1] ? " (The plan page has more such notes.)" : "");
	else if (w->host->iommu != IOMMU_ACTIVE)
		wizard_say(w, ROLE_WARN,
			"There are no IOMMU groups yet. Choose all the same: the plan says what to do.");
	else if (!w->host->root_user)
		wizard_say(w, ROLE_WARN,
			"Without root you can look and plan; to write, start it with sudo.");
	else
		wizard_say(w, ROLE_DIM,
			"Nothing is written before you have seen it all and typed yes.");
}

static void tree_page_leave(void *state)
{
	struct state *s = state;

	tree_done(&s->tree);
	styled_done(&s->details);
}

static int tree_page_enter(
	struct wizard *w, void *state, const void *arg UNUSED, struct err *err UNUSED)
{
	struct state *s = state;
	const struct device *d = host_device(w->host, w->cursor);

	tree_init(&s->tree, w->host, &w->request.claims);
	if (d)
		tree_show(&s->tree, d);
	return 0;
}

static bool tree_page_offers(
	const struct wizard *w, const void *state, enum action action)
{
	const struct state *s = state;
	const struct tree_row *row = tree_at(&s->tree);

	switch (action) {
	case ACTION_UNDO:
		return sets_newest(&w->sets);
	case ACTION_METHOD:
		return row && row->device &&
		       request_has(&w->request, row->device->address);
	case ACTION_HISTORY:
		return w->sets.n > 0;
	case ACTION_VERIFY:
		return w->expectation != EXPECTATION_NONE;
	default:
		return true;
	}
}

const struct page page_tree = {
	.title = "Choose devices",
	.keys = KEYS_TREE,
	.state_size = sizeof(struct state),
	.enter = tree_page_enter,
	.draw = tree_page_draw,
	.key = tree_page_key,
	.leave = tree_page_leave,
	.work = greet,
	.offers = tree_page_offers,
};

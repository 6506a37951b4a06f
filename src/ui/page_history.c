// SPDX-License-Identifier: GPL-2.0-or-later
/* The backup sets, newest first; any of them opens as the undo page of that very set. */
#include "core/base/text.h"
#include "ui/session.h"
#include "ui/set_words.h"
#include "backup/set.h"

#define WHEN_X 9
#define STATE_X 31
#define WORDS_X 44
#define LABEL_W 13

struct state {
	struct list list;
};

/* Sets are read again by page_undo: they are looked up, never kept. */
static const struct set *set_at(const struct wizard *w, size_t i)
{
	return i < w->sets.n ? &w->sets.list[w->sets.n - 1 - i] : NULL;
}

static enum role state_role(const struct set *set)
{
	if (set_unfinished(set) || set->state == SET_DAMAGED)
		return ROLE_BAD;
	return set->state == SET_APPLIED ? ROLE_GOOD : ROLE_DIM;
}

static void put(int y, int x, int end, unsigned role, const char *s)
{
	autofree char *safe = text_escape(s);

	if (x < end)
		(void)term_text(y, x, end - x, role, safe);
}

static void draw_headings(const struct area *a)
{
	put(a->y, 3, WHEN_X, ROLE_DIM, "Set");
	put(a->y, WHEN_X, STATE_X, ROLE_DIM, "Written");
	put(a->y, STATE_X, WORDS_X, ROLE_DIM, "State");
	put(a->y, WORDS_X, a->w, ROLE_DIM, "What for");
}

static void draw_set(
	const struct wizard *w, const struct set *set, int y, int width, unsigned at)
{
	autofree char *words = set_words(&w->sets, set);
	char when[32];

	if (at)
		term_fill(y, 0, width, ROLE_TEXT | at, " ");
	time_show(set->time, when, sizeof(when));
	put(y, 3, WHEN_X - 1, ROLE_STRONG | at, set->id);
	put(y, WHEN_X, STATE_X - 1, ROLE_TEXT | at, when);
	put(y, STATE_X, WORDS_X - 1, state_role(set) | at, set_state_shown(set));
	put(y, WORDS_X, width - 1, ROLE_TEXT | at, words);
}

static void label(struct styled *t, const char *s)
{
	styled_column(t, 1);
	styled_add(t, ROLE_DIM, s);
	styled_column(t, LABEL_W);
}

/* What Enter leads to. */
static void add_way(struct styled *t, const struct wizard *w, const struct set *set)
{
	const char *text;
	bool undo = set_deed(set) == SET_UNDOES;
	struct err err;

	if (set_is_settled(&w->sets, set, &err) < 0)
		text = err.text;
	else if (set->state == SET_DAMAGED)
		text = "It cannot be undone: its manifest cannot be read.";
	else
		text = undo ? "Enter shows its files; from there it can be taken back, which does again what it undid."
			    : "Enter shows its files; from there it can be undone.";
	label(t, "Undo");
	styled_add(t, ROLE_TEXT, text);
	styled_end(t, LABEL_W);
}

static void draw_details(const struct wizard *w, const struct set *set, struct area a)
{
	autostyled struct styled t = { 0 };
	autofree char *words = set_words(&w->sets, set);
	char title[40];

	(void)snprintf(title, sizeof(title), " Set %.20s ", set->id);
	term_fill(a.y, 0, a.w, ROLE_RULE, "─");
	put(a.y, 2, a.w, ROLE_HEADING, title);
	a.y++;
	a.h--;
	label(&t, "What for");
	styled_add(&t, ROLE_TEXT, words);
	styled_end(&t, LABEL_W);
	add_way(&t, w, set);
	for (size_t i = 0; i < set->n_files; i++) {
		label(&t, i ? "" : "Files");
		styled_add(&t, ROLE_TEXT, set->files[i].path);
		styled_end(&t, LABEL_W);
	}
	styled_draw(&t, a, 0);
}

static void history_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;
	struct area list = body, details = body;
	struct list *l = &s->list;

	details.h = body.h / 2;
	list.h = body.h - details.h;
	details.y = body.y + list.h;
	draw_headings(&list);
	l->n = w->sets.n;
	list_fit(l, list.h - 1);
	for (size_t i = l->top; i < l->n && i < l->top + l->page; i++)
		draw_set(w, set_at(w, i), list.y + 1 + (int)(i - l->top), body.w,
			i == l->at ? ROLE_AT : 0);
	if (!l->n)
		return;
	w->cursor_y = list.y + 1 + (int)(l->at - l->top);
	w->cursor_x = 0;
	draw_details(w, set_at(w, l->at), details);
	if (l->n > l->page)
		(void)snprintf(w->position, sizeof(w->position), "row %zu of %zu",
			l->at + 1, l->n);
}

static void history_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;
	const struct set *set = set_at(w, s->list.at);

	if (list_move(&s->list, action) || action != ACTION_NEXT || !set)
		return;
	wizard_open(w, &page_undo, set->id);
}

static int history_enter(
	struct wizard *w, void *state, const void *arg UNUSED, struct err *err)
{
	struct state *s = state;
	int r = wizard_rescan_sets(w, err);

	if (r < 0)
		return r;
	if (!w->sets.n)
		return err_set(err, -ENOENT,
			"There is no history: pciferry has not changed this host.");
	s->list.n = w->sets.n;
	return 0;
}

const struct page page_history = {
	.title = "History",
	.keys = KEYS_HISTORY,
	.state_size = sizeof(struct state),
	.enter = history_enter,
	.draw = history_draw,
	.key = history_key,
};

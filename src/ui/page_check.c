// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether this host is ready: a line for each check, and what to do where it is not. */
#include "core/check/check.h"
#include "ui/session.h"
#include "core/check/checks.h"

#define STATE_W 12

static const enum role roles[] = {
	[CHECK_OK] = ROLE_GOOD,
	[CHECK_WARN] = ROLE_WARN,
	[CHECK_FAIL] = ROLE_BAD,
	[CHECK_UNKNOWN] = ROLE_DIM,
};

#define FIXES_MAX 8

struct state {
	const struct tree_row *row; /* for the plan */
	struct styled text;
	struct pager pager;
	/* What can be planned, and on which line of the text it is. */
	struct {
		enum check_plan plan;
		size_t line;
	} fixes[FIXES_MAX];
	size_t n_fixes, marked;
};

static void add_check(struct state *s, const struct check *c)
{
	struct styled *t = &s->text;
	bool fix = c->plan != CHECK_PLAN_NONE && s->n_fixes < FIXES_MAX;

	if (fix) {
		s->fixes[s->n_fixes].plan = c->plan;
		s->fixes[s->n_fixes].line = t->n;
		styled_column(t, 1);
		styled_add(t, ROLE_KEY, s->n_fixes++ == s->marked ? "→" : " ");
	}
	styled_column(t, 3);
	styled_add(t, roles[c->state], check_state_to_string(c->state));
	styled_column(t, STATE_W);
	styled_add(t, ROLE_TEXT, c->text);
	styled_end(t, STATE_W);
	if (!c->fix)
		return;
	styled_column(t, STATE_W);
	styled_add(t, roles[c->state], "→ ");
	styled_add(t, ROLE_STRONG, c->fix);
	styled_end(t, STATE_W + 2);
}

static void add_heading(
	const struct host *host, struct state *s, const struct checks *checks)
{
	bool ready = checks_ready(checks), fixes = false;
	struct styled *t = &s->text;

	for (size_t i = 0; i < checks->n; i++)
		fixes |= checks->list[i].plan != CHECK_PLAN_NONE;
	if (host->disk) {
		styled_line(t, ROLE_WARN, 1,
			"Whether this host is ready is not known: " NOT_VISIBLE ".");
		styled_line(t, ROLE_TEXT, 0, "");
		return;
	}
	styled_add(t, ready ? ROLE_GOOD : ROLE_BAD,
		ready ? " This host is ready to hand devices over."
		      : " This host is not ready yet: see what failed.");
	if (fixes)
		styled_add(t, ROLE_TEXT,
			" p plans what the arrow points at; Enter goes to the devices.");
	else if (!ready)
		styled_add(t, ROLE_TEXT,
			" Enter goes on to the devices all the same: to look, and to plan.");
	styled_end(t, 1);
	styled_line(t, ROLE_TEXT, 0, "");
}

/* What is wrong comes first. */
static void check_fill(struct wizard *w, struct state *s)
{
	static const enum check_state order[] = { CHECK_FAIL, CHECK_WARN, CHECK_OK,
		CHECK_UNKNOWN };
	CLEANUP(checks_done) struct checks checks = { 0 };

	checks_run(&(struct probe){ w->root, w->host }, &checks);
	styled_done(&s->text);
	s->n_fixes = 0;
	add_heading(w->host, s, &checks);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		for (size_t j = 0; j < checks.n; j++)
			if (checks.list[j].state == order[i])
				add_check(s, &checks.list[j]);
}

static int check_enter(
	struct wizard *w, void *state, const void *arg, struct err *err UNUSED)
{
	struct state *s = state;

	s->row = arg;
	check_fill(w, s);
	return 0;
}

static void check_leave(void *state)
{
	struct state *s = state;

	styled_done(&s->text);
}

static void check_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text, body);
	(void)pager_position(&s->pager, w->position);
}

static void mark(struct wizard *w, struct state *s, size_t step)
{
	if (!s->n_fixes)
		return;
	s->marked = (s->marked + s->n_fixes + step) % s->n_fixes;
	check_fill(w, s);
	pager_reveal_line(&s->pager, &s->text, s->fixes[s->marked].line, term_size().w);
}

static void check_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (pager_move(&s->pager, action))
		return;
	if (action == ACTION_FIX && s->n_fixes) {
		check_request(s->fixes[s->marked].plan, &w->request);
		wizard_replace(w, &page_plan, s->row);
	} else if (action == ACTION_NEXT) {
		wizard_back(w);
	} else if (action == ACTION_DEVICE_NEXT) {
		mark(w, s, 1);
	} else if (action == ACTION_DEVICE_BACK) {
		mark(w, s, (size_t)-1);
	}
}

static bool check_offers(
	const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	switch (action) {
	case ACTION_FIX:
		return s->n_fixes > 0;
	case ACTION_DEVICE_NEXT:
		return s->n_fixes > 1;
	default:
		return true;
	}
}

const struct page page_check = {
	.title = "Check",
	.keys = KEYS_CHECK,
	.state_size = sizeof(struct state),
	.enter = check_enter,
	.draw = check_draw,
	.key = check_key,
	.leave = check_leave,
	.offers = check_offers,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether this host is ready: a line for each check, and what to do where it is not. */
#include "core/check/check.h"
#include "ui/text_page.h"

#define STATE_W 12

static const enum role roles[] = {
	[CHECK_OK] = ROLE_GOOD,
	[CHECK_WARN] = ROLE_WARN,
	[CHECK_FAIL] = ROLE_BAD,
	[CHECK_UNKNOWN] = ROLE_DIM,
};

static void add_check(struct styled *t, const struct check *c)
{
	styled_column(t, 3);
	styled_add(t, roles[c->state], check_state_word(c->state));
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

static int fill(struct wizard *w, struct styled *t, struct err *err)
{
	CLEANUP(checks_done) struct checks checks = { 0 };
	bool ready;

	if (checks_run(w->host, &checks) < 0)
		return err_oom(err);
	ready = checks_ready(&checks);
	styled_add(t, ready ? ROLE_GOOD : ROLE_BAD,
		ready ? " This host is ready to hand devices over."
		      : " This host is not ready yet: see what failed.");
	if (!ready)
		styled_add(t, ROLE_TEXT,
			" Enter goes on to the devices all the same: to look, and to "
			"plan.");
	styled_end(t, 1);
	styled_line(t, ROLE_TEXT, 0, "");
	for (size_t i = 0; i < checks.n; i++)
		add_check(t, &checks.list[i]);
	return 0;
}

static int enter(struct wizard *w, void **ret, struct err *err)
{
	return text_page_enter(w, fill, ret, err);
}

const struct page page_check = {
	.title = "Check",
	.keys = KEYS_CHECK,
	.enter = enter,
	.draw = text_page_draw,
	.key = text_page_key_or_back,
	.leave = text_page_leave,
};

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/text_page.h"

void text_page_leave(void *state)
{
	struct text_page *s = state;

	styled_done(&s->text);
}

int text_page_enter(struct wizard *w, text_page_fill *fill, void *state, const void *arg,
	struct err *err)
{
	struct text_page *s = state;

	return fill(w, &s->text, arg, err);
}

void text_page_draw(struct wizard *w, void *state, struct area body)
{
	struct text_page *s = state;

	pager_draw(&s->pager, &s->text, body);
	(void)pager_position(&s->pager, w->position);
}

void text_page_key(struct wizard *w UNUSED, void *state, enum action action)
{
	struct text_page *s = state;

	(void)pager_move(&s->pager, action);
}

void text_page_key_or_back(struct wizard *w, void *state, enum action action)
{
	text_page_key(w, state, action);
	if (action == ACTION_NEXT)
		wizard_back(w);
}

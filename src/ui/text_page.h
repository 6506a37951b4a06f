/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What pages share that are nothing but a text to scroll in. */
#pragma once

#include "ui/session.h"

struct text_page {
	struct styled text;
	struct pager pager;
};

/* Writes the text, arg being the page's; on failure the page is not shown, and err is. */
typedef int text_page_fill(
	struct wizard *w, struct styled *t, const void *arg, struct err *err);

/* For struct page: the state is a struct text_page, or begins with one. */
int text_page_enter(struct wizard *w, text_page_fill *fill, void *state, const void *arg,
	struct err *err) MUST_CHECK;
void text_page_draw(struct wizard *w, void *state, struct area body);
void text_page_key(struct wizard *w, void *state, enum action action);
/* The same where Enter goes back. */
void text_page_key_or_back(struct wizard *w, void *state, enum action action);
void text_page_leave(void *state);

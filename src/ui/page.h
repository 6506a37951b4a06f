/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page is: one const struct of functions. Pages lie on a stack (session.h); the
 * one on top is drawn and gets the keys.
 */
#pragma once

#include "core/base/err.h"
#include "ui/keys.h"
#include "ui/term.h"

struct wizard;

/* The ways through the wizard; the header shows which one this is. */
enum way {
	WAY_APPLY, /* choose, plan, write */
	WAY_UNDO, /* put a set back */
	WAY_REDO, /* put an undo back: what it took back is done again */
};

struct page {
	const char *title;
	unsigned keys; /* its rows of keys.def */
	size_t state_size;
	/* Fills the page's own state, all zeros before. arg is what the page is about
	 * (pages.def), borrowed: what it points to may go before the page does. On
	 * failure the page is left at once and not shown, and err is. */
	int (*enter)(struct wizard *w, void *state, const void *arg, struct err *err);
	/* Draws into body; may set w->position. */
	void (*draw)(struct wizard *w, void *state, struct area body);
	void (*key)(struct wizard *w, void *state, enum action action);
	/* Frees what the state holds, however far enter came; NULL where it holds
	 * nothing. */
	void (*leave)(void *state);
	/* Once, after the first drawing: work that takes its time. May be NULL. */
	void (*work)(struct wizard *w, void *state);
	/* Whether a key makes sense now, for the footer. NULL: all do. */
	bool (*offers)(const struct wizard *w, const void *state, enum action action);
	/* Which way it is on. NULL: WAY_APPLY, or none. */
	enum way (*way)(const void *state);
};

#define PAGE(name, ...) extern const struct page page_##name;
#include "ui/pages.def"
#undef PAGE

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

struct page {
	const char *title;
	unsigned keys; /* its rows of keys.def */
	size_t state_size;
	/* Fills the page's own state, all zeros before. On failure the page is left at
	 * once and not shown, and err is. */
	int (*enter)(struct wizard *w, void *state, struct err *err);
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
};

#define PAGE(name) extern const struct page page_##name;
#include "ui/pages.def"
#undef PAGE

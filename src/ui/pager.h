/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scrolling: a text in an area, or a cursor in a list that is longer than its area. */
#pragma once

#include "ui/keys.h"
#include "ui/styled.h"

#define POSITION_SIZE 48

struct pager {
	int top; /* first row shown */
	int rows, page; /* of the text and of the area, when it was last drawn */
	bool follow; /* stay at the end while text is added */
};

void pager_draw(struct pager *p, const struct styled *t, struct area area);
/* Whether the action was a movement. */
bool pager_move(struct pager *p, enum action action);
/* "lines 1-14 of 40", or "" where all is in sight. */
const char *pager_position(const struct pager *p, char buf[POSITION_SIZE]);
/* Scrolls no more than it takes to have a line of the text in sight. */
void pager_reveal_line(struct pager *p, const struct styled *t, size_t line, int width);

struct list {
	size_t n, at; /* rows, and the one under the cursor */
	size_t top;
	size_t page; /* rows in sight, when it was last fitted */
};

/* Keeps the cursor in the list and in sight; before it is drawn. */
void list_fit(struct list *l, int height);
bool list_move(struct list *l, enum action action);

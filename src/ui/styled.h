/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text with roles, a line at a time, wrapped when it is drawn. Whatever goes in is
 * escaped (text.h).
 */
#pragma once

#include "core/base/buf.h"
#include "ui/term.h"

struct styled_line {
	char *text;
	char *roles; /* one per byte of text */
	size_t len;
	int indent; /* of the rows after the first, when it is wrapped */
	bool exact; /* broken anywhere and nothing lost: diffs, commands */
};

struct styled {
	struct styled_line *lines;
	size_t n;
	struct buf text, roles; /* of the line that is being written */
};

/* "1 file", "2 files": for "%zu file%s". */
#define PLURAL(n) (n), (n) == 1 ? "" : "s"

#define autostyled CLEANUP(styled_done)

void styled_done(struct styled *t);

void styled_add(struct styled *t, enum role role, const char *s);
void styled_addf(struct styled *t, enum role role, const char *fmt, ...) PRINTF(3, 4);
/* Blanks up to a column; one at least where the line is not empty. */
void styled_column(struct styled *t, int column);
/* Ends the line; wrapped rows of it start at indent. */
void styled_end(struct styled *t, int indent);
/* The same for a line that must be shown to the byte. */
void styled_end_exact(struct styled *t, int indent);
/* A whole line of one role. */
void styled_line(struct styled *t, enum role role, int indent, const char *s);
/* A heading, with an empty line before it unless it is the first. */
void styled_heading(struct styled *t, const char *s);
/* Forgets the oldest lines. */
void styled_drop(struct styled *t, size_t n);

/* Rows that the text, or its first n lines, take in a width. */
int styled_rows(const struct styled *t, size_t n, int width);
/* Draws rows from the given one on. */
void styled_draw(const struct styled *t, struct area area, int from);

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/styled.h"
#include "core/base/text.h"
#include "ui/cell.h"

#include <stdarg.h>

static void line_free(struct styled_line *line)
{
	free(line->text);
	free(line->roles);
}

void styled_done(struct styled *t)
{
	for (size_t i = 0; i < t->n; i++)
		line_free(&t->lines[i]);
	free(t->lines);
	buf_done(&t->text);
	buf_done(&t->roles);
	*t = (struct styled){ 0 };
}

/* -- writing --------------------------------------------------------------------- */

static void add_raw(struct styled *t, enum role role, const char *s)
{
	char letter = (char)role;

	buf_puts(&t->text, s);
	for (; *s; s++)
		buf_add(&t->roles, &letter, 1);
}

void styled_add(struct styled *t, enum role role, const char *s)
{
	autofree char *safe = text_escape(s);

	add_raw(t, role, safe);
}

void styled_addf(struct styled *t, enum role role, const char *fmt, ...)
{
	autofree char *s = NULL;
	va_list args;

	va_start(args, fmt);
	s = text_vprintf(fmt, args);
	va_end(args);
	styled_add(t, role, s);
}

void styled_column(struct styled *t, int column)
{
	int width = t->text.len ? cell_width(t->text.s) : 0;

	do {
		if (width >= column && !width)
			return;
		add_raw(t, ROLE_TEXT, " ");
	} while (++width < column);
}

static void end(struct styled *t, int indent, bool exact)
{
	struct styled_line line = {
		.len = t->text.len, .indent = indent, .exact = exact
	};

	line.text = buf_take(&t->text);
	line.roles = buf_take(&t->roles);
	GROW(t->lines, t->n);
	t->lines[t->n++] = line;
}

void styled_end(struct styled *t, int indent)
{
	end(t, indent, false);
}

void styled_end_exact(struct styled *t, int indent)
{
	end(t, indent, true);
}

void styled_line(struct styled *t, enum role role, int indent, const char *s)
{
	styled_column(t, indent);
	styled_add(t, role, s);
	styled_end(t, indent);
}

void styled_heading(struct styled *t, const char *s)
{
	if (t->n)
		styled_end(t, 0);
	styled_line(t, ROLE_HEADING, 1, s);
}

void styled_drop(struct styled *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		line_free(&t->lines[i]);
	memmove(t->lines, t->lines + n, (t->n - n) * sizeof(*t->lines));
	t->n -= n;
}

/* -- wrapping -------------------------------------------------------------------- */

/* A row of a wrapped line: bytes from start, at an indent. */
struct row {
	size_t start, len;
	int x;
};

/* The row that starts at byte at; *ret_next is where the one after it starts. */
static struct row row_at(
	const struct styled_line *line, size_t at, int width, size_t *ret_next)
{
	struct row row = { .start = at, .x = at ? line->indent : 0 };
	size_t fits, cut;

	if (row.x > width / 2) /* a narrow screen: rather no indent than no text */
		row.x = 2;
	fits = cell_fit(line->text + at, width - row.x);
	if (!fits) /* not even one character: show what can be shown of it */
		fits = line->len - at;
	row.len = fits;
	*ret_next = at + fits;
	if (line->exact || at + fits >= line->len)
		return row;
	for (cut = fits; cut && line->text[at + cut] != ' '; cut--)
		;
	/* A break right after the indent would leave an empty row. */
	if (!cut || strspn(line->text + at, " ") >= cut)
		return row;
	row.len = cut;
	*ret_next = at + cut + strspn(line->text + at + cut, " ");
	return row;
}

static int line_rows(const struct styled_line *line, int width)
{
	int rows = 0;
	size_t at = 0;

	do {
		(void)row_at(line, at, width, &at);
		rows++;
	} while (at < line->len);
	return rows;
}

int styled_rows(const struct styled *t, size_t n, int width)
{
	int rows = 0;

	for (size_t i = 0; i < n; i++)
		rows += line_rows(&t->lines[i], width);
	return rows;
}

static void row_draw(
	const struct styled_line *line, const struct row *row, struct area a, int y)
{
	int x = a.x + row->x;
	size_t end = row->start + row->len;

	for (size_t i = row->start, next; i < end; i = next) {
		autofree char *run = NULL;

		for (next = i; next < end && line->roles[next] == line->roles[i]; next++)
			;
		run = xstrndup(line->text + i, next - i);
		x += term_text(y, x, a.x + a.w - x, (unsigned char)line->roles[i], run);
	}
}

void styled_draw(const struct styled *t, struct area a, int from)
{
	int row_number = 0;

	for (size_t i = 0; i < t->n && row_number < from + a.h; i++) {
		const struct styled_line *line = &t->lines[i];
		size_t at = 0;

		do {
			struct row row = row_at(line, at, a.w, &at);

			if (row_number >= from && row_number < from + a.h)
				row_draw(line, &row, a, a.y + row_number - from);
			row_number++;
		} while (at < line->len);
	}
}

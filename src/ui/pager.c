// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/pager.h"

static int clamp(int value, int low, int high)
{
	if (value > high)
		value = high;
	return value < low ? low : value;
}

void pager_draw(struct pager *p, const struct styled *t, struct area a)
{
	p->rows = styled_rows(t, t->n, a.w);
	p->page = a.h;
	if (p->follow)
		p->top = p->rows;
	p->top = clamp(p->top, 0, p->rows - p->page);
	if (p->top < 0)
		p->top = 0;
	styled_draw(t, a, p->top);
}

bool pager_move(struct pager *p, enum action action)
{
	int end = p->rows > p->page ? p->rows - p->page : 0;

	switch (action) {
	case ACTION_UP:
		p->top--;
		break;
	case ACTION_DOWN:
		p->top++;
		break;
	case ACTION_PAGE_UP:
		p->top -= p->page - 1;
		break;
	case ACTION_PAGE_DOWN:
		p->top += p->page - 1;
		break;
	case ACTION_FIRST:
		p->top = 0;
		break;
	case ACTION_LAST:
		p->top = end;
		break;
	default:
		return false;
	}
	p->top = clamp(p->top, 0, end);
	return true;
}

const char *pager_position(const struct pager *p, char buf[POSITION_SIZE])
{
	int last = p->top + p->page < p->rows ? p->top + p->page : p->rows;

	buf[0] = '\0';
	if (p->rows > p->page)
		(void)snprintf(buf, POSITION_SIZE, "lines %d-%d of %d", p->top + 1, last,
			p->rows);
	return buf;
}

void pager_reveal_line(struct pager *p, const struct styled *t, size_t line, int width)
{
	int from = styled_rows(t, line, width), to = styled_rows(t, line + 1, width);

	if (to > p->top + p->page)
		p->top = to - p->page;
	if (from < p->top)
		p->top = from;
}

#define MARGIN 3 /* rows in sight above and below the cursor, where there are any */

void list_fit(struct list *l, int height)
{
	size_t margin;

	l->page = height > 1 ? (size_t)height : 1;
	margin = l->page > 2 * MARGIN ? MARGIN : (l->page - 1) / 2;
	if (l->at >= l->n)
		l->at = l->n ? l->n - 1 : 0;
	if (l->top + margin > l->at)
		l->top = l->at > margin ? l->at - margin : 0;
	if (l->at + margin >= l->top + l->page)
		l->top = l->at + margin - l->page + 1;
	if (l->top + l->page > l->n) /* no empty rows below while some are hidden above */
		l->top = l->n > l->page ? l->n - l->page : 0;
}

bool list_move(struct list *l, enum action action)
{
	size_t last = l->n ? l->n - 1 : 0;
	size_t step = action == ACTION_UP || action == ACTION_DOWN ? 1
		      : l->page > 1				   ? l->page - 1
								   : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_PAGE_UP:
		l->at = l->at > step ? l->at - step : 0;
		return true;
	case ACTION_DOWN:
	case ACTION_PAGE_DOWN:
		l->at = l->at + step < last ? l->at + step : last;
		return true;
	case ACTION_FIRST:
		l->at = 0;
		return true;
	case ACTION_LAST:
		l->at = last;
		return true;
	default:
		return false;
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/details.h"
#include "core/base/strv.h"
#include "core/scan/scan.h"
#include "ui/cell.h"
#include "ui/tree_draw.h"

#define LABEL_W 14 /* with the margin */
#define TWO_COLUMNS_W 70

static void label(struct styled *t, int column, const char *s)
{
	styled_column(t, column);
	styled_add(t, ROLE_DIM, s);
	styled_column(t, column + LABEL_W - 1);
}

static bool is_lifeline(const struct detail *d)
{
	return streq(d->label, "Lifeline");
}

static void pair(struct styled *t, int column, const struct detail *d)
{
	label(t, column, d->label);
	styled_add(t, is_lifeline(d) ? ROLE_BAD : ROLE_TEXT, d->value);
}

/* Whether it fits into half of the width. */
static bool is_short(const struct detail *d, int width)
{
	return width >= TWO_COLUMNS_W && !is_lifeline(d) &&
	       cell_width(d->value) <= width / 2 - LABEL_W - 1;
}

void details_of_device(
	struct styled *t, const struct probe *p, const struct device *d, int width)
{
	const struct detail *details;
	size_t n;

	scan_more(p, &(struct more){ .details_of = d });
	details = p->host->details.list;
	n = p->host->details.n;
	for (size_t i = 0; i < n; i++) /* first: a small pane must not cut it off */
		if (is_lifeline(&details[i])) {
			pair(t, 1, &details[i]);
			styled_end(t, LABEL_W);
		}
	for (size_t i = 0; i < n; i++) {
		if (is_lifeline(&details[i]))
			continue;
		pair(t, 1, &details[i]);
		if (is_short(&details[i], width) && i + 1 < n &&
			is_short(&details[i + 1], width))
			pair(t, width / 2, &details[++i]);
		styled_end(t, LABEL_W);
	}
}

void details_of_group(struct styled *t, const struct host *host, const struct group *g,
	int width UNUSED)
{
	label(t, 1, "Mark");
	styled_add(t, mark_role(g->mark), mark_to_string(g->mark));
	styled_add(t, ROLE_WARN, g->acs_override ? ", ACS override" : "");
	styled_end(t, LABEL_W);
	label(t, 1, "Why");
	styled_add(t, ROLE_TEXT, g->why);
	styled_end(t, LABEL_W);
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &host->devices[g->devices[i]];

		label(t, 1, i ? "" : "Members");
		styled_add(t, ROLE_TEXT, d->address);
		styled_addf(t, ROLE_DIM, "  %s%s", device_is_bridge(d) ? "(bridge) " : "",
			d->name ?: "");
		styled_end(t, LABEL_W + 14);
	}
	strv_foreach (stranger, g->strangers) {
		label(t, 1, "Also");
		styled_add(t, ROLE_TEXT, stranger);
		styled_end(t, LABEL_W);
	}
}

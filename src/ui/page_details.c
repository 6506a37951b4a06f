// SPDX-License-Identifier: GPL-2.0-or-later
/* All details of a row of the tree, where its pane is too small for them. */
#include "ui/details.h"
#include "ui/text_page.h"
#include "ui/tree.h"

static int details_page_fill(
	struct wizard *w, struct styled *t, const void *arg, struct err *err UNUSED)
{
	const struct tree_row *row = arg;

	styled_heading(t, row->device ? row->device->address : "Group");
	if (row->device)
		details_of_device(t, &(struct probe){ w->root, w->host }, row->device, 0);
	else if (row->group)
		details_of_group(t, w->host, row->group, 0);
	return 0;
}

static int details_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	return text_page_enter(w, details_page_fill, state, arg, err);
}

const struct page page_details = {
	.title = "Details",
	.keys = KEYS_DETAILS,
	.state_size = sizeof(struct text_page),
	.enter = details_enter,
	.draw = text_page_draw,
	.key = text_page_key,
	.leave = text_page_leave,
};

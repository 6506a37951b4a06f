// SPDX-License-Identifier: GPL-2.0-or-later
/* All details of the row under the tree's cursor, where its pane is too small for them.
 */
#include "ui/details.h"
#include "ui/text_page.h"

static int details_page_fill(struct wizard *w, struct styled *t, struct err *err UNUSED)
{
	styled_heading(t, w->at_device ? w->at_device->address : "Group");
	if (w->at_device)
		details_of_device(
			t, &(struct probe){ w->root, w->host }, w->at_device, 0);
	else if (w->at_group)
		details_of_group(t, w->host, w->at_group, 0);
	return 0;
}

static int details_enter(struct wizard *w, void *state, struct err *err)
{
	return text_page_enter(w, details_page_fill, state, err);
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

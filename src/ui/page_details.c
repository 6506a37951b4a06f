// SPDX-License-Identifier: GPL-2.0-or-later
/* All details of the row under the tree's cursor, where its pane is too small for them. */
#include "ui/details.h"
#include "ui/page.h"

struct state {
	struct styled text;
	struct pager pager;
};

static void leave(void *state)
{
	struct state *s = state;

	styled_done(&s->text);
	free(s);
}

static int enter(struct wizard *w, void **ret, struct err *err)
{
	struct state *s = calloc(1, sizeof(*s));
	struct err ignored;

	if (!s)
		return err_oom(err);
	styled_heading(&s->text, w->at_device ? w->at_device->address : "Group");
	if (w->at_device)
		details_of_device(&s->text, w->host, w->at_device, 0);
	else if (w->at_group)
		details_of_group(&s->text, w->host, w->at_group, 0);
	if (styled_check(&s->text, &ignored) < 0) {
		leave(s);
		return err_oom(err);
	}
	*ret = s;
	return 0;
}

static void draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text, body);
	(void)pager_position(&s->pager, w->position);
}

static void key(struct wizard *w UNUSED, void *state, enum action action)
{
	struct state *s = state;

	(void)pager_move(&s->pager, action);
}

const struct page page_details = {
	.title = "Details",
	.keys = KEYS_DETAILS,
	.enter = enter,
	.draw = draw,
	.key = key,
	.leave = leave,
};

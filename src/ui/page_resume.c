// SPDX-License-Identifier: GPL-2.0-or-later
/* After the reboot that turned the IOMMU on: the devices that were chosen before it. */
#include "core/base/strv.h"
#include "ui/names.h"
#include "ui/text_page.h"

#define NAME_X 18

static void resume_add_device(
	struct styled *t, const struct host *host, const char *address)
{
	const struct device *d = host_device(host, address);
	autofree char *name = d && d->name ? name_brief(d->name) : NULL;

	styled_column(t, 3);
	styled_add(t, ROLE_CHOSEN, address);
	styled_column(t, NAME_X);
	styled_add(t, ROLE_TEXT, d ? name ?: "unknown device" : "not in this host now");
	styled_end(t, NAME_X);
	for (size_t i = 0; d && i < d->n_lifelines; i++) {
		styled_column(t, NAME_X);
		styled_add(t, ROLE_BAD, "the host needs it: ");
		styled_add(t, ROLE_TEXT, d->lifelines[i].why);
		styled_end(t, NAME_X);
	}
}

static int resume_fill(struct wizard *w, struct styled *t, const void *arg UNUSED,
	struct err *err UNUSED)
{
	styled_add(t, ROLE_GOOD, " The IOMMU is on now.");
	styled_add(t, ROLE_TEXT,
		" These devices were chosen before the reboot. Enter plans them; nothing is written before you have seen every line of it.");
	styled_end(t, 1);
	styled_heading(t, "Chosen");
	for (size_t i = 0; i < w->host->claims.n; i++)
		resume_add_device(t, w->host, w->host->claims.list[i].address);
	if (w->request.grown && w->request.grown[0])
		styled_heading(t, "Nobody chose these, but they are in the same groups");
	strv_foreach (address, w->request.grown)
		resume_add_device(t, w->host, address);
	return 0;
}

static int resume_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	return text_page_enter(w, resume_fill, state, arg, err);
}

static void resume_key(struct wizard *w, void *state, enum action action)
{
	if (action == ACTION_NEXT)
		wizard_replace(w, &page_plan, NULL);
	else
		text_page_key(w, state, action);
}

const struct page page_resume = {
	.title = "Second step",
	.keys = KEYS_RESUME,
	.state_size = sizeof(struct text_page),
	.enter = resume_enter,
	.draw = text_page_draw,
	.key = resume_key,
	.leave = text_page_leave,
};

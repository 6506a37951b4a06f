// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of the page below, from the table, and what the signs of the tree mean. */
#include "ui/text_page.h"
#include "ui/tree_draw.h"

#define NAME_W 16

static const struct {
	enum mark mark;
	const char *means;
} marks[] = {
	{ MARK_ISOLATED, "all its endpoints are functions of one slot: it can go alone" },
	{ MARK_SHARED, "endpoints of several slots: they can only go all together" },
	{ MARK_BLOCKED,
		"it holds something the host cannot lose, or what VFIO does not take" },
	{ MARK_PASSED, "every endpoint is on vfio-pci, ready for a virtual machine" },
	{ MARK_NONE, "the IOMMU does not translate for it: it cannot go" },
};

static void add_keys(struct styled *t, unsigned page)
{
	for (size_t i = 0; i < n_key_sections; i++) {
		bool any = false;

		for (size_t j = 0; j < n_key_rows; j++) {
			const struct key_row *row = &key_rows[j];

			if (!row->name || !(row->pages & page) ||
				!key_in_section(row, &key_sections[i]))
				continue;
			if (!any)
				styled_heading(t, key_sections[i].title);
			any = true;
			styled_column(t, 3);
			styled_add(t, ROLE_KEY, row->name);
			styled_column(t, NAME_W);
			styled_add(t, ROLE_TEXT, row->help);
			styled_end(t, NAME_W);
		}
	}
}

static void add_marks(struct styled *t)
{
	styled_heading(t, "The mark of a group");
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		enum role role = mark_role(marks[i].mark);

		styled_column(t, 3);
		styled_addf(t, role, "%c %s", mark_letter(marks[i].mark),
			mark_to_string(marks[i].mark));
		styled_column(t, NAME_W);
		styled_add(t, ROLE_TEXT, marks[i].means);
		styled_end(t, NAME_W);
	}
	styled_heading(t, "Of a device");
	styled_column(t, 3);
	styled_add(t, ROLE_CHOSEN, "[x]");
	styled_column(t, NAME_W);
	styled_add(t, ROLE_TEXT, "chosen: to be handed over");
	styled_end(t, NAME_W);
	styled_column(t, 3);
	styled_add(t, ROLE_BAD, "!disk");
	styled_column(t, NAME_W);
	styled_add(t, ROLE_TEXT,
		"a lifeline: this host needs the device, and the plan refuses to take it until the word is typed");
	styled_end(t, NAME_W);
}

static int help_fill(struct wizard *w UNUSED, struct styled *t, const void *arg,
	struct err *err UNUSED)
{
	unsigned page = ((const struct page *)arg)->keys;

	if (page == KEYS_TREE)
		add_marks(t);
	add_keys(t, page);
	return 0;
}

static int help_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	return text_page_enter(w, help_fill, state, arg, err);
}

const struct page page_help = {
	.title = "Help",
	.keys = KEYS_HELP,
	.state_size = sizeof(struct text_page),
	.enter = help_enter,
	.draw = text_page_draw,
	.key = text_page_key,
	.leave = text_page_leave,
};

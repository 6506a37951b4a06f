// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/keys.h"
#include "ui/term.h"

#define TREE KEYS_TREE
#define PLAN KEYS_PLAN
#define DIFF KEYS_DIFF
#define APPLY KEYS_APPLY
#define NEXT KEYS_NEXT
#define UNDO KEYS_UNDO
#define HELP KEYS_HELP
#define DETAILS KEYS_DETAILS
#define CHECK KEYS_CHECK
#define HISTORY KEYS_HISTORY
#define VERIFY KEYS_VERIFY
#define RESUME KEYS_RESUME
#define BIND KEYS_BIND
#define EXPORT KEYS_EXPORT
#define TEXTS KEYS_TEXTS
#define PAGES KEYS_PAGES
#define ALL KEYS_ALL

const struct key_row key_rows[] = {
#define KEY(action, pages, ...) { ACTION_##action, pages, __VA_ARGS__ },
#include "ui/keys.def"
#undef KEY
};
const size_t n_key_rows = ARRAY_SIZE(key_rows);

const struct key_section key_sections[] = {
	{ TREE, "Choosing devices" },
	{ PLAN, "The plan" },
	{ DIFF | UNDO | HISTORY, "Review, undo and history" },
	{ APPLY | NEXT | BIND | EXPORT, "Applying, and after" },
	{ CHECK | VERIFY | RESUME, "Checks, and after the reboot" },
	{ 0, "Everywhere" },
};
const size_t n_key_sections = ARRAY_SIZE(key_sections);

/* A row is in the first section that covers all its pages; the last one takes any. */
bool key_in_section(const struct key_row *row, const struct key_section *section)
{
	const struct key_section *s = key_sections;

	while (s->pages && (row->pages & ~s->pages))
		s++;
	return s == section;
}

enum action key_action(unsigned page, int key)
{
	for (size_t i = 0; i < n_key_rows; i++) {
		const struct key_row *row = &key_rows[i];

		if ((row->pages & page) && key &&
			(row->first == key || row->second == key))
			return row->action;
	}
	return ACTION_NONE;
}

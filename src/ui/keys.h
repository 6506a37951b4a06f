/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wizard's keys: one table, keys.def. */
#pragma once

#include "core/base/util.h"

/* Pages that a row can be for. */
enum {
	KEYS_TREE = 1 << 0,
	KEYS_PLAN = 1 << 1,
	KEYS_DIFF = 1 << 2,
	KEYS_APPLY = 1 << 3,
	KEYS_NEXT = 1 << 4,
	KEYS_UNDO = 1 << 5,
	KEYS_HELP = 1 << 6,
	KEYS_DETAILS = 1 << 7,
	KEYS_CHECK = 1 << 8,
	KEYS_HISTORY = 1 << 9,
	KEYS_VERIFY = 1 << 10,
	KEYS_RESUME = 1 << 11,
	KEYS_BIND = 1 << 12,
	KEYS_EXPORT = 1 << 13,
	KEYS_TEXTS = KEYS_PLAN | KEYS_DIFF | KEYS_NEXT | KEYS_UNDO | KEYS_HELP |
		     KEYS_DETAILS | KEYS_CHECK | KEYS_VERIFY | KEYS_RESUME | KEYS_BIND |
		     KEYS_EXPORT,
	KEYS_PAGES = KEYS_TREE | KEYS_PLAN | KEYS_DIFF | KEYS_NEXT | KEYS_UNDO |
		     KEYS_CHECK | KEYS_HISTORY | KEYS_VERIFY | KEYS_RESUME | KEYS_BIND |
		     KEYS_EXPORT,
	KEYS_ALL = KEYS_TREE | KEYS_TEXTS | KEYS_APPLY | KEYS_HISTORY,
};

enum action {
	ACTION_NONE,
	ACTION_CHOOSE,
	ACTION_NEXT,
	ACTION_FIND,
	ACTION_FIND_NEXT,
	ACTION_FIND_BACK,
	ACTION_FILTER,
	ACTION_DETAILS,
	ACTION_UNDO,
	ACTION_METHOD,
	ACTION_BIND,
	ACTION_EXPORT,
	ACTION_FORMAT,
	ACTION_SAVE,
	ACTION_ACCESS,
	ACTION_CLOSE,
	ACTION_OPEN,
	ACTION_CLOSE_ALL,
	ACTION_OPEN_ALL,
	ACTION_RESCAN,
	ACTION_HISTORY,
	ACTION_CHECK,
	ACTION_VERIFY,
	ACTION_DEVICE_NEXT,
	ACTION_DEVICE_BACK,
	ACTION_ACCEPT,
	ACTION_REPAIR,
	ACTION_FIX,
	ACTION_IOMMU_PT,
	ACTION_CLEAN,
	ACTION_LOADER,
	ACTION_INITRAMFS,
	ACTION_ACS_OVERRIDE,
	ACTION_WRITE,
	ACTION_WRITE_HINT,
	ACTION_OTHER_WAY,
	ACTION_CONFLICT,
	ACTION_FILE_NEXT,
	ACTION_FILE_BACK,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_BACK,
	ACTION_HELP,
	ACTION_QUIT,
};

struct key_row {
	enum action action;
	unsigned pages;
	int first, second; /* see term_key(); second 0: none */
	const char *name; /* "Space" */
	const char *label; /* in the footer, or NULL */
	const char *help; /* a sentence */
};

extern const struct key_row key_rows[];
extern const size_t n_key_rows;

/* A part of the help page and of the manual. */
struct key_section {
	unsigned pages; /* rows for exactly these, or, where it is 0, what is left */
	const char *title;
};

extern const struct key_section key_sections[];
extern const size_t n_key_sections;

/* A row belongs to the first section that covers all of its pages. */
bool key_in_section(const struct key_row *row, const struct key_section *section);

/* What a key means on a page; ACTION_NONE where it means nothing. */
enum action key_action(unsigned page, int key);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the tree: groups, their devices, and claims whose device is not there. */
#pragma once

#include "core/plan/plan.h"
#include "ui/pager.h"

struct tree_row {
	const struct group *group; /* NULL for a missing device and its heading */
	const struct device *device; /* NULL for the row of a group */
	const char *missing; /* address of a claimed device that is not there */
	bool heading; /* of a group, or of the missing ones */
};

struct tree {
	const struct host *host;
	const struct claims *claims; /* of the request; borrowed */
	struct tree_row *rows;
	struct list list; /* the cursor in them */
	bool *open; /* for each group */
	int filter; /* index into tree_filters */
	bool lifelines; /* some device has one: worth a column */
};

struct tree_filter {
	const char *word; /* "GPU"; "all" for the first */
	enum device_kind kind;
};

extern const struct tree_filter tree_filters[];
extern const size_t n_tree_filters;

/* Groups with endpoints start open. */
void tree_init(struct tree *t, const struct host *host, const struct claims *claims);
void tree_done(struct tree *t);
/* Makes the rows anew, after any change; the cursor stays on its device. */
void tree_build(struct tree *t);

const struct tree_row *tree_at(const struct tree *t); /* under the cursor, or NULL */
void tree_open_all(struct tree *t, bool open);
/* Opens or closes the group under the cursor, which then is on the group's row. */
void tree_open_here(struct tree *t, bool open);
/* Puts the cursor on a device, whose group is opened. */
void tree_show(struct tree *t, const struct device *d);
/*
 * The next device (step 1 or -1) whose address, IDs, name, driver or class holds the
 * text; NULL where none does. *ret_count is how many do, *ret_which this one's number.
 */
const struct device *tree_find(const struct tree *t, const char *text, int step,
	size_t *ret_which, size_t *ret_count);

/* The device a row stands for: of a group's, its first endpoint. NULL: none, or no row.
 */
const struct device *tree_row_device(const struct host *host, const struct tree_row *row);

bool tree_matches_filter(const struct tree *t, const struct device *d);
/* Members that are no bridge, and how many of them are in the request. */
size_t group_endpoints(const struct host *host, const struct group *g,
	const struct claims *claims, size_t *ret_chosen);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one way changes get onto a host: applying a plan and restoring a set share it. */
#pragma once

#include "backup/backup.h"

struct work {
	const struct change *changes;
	size_t n_changes;
	const struct command *commands;
	size_t n_commands;
	struct product *products;
	size_t n_products;
	const struct move *moves; /* after all commands */
	size_t n_moves;
	const char *summary;
	struct expectations expects; /* moved into the set */
	const struct set *undoes; /* the set this one undoes, or NULL */
};

/* As backup_apply(), whose contract this is; options and progress are never NULL-checked
 * apart from progress' members. */
int apply_work(const struct root *root, struct work *work,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err) MUST_CHECK;

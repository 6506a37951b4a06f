/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs: one table, verbs.def. */
#pragma once

#include "cli/cli.h"

struct verb {
	const char *name;
	const char *operands; /* for help: "DEVICE..." */
	size_t least, most; /* of them */
	unsigned options; /* TAKES_..., those of every verb included */
	const char *summary;
	enum exit_status (*run)(const struct root *root, const struct options *options);
};

extern const struct verb verbs[]; /* ended by a row without name */

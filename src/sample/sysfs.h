/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directives for groups, network interfaces and disks, and their KEY=VALUE words. */
#pragma once

#include "sample/expand.h"

enum expand_kind { KEY_WORD, KEY_FILE };
/* A KEY=VALUE that a line may have. KEY_FILE makes a file of that name with the value;
 * with a fallback, in any case. */
struct expand_key {
	const char *name;
	enum expand_kind kind;
	const char *fallback;
};
int expand_check_keys(struct expander *x, char **words, const struct expand_key *keys,
	size_t n) MUST_CHECK;
int expand_key_files(struct expander *x, const char *dir, char **words,
	const struct expand_key *keys, size_t n) MUST_CHECK;
/* A group's directory, unless it is there. */
int expand_make_group(struct expander *x, const char *number) MUST_CHECK;
directive_fn expand_group, expand_net, expand_block;

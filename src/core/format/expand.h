/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a shell as far as they can be known without running anything: quotes,
 * variables that were assigned literal text, arguments, lists in braces. What only
 * running would tell stands in the result behind EXPAND_UNKNOWN, as it was written (its
 * own variables expanded), so that what it names is seen.
 */
#pragma once

#include "core/base/util.h"

#define EXPAND_UNKNOWN '\001'
/* Before an address: all devices of its IOMMU group. */
#define EXPAND_GROUP '\004'

struct scope {
	char **vars; /* names, each followed by its value */
	char **args; /* $1 and on */
	bool args_known;
};

void scope_done(struct scope *scope);
void scope_set(struct scope *scope, const char *name, const char *value);
/* Whether the raw word is "NAME=...", which it then sets. */
bool scope_assign(struct scope *scope, const char *raw);
/* The words that a raw word makes: none, one or more; see strv.h. */
char **expand(const struct scope *scope, const char *raw) MUST_CHECK;
/* All of them, of a list. */
char **expand_all(const struct scope *scope, char *const *raw) MUST_CHECK;
bool is_known(const char *expanded);

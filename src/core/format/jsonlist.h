/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of strings inside a JSON text, edited in place: a string goes to the end of the
 * list in the way the others are set, and out again, and no other byte changes.
 */
#pragma once

#include "core/base/err.h"

/*
 * keys name the list from the outermost object on, ended by NULL. Both: -EINVAL where the
 * text is no JSON, or has no such list of strings; err names path then.
 */
int json_list_read(const char *path, const char *text, const char *const *keys,
	char ***ret, struct err *err) MUST_CHECK;
/* ours are the strings that an earlier call added, wanted those that shall be there; none
 * needs escaping. */
int json_list_set(const char *path, const char *text, const char *const *keys,
	char *const *ours, char *const *wanted, char **ret, struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assignments of shell variables, edited. */
#pragma once

#include "core/format/shell.h"

/*
 * text with words in the value that the variable has in the end: in place in its last
 * assignment, or, where that would not do (there is none, or it may not be reached), in a
 * line of our own at the end of the file. ours are the words that are there by an earlier
 * call, wanted those that shall be; none needs quoting. unset, or NULL, is what who
 * reads the file takes where the variable is not set. *ret is NULL where the file was
 * made for this alone.
 */
int shell_set(const char *path, const char *text, const char *name, const char *unset,
	char *const *ours, char *const *wanted, char **ret, struct err *err) MUST_CHECK;

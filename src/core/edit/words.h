/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel command line as a list of words. Order and duplicates are kept; a word may
 * hold blanks inside double quotes, as the kernel reads it (lib/cmdline.c, next_arg).
 * '-' and '_' are the same in a parameter's name.
 */
#pragma once

#include "core/base/strv.h"

int words_split(const char *cmdline, char ***ret) MUST_CHECK;
/* The value of the last "name=value", or NULL; "" for a bare "name". */
const char *words_value(char *const *words, const char *name);
/* Whether the comma-separated value of the last "name=" holds item. */
bool words_value_has(char *const *words, const char *name, const char *item);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A word of the kernel command line in a file of any format: by itself between blanks,
 * quotes, or behind the '=' of an assignment. Lines whose first character is '#' are
 * comments and left out.
 */
#pragma once

#include "core/base/util.h"

/* The line, from 1, that first holds the word; 0 where none does. */
size_t token_line(const char *text, const char *word);
/* Takes the word out wherever it stands, each time with one of the blanks beside it; all
 * other bytes stay. */
void token_drop(char *text, const char *word);

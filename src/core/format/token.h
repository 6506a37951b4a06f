/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A word in a file of any format, of the kernel command line or of a shell's list: by
 * itself between blanks, quotes, parentheses, or behind the '=' of an assignment. Lines
 * whose first character is '#' are comments and left out.
 */
#pragma once

#include "core/base/util.h"

/* The line, from 1, that first holds the word; 0 where none does. */
size_t token_line(const char *text, const char *word);
/*
 * Takes the word out wherever it stands, each time with one of the blanks beside it; all
 * other bytes stay. With root, lines that have another root= than that value boot another
 * system, and stay as they are.
 */
void token_drop(char *text, const char *word, const char *root);

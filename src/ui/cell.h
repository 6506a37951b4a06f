/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From UTF-8 text to the cells of a terminal. */
#pragma once

#include <wchar.h>

#include "core/base/util.h"

/*
 * Pages write their few signs (rules, arrows, an ellipsis) as Unicode. Where the terminal
 * or the locale cannot show that, each becomes one ASCII character of the same width, and
 * any other character beyond ASCII a "?": no layout depends on it.
 */
void cell_set_ascii(bool on);

/*
 * The next character of s, as it will be shown, and the cells it takes (0 for a combining
 * one); the bytes it was, 0 at the end. Control characters never come out of it.
 */
size_t cell_next(const char *s, wchar_t *ret, int *ret_width);
/* Cells that s takes. */
int cell_width(const char *s);
/* Bytes of s that fit into width cells, combining characters included. */
size_t cell_fit(const char *s, int width);
/* A character as UTF-8; its length, at most 4. */
size_t cell_encode(wchar_t c, char *ret);

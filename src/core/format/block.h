/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our lines in a file that others write too: a block between two comment lines, at the
 * file's end. Taking it out again gives back the same bytes, a missing last newline and a
 * missing file included.
 */
#pragma once

#include "core/base/err.h"

/*
 * text (NULL: no such file) with the block holding lines, or without it where lines is
 * NULL. The result is NULL where the file should not exist: it was made for the block
 * alone.
 */
char *block_set(const char *text, const char *lines) MUST_CHECK;
/* text without the block, as the user wrote it; "" where there is nothing else. */
char *block_without(const char *text) RETURNS_MEMORY;

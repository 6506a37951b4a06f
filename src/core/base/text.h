/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from hardware, files and commands, made safe for a terminal. */
#pragma once

#include "core/base/util.h"

/*
 * A copy of s in which whatever could steer a terminal or mislead a reader is written as
 * \xNN: control characters (newline and tab too), bytes that are no UTF-8, the C1 range
 * and Unicode's direction marks. NULL without memory. text_clean() is the same for a
 * string of any length that may hold NUL bytes.
 */
char *text_escape(const char *s) MUST_CHECK;
char *text_clean(const char *s, size_t len) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text: printed into a string, and made safe for a terminal. */
#pragma once

#include "core/base/util.h"

#include <stdarg.h>

/* A new string. */
char *text_printf(const char *fmt, ...) PRINTF(1, 2) RETURNS_MEMORY;
char *text_vprintf(const char *fmt, va_list ap) PRINTF(1, 0) RETURNS_MEMORY;

/*
 * A copy of s in which whatever could steer a terminal or mislead a reader is written as
 * \xNN: control characters (newline and tab too), bytes that are no UTF-8, the C1 range
 * and Unicode's direction marks. text_clean() is the same for a string of any length that
 * may hold NUL bytes.
 */
char *text_escape(const char *s) RETURNS_MEMORY;
char *text_clean(const char *s, size_t len) RETURNS_MEMORY;

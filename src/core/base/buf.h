/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing string. */
#pragma once

#include "core/base/util.h"

struct buf {
	char *s; /* always NUL-terminated once something was added */
	size_t len;
	size_t cap;
};

#define autobuf CLEANUP(buf_done)

void buf_done(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Hands out the string, which may be empty, and empties b. */
char *buf_take(struct buf *b) RETURNS_MEMORY;

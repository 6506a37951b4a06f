/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string. A failed allocation is remembered, later calls do nothing, and
 * buf_take() reports it: callers check once, at the end.
 */
#pragma once

#include "core/base/util.h"

struct buf {
	char *s; /* always NUL-terminated once something was added */
	size_t len;
	size_t cap;
	bool failed;
};

#define autobuf CLEANUP(buf_done)

void buf_done(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Moves the string (never NULL on success) to *ret and empties b; 0 or -ENOMEM. */
int buf_take(struct buf *b, char **ret) MUST_CHECK;

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/buf.h"
#include "core/base/text.h"

#include <stdarg.h>

void buf_done(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	size_t need = b->len + len + 1, cap = b->cap ?: 64;

	while (cap < need)
		cap *= 2;
	if (cap != b->cap)
		b->s = xreallocarray(b->s, cap, 1);
	b->cap = cap;
	memcpy(b->s + b->len, data, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	autofree char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	s = text_vprintf(fmt, ap);
	va_end(ap);
	buf_puts(b, s);
}

char *buf_take(struct buf *b)
{
	char *s;

	buf_add(b, "", 0);
	s = b->s;
	*b = (struct buf){ 0 };
	return s;
}

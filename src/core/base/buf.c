// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/buf.h"

#include <stdarg.h>

void buf_done(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}

/* Makes room for len more bytes and the NUL. */
static bool buf_room(struct buf *b, size_t len)
{
	size_t need = b->len + len + 1, cap = b->cap ?: 64;
	char *s;

	if (b->failed || need < len)
		return !(b->failed = true);
	while (cap < need)
		cap *= 2;
	if (cap == b->cap)
		return true;
	s = realloc(b->s, cap);
	if (!s)
		return !(b->failed = true);
	b->s = s;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!buf_room(b, len))
		return;
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
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		s = NULL; /* undefined after a failure */
	if (s)
		buf_add(b, s, (size_t)n);
	else
		b->failed = true;
}

int buf_take(struct buf *b, char **ret)
{
	buf_add(b, "", 0);
	if (b->failed) {
		buf_done(b);
		return -ENOMEM;
	}
	*ret = b->s;
	*b = (struct buf){ 0 };
	return 0;
}

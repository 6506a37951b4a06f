// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/text.h"
#include "core/base/buf.h"

#include <stdint.h>

char *text_vprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		alloc_failed();
	return s;
}

char *text_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = text_vprintf(fmt, ap);
	va_end(ap);
	return s;
}

/* Decodes one UTF-8 character; its length in bytes, or 0 where the bytes are none. */
static size_t utf8_decode(const unsigned char *s, size_t len, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80	  ? 1
		   : s[0] >= 0xf0 ? 4
		   : s[0] >= 0xe0 ? 3
		   : s[0] >= 0xc2 ? 2
				  : 0;
	uint32_t c;

	if (n == 0 || n > len)
		return 0;
	c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret = c;
	return n;
}

static bool harmless(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	/* Bidirectional marks, line separators, byte order mark: invisible, and they
	 * mislead. */
	return c != 0x061c && !(c >= 0x200b && c <= 0x200f) &&
	       !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2060 && c <= 0x206f) &&
	       c != 0xfeff;
}

char *text_clean(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + len;
	struct buf b = { 0 };

	while (p < end) {
		uint32_t c = 0;
		size_t n = utf8_decode(p, (size_t)(end - p), &c);

		if (n && harmless(c)) {
			buf_add(&b, p, n);
			p += n;
			continue;
		}
		for (n = n ?: 1; n; n--)
			buf_printf(&b, "\\x%02x", *p++);
	}
	return buf_take(&b);
}

char *text_escape(const char *s)
{
	return text_clean(s, strlen(s));
}

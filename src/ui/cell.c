// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/cell.h"

static bool ascii_only;

/* The signs that pages use, and what stands for them in ASCII. */
static const struct {
	wchar_t sign;
	char ascii;
} plain_signs[] = {
	{ L'─', '-' },
	{ L'│', '|' },
	{ L'├', '|' },
	{ L'└', '`' },
	{ L'┌', '+' },
	{ L'┐', '+' },
	{ L'┘', '+' },
	{ L'▼', '-' },
	{ L'►', '+' },
	{ L'→', '>' },
	{ L'↪', '>' },
	{ L'…', '~' },
	{ L'·', '-' },
	{ L'•', '*' },
	{ L'✓', '*' },
	{ L'█', '#' },
	{ L'░', '.' },
	{ L'–', '-' },
	{ L'—', '-' },
	{ L'’', '\'' },
	{ L'“', '"' },
	{ L'”', '"' },
};

void cell_set_ascii(bool on)
{
	ascii_only = on;
}

/* s is what text_escape() or a page made, valid UTF-8: one look at each byte will do. */
static size_t decode(const unsigned char *s, wchar_t *ret)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	wchar_t c = n == 1 ? s[0] : s[0] & (0x7f >> n);

	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80) { /* not UTF-8 after all */
			*ret = L'?';
			return i;
		}
		c = (wchar_t)((unsigned)c << 6 | (s[i] & 0x3f));
	}
	*ret = c;
	return n;
}

static wchar_t plain(wchar_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(plain_signs); i++)
		if (plain_signs[i].sign == c)
			return plain_signs[i].ascii;
	return L'?';
}

size_t cell_next(const char *s, wchar_t *ret, int *ret_width)
{
	wchar_t c;
	size_t n;
	int width;

	if (!*s)
		return 0;
	n = decode((const unsigned char *)s, &c);
	if (c >= 0x80 && ascii_only)
		c = plain(c);
	width = c < 0x20 || c == 0x7f ? -1 : c < 0x80 ? 1 : wcwidth(c);
	if (width < 0) { /* the locale has no such character */
		c = L'?';
		width = 1;
	}
	*ret = c;
	*ret_width = width;
	return n;
}

int cell_width(const char *s)
{
	int total = 0, width;
	wchar_t c;

	for (size_t n; (n = cell_next(s, &c, &width)); s += n)
		total += width;
	return total;
}

size_t cell_fit(const char *s, int width)
{
	const char *p = s;
	int w;
	wchar_t c;

	for (size_t n; (n = cell_next(p, &c, &w)) && w <= width; p += n)
		width -= w;
	return (size_t)(p - s);
}

size_t cell_encode(wchar_t c, char *ret)
{
	unsigned u = (unsigned)c;

	if (u < 0x80) {
		ret[0] = (char)u;
		return 1;
	}
	if (u < 0x800) {
		ret[0] = (char)(0xc0 | u >> 6);
		ret[1] = (char)(0x80 | (u & 0x3f));
		return 2;
	}
	if (u < 0x10000) {
		ret[0] = (char)(0xe0 | u >> 12);
		ret[1] = (char)(0x80 | (u >> 6 & 0x3f));
		ret[2] = (char)(0x80 | (u & 0x3f));
		return 3;
	}
	ret[0] = (char)(0xf0 | u >> 18);
	ret[1] = (char)(0x80 | (u >> 12 & 0x3f));
	ret[2] = (char)(0x80 | (u >> 6 & 0x3f));
	ret[3] = (char)(0x80 | (u & 0x3f));
	return 4;
}

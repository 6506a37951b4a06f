// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample/expand.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <ctype.h>
#include <stdarg.h>

/* "desktop.host:12", or only the name where no line is to blame. */
static char *place(const struct expander *x)
{
	return x->line ? text_printf("%s:%zu", x->name, x->line) : xstrdup(x->name);
}

int expand_bad(struct expander *x, const char *fmt, ...)
{
	autofree char *text = NULL, *at = place(x);
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	return err_set(x->err, -EINVAL, "%s: %s", at, text);
}

int expand_errno(struct expander *x, int r, const char *path)
{
	autofree char *at = NULL;

	if (r >= 0)
		return 0;
	at = place(x);
	return err_errno(x->err, r, "%s: cannot make %s", at, path);
}

int expand_check_path(struct expander *x, const char *path)
{
	for (const char *p = path; p; p = strchr(p, '/')) {
		size_t n;

		p += p != path;
		n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.') ||
			(n == 2 && p[0] == '.' && p[1] == '.'))
			return expand_bad(
				x, "%s is not a path below the top of the tree.", path);
	}
	return 0;
}

int expand_put(struct expander *x, const char *dir, const char *name, mode_t mode,
	const char *fmt, ...)
{
	autofree char *path = text_printf("%s/%s", dir, name), *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	return expand_errno(x,
		tree_write(x->root, path, TREE_REPLACE, mode, text, strlen(text)), path);
}

int expand_dir(struct expander *x, const char *dir, const char *name)
{
	autofree char *path = text_printf("%s/%s", dir, name);

	return expand_errno(x, tree_dir(x->root, path), path);
}

int expand_link(struct expander *x, const char *dir, const char *name, const char *to)
{
	autofree char *path = text_printf("%s/%s", dir, name);

	return expand_errno(x, tree_link_to(x->root, path, to), path);
}

const char *expand_value(char **words, const char *key)
{
	strv_foreach (word, words) {
		const char *value = after_prefix(word, key);

		if (value && *value == '=')
			return value + 1;
	}
	return NULL;
}

bool expand_hex(const char *s, size_t digits, char end, unsigned *ret)
{
	for (size_t i = 0; i < digits; i++)
		if (!isxdigit((unsigned char)s[i]))
			return false;
	if (s[digits] != end)
		return false;
	*ret = (unsigned)strtoul(s, NULL, 16);
	return true;
}

int expand_bytes(const char *s, unsigned char *out, size_t size, size_t *len)
{
	for (; *s; s += 2, ++*len) {
		char pair[3] = { s[0], s[1], '\0' };
		unsigned byte;

		if (*len == size || !expand_hex(pair, 2, '\0', &byte))
			return -EINVAL;
		out[*len] = (unsigned char)byte;
	}
	return 0;
}

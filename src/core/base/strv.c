// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/strv.h"
#include "core/base/buf.h"

void strv_free(char **list)
{
	for (char **s = list; s && *s; s++)
		free(*s);
	free(list);
}

void strv_freep(char ***list)
{
	strv_free(*list);
}

size_t strv_len(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

bool strv_has(char *const *list, const char *s)
{
	strv_foreach (item, list)
		if (streq(item, s))
			return true;
	return false;
}

/* There is room for the next power of two, the NULL at the end included. */
void strv_append(char ***list, size_t *n, const char *s, size_t len)
{
	if (!*list || ((*n + 1) & *n) == 0)
		*list = xreallocarray(*list, 2 * (*n + 1), sizeof(**list));
	(*list)[(*n)++] = xstrndup(s, len);
	(*list)[*n] = NULL;
}

bool strv_equal(char *const *a, char *const *b)
{
	for (; a && b && *a && *b && streq(*a, *b); a++, b++)
		;
	return !(a && *a) && !(b && *b);
}

void strv_add(char ***list, const char *s)
{
	size_t n = strv_len(*list);

	strv_append(list, &n, s, strlen(s));
}

void strv_add_new(char ***list, const char *s)
{
	if (!strv_has(*list, s))
		strv_add(list, s);
}

static int compare_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort_versions(char **list)
{
	if (list)
		qsort(list, strv_len(list), sizeof(*list), compare_version);
}

static int compare_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort_bytes(char **list)
{
	if (list)
		qsort(list, strv_len(list), sizeof(*list), compare_bytes);
}

char **strv_copy(char *const *list)
{
	char **copy = NULL;
	size_t n = 0;

	strv_foreach (s, list)
		strv_append(&copy, &n, s, strlen(s));
	return copy;
}

char **strv_split(const char *s, const char *separators)
{
	char **list = NULL;
	size_t n = 0, len;

	for (s += strspn(s, separators); *s; s += len, s += strspn(s, separators)) {
		len = strcspn(s, separators);
		strv_append(&list, &n, s, len);
	}
	return list;
}

char *strv_join(char *const *list, const char *separator)
{
	struct buf b = { 0 };

	strv_foreach (s, list) {
		if (b.len)
			buf_puts(&b, separator);
		buf_puts(&b, s);
	}
	return buf_take(&b);
}

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

int strv_add(char ***list, const char *s)
{
	size_t n = strv_len(*list);
	char **grown, *copy = strdup(s);

	if (!copy)
		return -ENOMEM;
	grown = reallocarray(*list, n + 2, sizeof(*grown));
	if (!grown) {
		free(copy);
		return -ENOMEM;
	}
	grown[n] = copy;
	grown[n + 1] = NULL;
	*list = grown;
	return 0;
}

int strv_add_new(char ***list, const char *s)
{
	return strv_has(*list, s) ? 0 : strv_add(list, s);
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

int strv_copy(char *const *list, char ***ret)
{
	autostrv char **copy = NULL;

	strv_foreach (s, list)
		if (strv_add(&copy, s) < 0)
			return -ENOMEM;
	*ret = TAKE(copy);
	return 0;
}

int strv_split(const char *s, const char *separators, char ***ret)
{
	autostrv char **list = NULL;
	autofree char *copy = strdup(s);
	char *save = NULL;

	if (!copy)
		return -ENOMEM;
	for (char *p = strtok_r(copy, separators, &save); p;
		p = strtok_r(NULL, separators, &save))
		if (strv_add(&list, p) < 0)
			return -ENOMEM;
	*ret = TAKE(list);
	return 0;
}

int strv_join(char *const *list, const char *separator, char **ret)
{
	autobuf struct buf b = { 0 };

	strv_foreach (s, list) {
		if (b.len)
			buf_puts(&b, separator);
		buf_puts(&b, s);
	}
	return buf_take(&b, ret);
}

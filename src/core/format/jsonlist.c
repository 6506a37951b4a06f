// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/jsonlist.h"
#include "core/base/strv.h"
#include "core/base/text.h"

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

/* Past a string, at its quote; NULL where it is never closed. */
static const char *skip_string(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : NULL;
}

/* Past any value; what is nested in it is not looked at, but for its ends. */
static const char *skip_value(const char *s)
{
	size_t depth = 0;

	do {
		s = skip_blanks(s);
		if (*s == '"') {
			s = skip_string(s);
		} else if (strchr("{[", *s) && *s) {
			depth++;
			s++;
		} else if (strchr("}]", *s) && *s) {
			if (!depth)
				return NULL;
			depth--;
			s++;
		} else if (strchr(",:", *s) && *s) {
			if (!depth)
				return NULL;
			s++;
		} else {
			size_t n = strcspn(s, " \t\r\n,:{}[]\"");

			s = n ? s + n : NULL;
		}
	} while (s && depth);
	return s;
}

/* The value of a key in an object, or NULL; of several the last, as Python has it. */
static const char *member(const char *s, const char *key)
{
	const char *found = NULL;
	size_t n = strlen(key);

	s = skip_blanks(s);
	if (*s != '{')
		return NULL;
	for (s = skip_blanks(s + 1); *s == '"'; s = skip_blanks(s + 1)) {
		const char *name = s + 1, *end = skip_string(s);

		s = end ? skip_blanks(end) : NULL;
		if (!s || *s != ':')
			return NULL;
		s = skip_blanks(s + 1);
		if ((size_t)(end - 1 - name) == n && strncmp(name, key, n) == 0)
			found = s;
		s = skip_value(s);
		s = s ? skip_blanks(s) : NULL;
		if (!s || *s != ',')
			return s && *s == '}' ? found : NULL;
	}
	return NULL;
}

/* A list's strings, with their quotes: bytes [start, end) of the text. */
struct item {
	size_t start, end;
};

struct items {
	struct item *list;
	size_t n;
	size_t open; /* past the list's bracket */
};

static void items_done(struct items *items)
{
	free(items->list);
}

static int find_items(const char *text, const char *const *keys, struct items *ret)
{
	const char *s = text;

	ret->n = 0;
	for (; s && *keys; keys++)
		s = member(s, *keys);
	if (!s || *s != '[')
		return -EINVAL;
	ret->open = (size_t)(++s - text);
	for (s = skip_blanks(s); *s != ']'; s = skip_blanks(s + 1)) {
		const char *end = *s == '"' ? skip_string(s) : NULL;

		if (!end)
			return -EINVAL;
		GROW(ret->list, ret->n);
		ret->list[ret->n++] =
			(struct item){ (size_t)(s - text), (size_t)(end - text) };
		s = skip_blanks(end);
		if (*s == ']')
			break;
		if (*s != ',' || *skip_blanks(s + 1) == ']')
			return -EINVAL;
	}
	return 0;
}

static int find_list(const char *path, const char *text, const char *const *keys,
	struct items *ret, struct err *err)
{
	autofree char *name = NULL;
	int r = find_items(text, keys, ret);

	if (r == 0)
		return 0;
	name = strv_join((char *const *)keys, ".");
	return err_set(err, -EINVAL,
		"%s is not as expected: there is no list of strings %s.", path, name);
}

/* What stands between the quotes, a backslash before a quote or another one left out. */
static char *take_string(const char *text, const struct item *item)
{
	char *s = xstrndup(text + item->start + 1, item->end - item->start - 2), *to = s;

	for (const char *from = s; *from; from++) {
		if (*from == '\\' && from[1] && strchr("\"\\/", from[1]))
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return s;
}

int json_list_read(const char *path, const char *text, const char *const *keys,
	char ***ret, struct err *err)
{
	CLEANUP(items_done) struct items items = { 0 };
	autostrv char **list = NULL;
	int r = find_list(path, text, keys, &items, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < items.n; i++) {
		autofree char *s = take_string(text, &items.list[i]);

		strv_add(&list, s);
	}
	*ret = TAKE(list);
	return 0;
}

/* The index of the last item that is the word, or n. */
static size_t find_last(const char *text, const struct items *items, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = items->n; i-- > 0;)
		if (items->list[i].end - items->list[i].start == len + 2 &&
			strncmp(text + items->list[i].start + 1, word, len) == 0)
			return i;
	return items->n;
}

/* Takes the i-th out, with the comma and the blanks that join it to the others. */
static void cut(char *text, const struct items *items, size_t i)
{
	size_t start = items->list[i].start, end = items->list[i].end;

	if (i)
		start = items->list[i - 1].end;
	else if (items->n > 1)
		end = items->list[1].start;
	memmove(text + start, text + end, strlen(text + end) + 1);
}

static void append(char **text, const struct items *items, const char *word)
{
	const struct item *last = items->n ? &items->list[items->n - 1] : NULL;
	size_t at = last ? last->end : items->open;
	/* The blanks before the last one, after the comma or the bracket. */
	size_t blank = items->n > 1 ? items->list[items->n - 2].end : items->open;
	char *new;

	if (last)
		blank += strspn(*text + blank, " \t\r\n,");
	while (last && blank > items->open && strchr(" \t\r\n", (*text)[blank - 1]))
		blank--;
	new = text_printf("%.*s%s%.*s\"%s\"%s", (int)at, *text, last ? "," : "",
		last ? (int)(last->start - blank) : 0, *text + blank, word, *text + at);
	free(*text);
	*text = new;
}

int json_list_set(const char *path, const char *text, const char *const *keys,
	char *const *ours, char *const *wanted, char **ret, struct err *err)
{
	CLEANUP(items_done) struct items items = { 0 };
	autofree char *new = xstrdup(text);
	int r = find_list(path, new, keys, &items, err);

	if (r < 0)
		return r;
	strv_foreach (word, ours) {
		size_t i =
			strv_has(wanted, word) ? items.n : find_last(new, &items, word);

		if (i == items.n)
			continue;
		cut(new, &items, i);
		r = find_list(path, new, keys, &items, err);
		if (r < 0)
			return r;
	}
	strv_foreach (word, wanted) {
		if (strv_has(ours, word) && find_last(new, &items, word) < items.n)
			continue;
		append(&new, &items, word);
		r = find_list(path, new, keys, &items, err);
		if (r < 0)
			return r;
	}
	*ret = TAKE(new);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/commas.h"
#include "core/base/strv.h"
#include "core/base/text.h"

/* Bytes [start, end) of the list, without quotes. */
struct list {
	size_t start, end;
	bool there, quoted;
	bool odd; /* no string in one line */
};

/* What is behind "key:", or NULL: YAML wants a blank there. */
static const char *commas_value_of(const char *line, const char *key)
{
	const char *rest = after_prefix(line, key);

	return rest && *rest == ':' && strchr(" \t\r\n", rest[1]) ? rest + 1 : NULL;
}

static struct list find_list(const char *text, const char *key)
{
	struct list list = { 0 };
	const char *line = text ?: "", *value, *s;

	while (*line && !commas_value_of(line, key))
		line += strcspn(line, "\n"), line += *line == '\n';
	if (!*line)
		return list;
	value = commas_value_of(line, key);
	s = value + strspn(value, " \t");
	list.there = true;
	list.quoted = *s == '"' || *s == '\'';
	list.odd = *s && strchr("[{|>&*!", *s);
	if (list.quoted) {
		const char *close = strchr(s + 1, *s);

		s++;
		list.odd |= !close;
		list.start = (size_t)(s - text);
		list.end = list.start + (close ? (size_t)(close - s) : 0);
		return list;
	}
	list.start = list.end = (size_t)(value - text);
	for (; *s && !strchr("\r\n", *s) && !(*s == '#' && strchr(" \t", s[-1])); s++)
		if (!strchr(" \t", *s)) {
			list.end = (size_t)(s - text) + 1;
			if (list.start == (size_t)(value - text))
				list.start = list.end - 1;
		}
	return list;
}

int commas_read(const char *text, const char *key, char ***ret)
{
	struct list list = find_list(text, key);
	autofree char *copy = NULL;

	*ret = NULL;
	if (!list.there || list.odd)
		return list.odd ? -EINVAL : 0;
	copy = xstrndup(text + list.start, list.end - list.start);
	*ret = strv_split(copy, " \t,");
	return 1;
}

char *commas_add(const char *text, const char *key, const char *name)
{
	struct list list = find_list(text, key);
	bool empty = list.end == list.start;
	const char *before = empty && !list.quoted ? " " : "";

	return text_printf("%.*s%s%s%s%s", (int)list.start, text, before, name,
		empty ? "" : ",", text + list.start);
}

size_t commas_line(const char *text, const char *key)
{
	size_t number = 1;

	for (const char *line = text ?: ""; *line; number++) {
		if (commas_value_of(line, key))
			return number;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return 0;
}

void commas_cut(char *text, const char *key, const char *name)
{
	struct list list = find_list(text, key);

	for (char *at = text + list.end; list.there && at-- > text + list.start;) {
		char *end = (char *)after_prefix(at, name);
		bool alone = at == text + list.start;

		if (!end || end > text + list.end || !strchr(",\"' \t\r\n", *end) ||
			(!alone && !strchr(", \t", at[-1])))
			continue;
		if (at[-1] == ',' || (alone && !list.quoted && *end != ','))
			at--;
		else
			end += *end == ',';
		memmove(at, end, strlen(end) + 1);
		return;
	}
}

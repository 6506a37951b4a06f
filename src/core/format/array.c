// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/array.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#define BLANKS " \t\r\n"

void array_done(struct array *array)
{
	strv_free(array->tokens);
	*array = (struct array){ 0 };
}

static const char *skip_comment(const char *s)
{
	return s + strcspn(s, "\n");
}

/* Adds one word to b, without its quotes; s is behind it then. */
static const char *take_word(const char *s, const char *ends, struct buf *b)
{
	buf_add(b, "", 0);
	while (*s && !strchr(ends, *s)) {
		if (*s == '\\' && s[1]) {
			if (s[1] != '\n')
				buf_add(b, s + 1, 1);
			s += 2;
		} else if (*s == '"' || *s == '\'') {
			const char *close = strchr(s + 1, *s);
			size_t len = close ? (size_t)(close - s - 1) : strlen(s + 1);

			buf_add(b, s + 1, len);
			s += len + 1 + (close != NULL);
		} else {
			buf_add(b, s++, 1);
		}
	}
	return s;
}

/* "(a b # comment ... )"; s is behind the opening one. */
static void take_list(const char **at, char ***tokens, bool *open)
{
	const char *s = *at;

	for (;;) {
		autobuf struct buf word = { 0 };

		s += strspn(s, BLANKS);
		if (*s == '#') {
			s = skip_comment(s);
			continue;
		}
		if (!*s || *s == ')')
			break;
		s = take_word(s, BLANKS ")", &word);
		strv_add(tokens, word.s ?: "");
		*open |= word.s && strstr(word.s, "=("); /* the next one begins */
	}
	*open |= !*s;
	*at = s + (*s == ')');
}

/* What follows "NAME=" or "NAME+=". */
static void take_value(const char **at, bool add, struct array *array)
{
	autostrv char **tokens = NULL;
	autobuf struct buf word = { 0 };
	bool list = **at == '(', open = array->open;

	if (list) {
		(*at)++;
		take_list(at, &tokens, &open);
	} else {
		*at = take_word(*at, BLANKS ";&|", &word);
		tokens = strv_split(word.s ?: "", BLANKS);
	}
	if (!add) {
		array_done(array);
		array->string = !list;
	}
	array->open = open;
	strv_foreach (w, tokens)
		strv_add(&array->tokens, w);
}

/* "NAME=" or "NAME+=" at s: what is behind it, or NULL. */
static const char *assignment(const char *s, const char *name, bool *add)
{
	const char *rest = after_prefix(s, name);

	if (!rest)
		return NULL;
	*add = *rest == '+';
	rest += *add;
	return *rest == '=' ? rest + 1 : NULL;
}

void array_source(const char *text, const char *name, struct array *array)
{
	bool first = true; /* a command may begin here */

	for (const char *s = text ?: ""; *s;) {
		bool add;
		const char *value = first ? assignment(s, name, &add) : NULL;
		autobuf struct buf skipped = { 0 };

		if (value) {
			take_value(&value, add, array);
			s = value;
			first = false;
		} else if (strchr(BLANKS ";", *s)) {
			first |= *s == '\n' || *s == ';';
			s++;
		} else if (*s == '#') {
			s = skip_comment(s);
		} else {
			s = take_word(s, BLANKS ";", &skipped);
			first = false;
		}
	}
}

char *array_append_line(const struct array *array, const char *name, char *const *tokens)
{
	autofree char *list = strv_join(tokens, " ");

	return text_printf(array->string ? "%s+=\" %s\"\n" : "%s+=(%s)\n", name, list);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/expand.h"
#include "core/base/buf.h"
#include "core/base/strv.h"

#include <ctype.h>

#define DEPTH_MAX 20
#define VALUE_MAX 4096 /* of a variable: longer ones are not known */
#define ITEMS_MAX 64 /* of a list in braces */
#define SEPARATOR '\003' /* between words that an expansion makes */

void scope_done(struct scope *scope)
{
	strv_free(scope->vars);
	strv_free(scope->args);
	*scope = (struct scope){ 0 };
}

bool is_known(const char *expanded)
{
	return !strchr(expanded, EXPAND_UNKNOWN);
}

static const char *scope_get(const struct scope *scope, const char *name)
{
	for (size_t i = 0; scope->vars && scope->vars[i]; i += 2)
		if (streq(scope->vars[i], name))
			return scope->vars[i + 1];
	return NULL;
}

void scope_set(struct scope *scope, const char *name, const char *value)
{
	static const char unknown[] = { EXPAND_UNKNOWN, '\0' };

	value = strlen(value) > VALUE_MAX ? unknown : value;
	for (size_t i = 0; scope->vars && scope->vars[i]; i += 2)
		if (streq(scope->vars[i], name)) {
			free(scope->vars[i + 1]);
			scope->vars[i + 1] = xstrdup(value);
			return;
		}
	strv_add(&scope->vars, name);
	strv_add(&scope->vars, value);
}

/* -- one word ------------------------------------------------------------------------ */

struct expansion {
	const struct scope *scope;
	struct buf out;
	bool quoted; /* within "" */
	bool any; /* there was a quote: an empty word counts */
	int depth; /* of substitutions in each other */
};

static void add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* A value: where it is not quoted its blanks part words. */
static void add_value(struct expansion *e, const char *value, bool split)
{
	for (; *value; value++)
		add_char(&e->out, split && strchr(" \t\n", *value) ? SEPARATOR : *value);
}

static void add_unknown(struct expansion *e, const char *text)
{
	add_char(&e->out, EXPAND_UNKNOWN);
	add_value(e, text, false);
}

static char *join(char *const *words)
{
	return words ? strv_join(words, " ") : xstrdup("");
}

static char *text_of(
	const struct scope *scope, const char *from, const char *to, int depth);

/* "ls /sys/bus/pci/devices/ADDRESS/iommu_group/devices" is told from other commands. */
static bool add_group(struct expansion *e, const char *inner)
{
	const char *end = strstr(inner, "/iommu_group/devices"), *begin = end;

	if (!end || strpbrk(inner, "|;&") || !after_prefix(inner, "ls "))
		return false;
	while (begin > inner && begin[-1] != '/')
		begin--;
	add_char(&e->out, EXPAND_GROUP);
	buf_add(&e->out, begin, (size_t)(end - begin));
	return true;
}

/* What "$(...)" gives: known of a few. */
static void add_command(struct expansion *e, const char *from, const char *to)
{
	autofree char *inner = e->depth < DEPTH_MAX
				       ? text_of(e->scope, from, to, e->depth + 1)
				       : xstrndup(from, (size_t)(to - from));
	const char *text = inner + strspn(inner, " \t"), *rest, *slash;

	if (!is_known(text)) {
		add_unknown(e, text);
		return;
	}
	if (add_group(e, text))
		return;
	rest = after_prefix(text, "basename ");
	slash = rest ? strrchr(rest, '/') : NULL;
	if (rest && !strpbrk(rest, " |;&<>")) {
		add_value(e, slash ? slash + 1 : rest, !e->quoted);
		return;
	}
	rest = after_prefix(text, "echo ");
	if (rest && !strpbrk(rest, "|;&<>")) {
		add_value(e, rest, !e->quoted);
		return;
	}
	add_unknown(e, text);
}

static void add_argument(struct expansion *e, char name)
{
	const struct scope *scope = e->scope;
	size_t n = strv_len(scope->args);
	char number[24];

	if (!scope->args_known || strchr("?$!-", name)) {
		add_unknown(e, "");
	} else if (name == '#') {
		(void)snprintf(number, sizeof(number), "%zu", n);
		add_value(e, number, false);
	} else if (name == '@' || name == '*') {
		autofree char *all = join(scope->args);

		add_value(e, all, name == '@' || !e->quoted);
	} else if (name == '0') {
		add_value(e, "script", false);
	} else if ((size_t)(name - '0') <= n) {
		add_value(e, scope->args[name - '1'], !e->quoted);
	}
}

/* Of "${...}" only names and whole lists are known. */
static void add_braced(struct expansion *e, const char *from, const char *to)
{
	size_t n = (size_t)(to - from);
	autofree char *name = xstrndup(from, n);
	bool list = has_suffix(name, "[@]") || has_suffix(name, "[*]");
	const char *value;

	if (n == 1 && !isalpha((unsigned char)*name) && *name != '_') {
		add_argument(e, *name);
		return;
	}
	if (list)
		name[n - 3] = '\0';
	value = scope_get(e->scope, name);
	if (value) {
		add_value(e, value, list || !e->quoted);
	} else {
		const char *end =
			name +
			strspn(name,
				"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
		autofree char *base = xstrndup(name, (size_t)(end - name));

		/* What it is made of may name something. */
		add_unknown(e, scope_get(e->scope, base) ?: base);
		if (*end)
			add_value(e, end, false);
	}
}

/* Behind the "$" at s. */
static const char *add_dollar(struct expansion *e, const char *s)
{
	const char *end = s + 1;
	size_t depth = 0;

	if (*end == '(' || *end == '{') {
		char open = *end, close = open == '(' ? ')' : '}';

		for (; *end; end++) {
			depth += *end == open;
			if (*end == close && --depth == 0)
				break;
		}
		if (open == '{')
			add_braced(e, s + 2, end);
		else
			add_command(e, s + 2, end);
		return end + (*end != '\0');
	}
	if (isalpha((unsigned char)*end) || *end == '_') {
		while (isalnum((unsigned char)*end) || *end == '_')
			end++;
		add_braced(e, s + 1, end);
		return end;
	}
	if (*end && (isdigit((unsigned char)*end) || strchr("@*#?$!-", *end))) {
		add_argument(e, *end);
		return end + 1;
	}
	add_char(&e->out, '$');
	return end;
}

static const char *step(struct expansion *e, const char *s, const char *to)
{
	const char *end;

	if (*s == '"') {
		e->quoted = !e->quoted;
		e->any = true;
		return s + 1;
	}
	if (*s == '\'' && !e->quoted) {
		end = strchr(s + 1, '\'');
		end = end && end < to ? end : to;
		buf_add(&e->out, s + 1, (size_t)(end - s - 1));
		e->any = true;
		return end < to ? end + 1 : to;
	}
	if (*s == '\\' && s + 1 < to && (!e->quoted || strchr("$`\"\\\n", s[1]))) {
		if (s[1] != '\n')
			add_char(&e->out, s[1]);
		return s + 2;
	}
	if (*s == '$' && s + 1 < to)
		return add_dollar(e, s);
	if (*s == '`') {
		end = strchr(s + 1, '`');
		end = end && end < to ? end : to;
		add_command(e, s + 1, end);
		return end < to ? end + 1 : to;
	}
	if (!e->quoted && (*s == '*' || *s == '?'))
		add_char(&e->out, EXPAND_UNKNOWN);
	add_char(&e->out, *s);
	return s + 1;
}

/* A piece of text as it reads with its variables expanded. */
static char *text_of(
	const struct scope *scope, const char *from, const char *to, int depth)
{
	struct expansion e = { .scope = scope, .depth = depth };

	while (from < to)
		from = step(&e, from, to);
	for (size_t i = 0; i < e.out.len; i++)
		if (e.out.s[i] == SEPARATOR)
			e.out.s[i] = ' ';
	return buf_take(&e.out);
}

/* -- lists in braces ------------------------------------------------------------------
 */

/* "a{b,c}d" and "a{0..3}d": the first such list of the word that is not quoted. */
static bool find_braces(const char *raw, const char **ret_begin, const char **ret_end)
{
	char quote = '\0';

	for (const char *s = raw; *s; s++) {
		if (quote || *s == '"' || *s == '\'') {
			if (!quote)
				quote = *s;
			else if (*s == quote)
				quote = '\0';
			continue;
		}
		if (*s == '{' && (s == raw || s[-1] != '$')) {
			const char *end = s + strcspn(s, "}\"' ");
			size_t n = (size_t)(end - s);

			if (*end == '}' && (memchr(s, ',', n) || memmem(s, n, "..", 2))) {
				*ret_begin = s;
				*ret_end = end;
				return true;
			}
		}
	}
	return false;
}

static char **brace_items(const char *begin, const char *end)
{
	autofree char *inner = xstrndup(begin + 1, (size_t)(end - begin - 1));
	unsigned from, to;
	char **items = NULL, rest;

	if (strchr(inner, ',')) {
		items = strv_split(inner, ",");
		if (strv_len(items) > ITEMS_MAX)
			strv_free(TAKE(items));
		return items;
	}
	if (sscanf(inner, "%u..%u%c", &from, &to, &rest) != 2 || to >= from + ITEMS_MAX)
		return NULL;
	for (; from <= to; from++) {
		char number[16];

		(void)snprintf(number, sizeof(number), "%u", from);
		strv_add(&items, number);
	}
	return items;
}

static void expand_word(const struct scope *scope, const char *raw, char ***ret)
{
	struct expansion e = { .scope = scope };
	const char *end = raw + strlen(raw), *s = raw;
	autofree char *text = NULL;

	while (s < end)
		s = step(&e, s, end);
	text = buf_take(&e.out);
	if (!*text && e.any)
		strv_add(ret, "");
	for (char *at = text, *save = NULL;; at = NULL) {
		char *word = strtok_r(at, (const char[]){ SEPARATOR, '\0' }, &save);

		if (!word)
			break;
		strv_add(ret, word);
	}
}

static void expand_braces(
	const struct scope *scope, const char *raw, int depth, char ***ret)
{
	const char *begin, *end;
	autostrv char **items = NULL;

	if (depth < 2 && find_braces(raw, &begin, &end))
		items = brace_items(begin, end);
	if (!items) {
		expand_word(scope, raw, ret);
		return;
	}
	strv_foreach (item, items) {
		autobuf struct buf b = { 0 };

		buf_add(&b, raw, (size_t)(begin - raw));
		buf_puts(&b, item);
		buf_puts(&b, end + 1);
		expand_braces(scope, b.s, depth + 1, ret);
	}
}

char **expand(const struct scope *scope, const char *raw)
{
	char **ret = NULL;

	expand_braces(scope, raw, 0, &ret);
	return ret;
}

char **expand_all(const struct scope *scope, char *const *raw)
{
	char **ret = NULL;

	strv_foreach (word, raw)
		expand_braces(scope, word, 0, &ret);
	return ret;
}

/* -- assignments ----------------------------------------------------------------------
 */

bool scope_assign(struct scope *scope, const char *raw)
{
	const char *end = raw, *value;
	autofree char *name = NULL, *text = NULL;
	autostrv char **words = NULL;
	bool appends;

	if (!isalpha((unsigned char)*raw) && *raw != '_')
		return false;
	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	appends = *end == '+';
	if (end[appends] != '=')
		return false;
	name = xstrndup(raw, (size_t)(end - raw));
	value = end + appends + 1;
	if (*value == '(') { /* a list: its words, with a blank between them */
		autofree char *inner =
			xstrndup(value + 1, strlen(value + 1) - (strlen(value) > 1));
		autostrv char **raws = strv_split(inner, " \t\n");

		words = expand_all(scope, raws);
		text = join(words);
	} else {
		text = text_of(scope, value, value + strlen(value), 0);
	}
	if (appends && scope_get(scope, name)) {
		autobuf struct buf b = { 0 };

		buf_printf(&b, "%s%s%s", scope_get(scope, name), *value == '(' ? " " : "",
			text);
		scope_set(scope, name, b.s);
	} else {
		scope_set(scope, name, text);
	}
	return true;
}

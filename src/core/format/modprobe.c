// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/modprobe.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"

#include <fnmatch.h>

void modprobe_lines_done(struct modprobe_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		strv_free(lines->list[i].tokens);
	free(lines->list);
	*lines = (struct modprobe_lines){ 0 };
}

/*
 * One line with its continuations joined; how many lines of the file that took. A
 * backslash keeps the next character as it is and goes (libkmod, freadline_wrapped).
 */
static size_t modprobe_read_line(const char **text, struct buf *b)
{
	const char *s = *text;
	size_t lines = 1;

	for (; *s && *s != '\n'; s++) {
		if (*s == '\\' && s[1]) {
			s++;
			if (*s == '\n') {
				lines++;
				continue;
			}
		}
		buf_add(b, s, 1);
	}
	*text = s + (*s == '\n');
	return lines;
}

void modprobe_read(const char *path, const char *text, struct modprobe_lines *lines)
{
	size_t number = 1;

	while (text && *text) {
		autobuf struct buf b = { 0 };
		autostrv char **tokens = NULL;
		size_t at = number;

		number += modprobe_read_line(&text, &b);
		if (b.s)
			tokens = strv_split(b.s, " \t\r");
		if (!tokens || b.s[0] == '#')
			continue;
		GROW(lines->list, lines->n);
		lines->list[lines->n++] = (struct modprobe_line){
			.path = path, .line = at, .tokens = TAKE(tokens)
		};
	}
}

bool module_name_equal(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
	return *a == *b;
}

const char *modprobe_file_name(const struct modprobe_line *line)
{
	return strrchr(line->path, '/') + 1;
}

/* A module's name with '_' only, cut where no module's name is so long. */
static void underscores(const char *name, char *buf, size_t size)
{
	(void)snprintf(buf, size, "%s", name);
	for (; *buf; buf++)
		if (*buf == '-')
			*buf = '_';
}

static bool takes_pattern(const char *command)
{
	return streq(command, "softdep") || streq(command, "install") ||
	       streq(command, "remove");
}

char *module_real_name(const char *name)
{
	char *real = xstrdup(name);

	for (char *c = real; *c; c++)
		if (*c == '-')
			*c = '_';
	return real;
}

bool module_names_have(const char *list, const char *name)
{
	for (const char *at = list; *at;) {
		size_t len = strcspn(at, ",");
		size_t i = 0;

		while (i < len && name[i] &&
			(at[i] == '-' ? '_' : at[i]) == (name[i] == '-' ? '_' : name[i]))
			i++;
		if (i == len && !name[i])
			return true;
		at += len + (at[len] == ',');
	}
	return false;
}

const struct modprobe_line *modprobe_first(
	const struct modprobe_lines *lines, const char *command, const char *module)
{
	for (size_t i = 0; i < lines->n; i++)
		if (modprobe_is(&lines->list[i], command, module))
			return &lines->list[i];
	return NULL;
}

bool modprobe_loads_itself(const struct modprobe_line *install)
{
	return strv_has(install->tokens, "--ignore-install") ||
	       strv_has(install->tokens, "-i");
}

bool modprobe_loads_first(const struct modprobe_line *line, const char *name)
{
	bool install = streq(line->tokens[0], "install"), pre = install;

	if (install && !modprobe_loads_itself(line))
		return false;
	for (size_t i = 2; line->tokens[1] && line->tokens[i]; i++) {
		const char *word = line->tokens[i];
		autofree char *bare = xstrndup(word, strcspn(word, ";&|"));

		if (!install && has_suffix(word, ":"))
			pre = streq(word, "pre:");
		else if (pre && module_name_equal(bare, name))
			return true;
	}
	return false;
}

char **modprobe_alias(const struct modprobe_lines *lines, const char *modalias)
{
	char **names = NULL;

	for (size_t i = 0; i < lines->n; i++) {
		char *const *tokens = lines->list[i].tokens;

		if (streq(tokens[0], "alias") && tokens[1] && tokens[2] &&
			fnmatch(tokens[1], modalias, 0) == 0)
			strv_add_new(&names, tokens[2]);
	}
	return names;
}

bool modprobe_is(
	const struct modprobe_line *line, const char *command, const char *module)
{
	char pattern[64], name[64];

	if (!streq(line->tokens[0], command) || !line->tokens[1])
		return false;
	if (!takes_pattern(command))
		return module_name_equal(line->tokens[1], module);
	underscores(line->tokens[1], pattern, sizeof(pattern));
	underscores(module, name, sizeof(name));
	return fnmatch(pattern, name, 0) == 0;
}

char *modprobe_option(const struct modprobe_line *line, const char *name)
{
	autofree char *text = strv_join(line->tokens + 2, " ");
	autostrv char **tokens = kargs_split(text);
	const char *value = kargs_value(tokens, name);
	char *bare, *to;

	if (!value)
		return NULL;
	bare = to = xstrdup(value);
	for (const char *c = bare; *c; c++)
		if (*c != '"')
			*to++ = *c;
	*to = '\0';
	return bare;
}

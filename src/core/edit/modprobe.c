// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/edit/modprobe.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/edit/words.h"

#include <fnmatch.h>

void modprobe_lines_done(struct modprobe_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		strv_free(lines->list[i].words);
	free(lines->list);
	*lines = (struct modprobe_lines){ 0 };
}

/*
 * One line with its continuations joined; how many lines of the file that took. A
 * backslash keeps the next character as it is and goes (libkmod, freadline_wrapped).
 */
static size_t read_line(const char **text, struct buf *b)
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

static int read_file(const struct file *file, struct modprobe_lines *lines)
{
	const char *text = file->text;
	size_t number = 1;

	while (text && *text) {
		autobuf struct buf b = { 0 };
		autostrv char **words = NULL;
		size_t at = number;

		number += read_line(&text, &b);
		if (b.failed || (b.s && strv_split(b.s, " \t\r", &words) < 0))
			return -ENOMEM;
		if (!words || b.s[0] == '#')
			continue;
		if (GROW(lines->list, lines->n) < 0)
			return -ENOMEM;
		lines->list[lines->n++] = (struct modprobe_line){
			.file = file, .line = at, .words = TAKE(words)
		};
	}
	return 0;
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int by_base_name(const void *a, const void *b)
{
	return strcmp(base_name((*(const struct file *const *)a)->path),
		base_name((*(const struct file *const *)b)->path));
}

int modprobe_read(const struct host *host, struct modprobe_lines *ret)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autofree const struct file **files = calloc(host->n_files + 1, sizeof(*files));
	size_t n = 0;

	if (!files)
		return -ENOMEM;
	for (size_t i = 0; i < host->n_files; i++)
		if (strstr(host->files[i].path, "/modprobe.d/"))
			files[n++] = &host->files[i];
	qsort(files, n, sizeof(*files), by_base_name);
	for (size_t i = 0; i < n; i++)
		if (read_file(files[i], &lines) < 0)
			return -ENOMEM;
	*ret = lines;
	lines = (struct modprobe_lines){ 0 };
	return 0;
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
	return base_name(line->file->path);
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

bool modprobe_is(
	const struct modprobe_line *line, const char *command, const char *module)
{
	char pattern[64], name[64];

	if (!streq(line->words[0], command) || !line->words[1])
		return false;
	if (!takes_pattern(command))
		return module_name_equal(line->words[1], module);
	underscores(line->words[1], pattern, sizeof(pattern));
	underscores(module, name, sizeof(name));
	return fnmatch(pattern, name, 0) == 0;
}

bool modprobe_loads_first(const struct modprobe_line *line, const char *other)
{
	bool pre = false;

	for (size_t i = 2; line->words[1] && line->words[i]; i++) {
		if (has_suffix(line->words[i], ":"))
			pre = streq(line->words[i], "pre:");
		else if (pre && module_name_equal(line->words[i], other))
			return true;
	}
	return false;
}

int modprobe_option(const struct modprobe_line *line, const char *name, char **ret)
{
	autofree char *text = NULL;
	autostrv char **words = NULL;
	const char *value;
	char *to;

	if (strv_join(line->words + 2, " ", &text) < 0 || words_split(text, &words) < 0)
		return -ENOMEM;
	value = words_value(words, name);
	*ret = value ? strdup(value) : NULL;
	if (!value || !*ret)
		return value ? -ENOMEM : 0;
	to = *ret;
	for (const char *c = *ret; *c; c++)
		if (*c != '"')
			*to++ = *c;
	*to = '\0';
	return 0;
}

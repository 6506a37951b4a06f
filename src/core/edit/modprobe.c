// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/edit/modprobe.h"
#include "core/base/buf.h"
#include "core/base/strv.h"

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

bool modprobe_is(
	const struct modprobe_line *line, const char *command, const char *module)
{
	return streq(line->words[0], command) && line->words[1] &&
	       module_name_equal(line->words[1], module);
}

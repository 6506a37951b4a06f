// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/modlist.h"
#include "core/base/strv.h"

void module_list_read(const char *path, const char *text, struct modprobe_lines *ret)
{
	size_t number = 1;

	for (const char *line = text; line && *line; number++) {
		size_t len = strcspn(line, "\n");
		autofree char *copy = xstrndup(line, len);
		autostrv char **tokens = strv_split(copy, " \t\r");

		line += len + (line[len] == '\n');
		if (!tokens || tokens[0][0] == '#')
			continue;
		GROW(ret->list, ret->n);
		ret->list[ret->n++] = (struct modprobe_line){
			.path = path, .line = number, .tokens = TAKE(tokens)
		};
	}
}

void module_list_drop(char *text, size_t line)
{
	size_t len;

	while (--line)
		text += strcspn(text, "\n") + 1;
	len = strcspn(text, "\n");
	len += text[len] == '\n';
	memmove(text, text + len, strlen(text + len) + 1);
}

bool module_list_has(const char *text, const char *name)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	bool has = false;

	module_list_read(NULL, text, &lines);
	for (size_t i = 0; i < lines.n; i++)
		has |= module_name_equal(lines.list[i].tokens[0], name);
	return has;
}

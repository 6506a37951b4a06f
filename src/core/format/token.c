// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/token.h"

static bool may_stand_before(char c)
{
	return c && strchr(" \t\"'=(", c);
}

static bool may_stand_behind(char c)
{
	return strchr(" \t\"')\r\n", c); /* the text's end, too */
}

/* Where the word stands in the line, or NULL. */
static char *token_find(char *line, const char *word)
{
	size_t len = strcspn(line, "\n"), n = strlen(word);

	for (size_t at = 0; n && at + n <= len; at++)
		if (strncmp(line + at, word, n) == 0 &&
			(at == 0 || may_stand_before(line[at - 1])) &&
			may_stand_behind(line[at + n]))
			return line + at;
	return NULL;
}

static bool is_comment(const char *line)
{
	return line[strspn(line, " \t")] == '#';
}

static bool is_others(const char *line, const char *root)
{
	size_t len = strcspn(line, "\n"), n = root ? strlen(root) : 0;

	for (const char *at = line; root && at + strlen("root=") <= line + len; at++) {
		const char *value = after_prefix(at, "root=");

		if (value && (at == line || may_stand_before(at[-1])))
			return strncmp(value, root, n) != 0 ||
			       !may_stand_behind(value[n]);
	}
	return false;
}

size_t token_line(const char *text, const char *word)
{
	size_t number = 1;

	for (const char *line = text; *line; number++) {
		if (!is_comment(line) && token_find((char *)line, word))
			return number;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return 0;
}

void token_drop(char *text, const char *word, const char *root)
{
	for (char *line = text; *line; line += *line == '\n') {
		bool stays = is_comment(line) || is_others(line, root);
		char *at;

		while (!stays && (at = token_find(line, word))) {
			size_t n = strlen(word);

			if (at > line && strchr(" \t", at[-1]))
				at--, n++;
			else
				n += at[n] == ' ' || at[n] == '\t';
			memmove(at, at + n, strlen(at + n) + 1);
		}
		line += strcspn(line, "\n");
	}
}

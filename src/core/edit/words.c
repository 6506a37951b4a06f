// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/edit/words.h"

#include <ctype.h>

int words_split(const char *cmdline, char ***ret)
{
	autostrv char **words = NULL;
	size_t n = 0;

	while (*cmdline) {
		const char *start = cmdline;
		bool quoted = false;

		for (; *cmdline && (quoted || !isspace((unsigned char)*cmdline));
			cmdline++)
			quoted ^= *cmdline == '"';
		if (cmdline == start) {
			cmdline++;
			continue;
		}
		if (strv_append(&words, &n, start, (size_t)(cmdline - start)) < 0)
			return -ENOMEM;
	}
	*ret = TAKE(words);
	return 0;
}

static bool same_character(char a, char b)
{
	return a == b || (strchr("-_", a) && strchr("-_", b) && a && b);
}

/* What follows the name in the word: "" or "=value"; NULL where it is another's. */
static const char *after_name(const char *word, const char *name)
{
	for (; *name; word++, name++)
		if (!same_character(*word, *name))
			return NULL;
	return *word == '=' || !*word ? word : NULL;
}

const char *words_value(char *const *words, const char *name)
{
	const char *value = NULL;

	strv_foreach (word, words) {
		const char *rest = after_name(word, name);

		if (rest)
			value = rest + (*rest == '=');
	}
	return value;
}

bool words_value_has(char *const *words, const char *name, const char *item)
{
	const char *value = words_value(words, name);
	size_t n = strlen(item);

	for (; value && *value; value += strcspn(value, ","), value += *value == ',')
		if (strncmp(value, item, n) == 0 && (!value[n] || value[n] == ','))
			return true;
	return false;
}

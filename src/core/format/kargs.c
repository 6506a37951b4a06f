// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/kargs.h"
#include "core/base/text.h"

#include <ctype.h>

char **kargs_split(const char *cmdline)
{
	char **kargs = NULL;
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
		strv_append(&kargs, &n, start, (size_t)(cmdline - start));
	}
	return kargs;
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

const char *kargs_value(char *const *kargs, const char *name)
{
	const char *value = NULL;

	strv_foreach (word, kargs) {
		const char *rest = after_name(word, name);

		if (rest)
			value = rest + (*rest == '=');
	}
	return value;
}

bool kargs_value_has(char *const *kargs, const char *name, const char *item)
{
	const char *value = kargs_value(kargs, name);
	size_t n = strlen(item);

	for (; value && *value; value += strcspn(value, ","), value += *value == ',')
		if (strncmp(value, item, n) == 0 && (!value[n] || value[n] == ','))
			return true;
	return false;
}

/* Bytes of blanks at s. A backslash at the end of a line, by which a shell's double
 * quotes go on in the next one, is a part of them. */
static size_t blank_length(const char *s, const char *blank)
{
	size_t n = 0;

	for (;;)
		if (isspace((unsigned char)s[n]))
			n++;
		else if (after_prefix(s + n, "\\\n"))
			n += 2;
		else if (after_prefix(s + n, blank))
			n += strlen(blank);
		else
			return n;
}

/* Bytes of the word at s; one that holds blanks has them in double quotes. */
static size_t word_length(const char *s, const char *blank)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n] && (quoted || !blank_length(s + n, blank)); n++)
		quoted ^= s[n] == '"';
	return n;
}

/* Where the last word ends. */
static size_t words_length(const char *line, const char *blank)
{
	size_t end = 0, n = strlen(line);

	for (size_t at = blank_length(line, blank); at < n;
		at += blank_length(line + at, blank)) {
		at += word_length(line + at, blank);
		end = at;
	}
	return end;
}

/*
 * Where a word is appended: behind the last one, but before the machine ID that
 * kernel-install puts behind all others. What it makes of /etc/kernel/cmdline is byte for
 * byte what is edited here then (90-loaderentry.install).
 */
static size_t append_place(const char *line, const char *blank)
{
	size_t before = 0, end = 0;
	const char *last = line;

	for (size_t at = blank_length(line, blank); line[at];
		at += blank_length(line + at, blank)) {
		last = line + at;
		before = end;
		at += word_length(last, blank);
		end = at;
	}
	return after_prefix(last, "systemd.machine_id=") ? before : end;
}

void kargs_append(char **line, const char *blank, const char *word)
{
	size_t at = append_place(*line, blank);
	const char *behind = !at && words_length(*line, blank) ? blank : "";
	char *new = text_printf("%.*s%s%s%s%s", (int)at, *line, at ? blank : "", word,
		behind, *line + at);
	free(*line);
	*line = new;
}

/* The last such word of the line, or NULL. */
static char *find_last(const char *line, const char *blank, const char *word)
{
	const char *at = NULL;
	size_t len = strlen(word);

	for (line += blank_length(line, blank); *line;
		line += blank_length(line, blank)) {
		size_t n = word_length(line, blank);

		if (n == len && strncmp(line, word, n) == 0)
			at = line;
		line += n;
	}
	return (char *)at;
}

bool kargs_in_line(const char *line, const char *blank, const char *word)
{
	return find_last(line, blank, word);
}

bool kargs_cut(char *line, const char *blank, const char *word)
{
	char *at = find_last(line, blank, word), *rest;
	size_t n = strlen(blank);

	if (!at)
		return false;
	rest = at + strlen(word);
	if ((size_t)(at - line) >= n && after_prefix(at - n, blank))
		at -= n;
	else if (at > line && isspace((unsigned char)at[-1]))
		at--;
	else if (after_prefix(rest, blank) && words_length(rest, blank))
		rest += n; /* the first one has its blank behind it */
	memmove(at, rest, strlen(rest) + 1);
	return true;
}

static void cut_from_list(char **kargs, size_t at)
{
	free(kargs[at]);
	for (; kargs[at]; at++)
		kargs[at] = kargs[at + 1];
}

void kargs_without(char **kargs, char *const *others)
{
	strv_foreach (other, others)
		for (size_t i = strv_len(kargs); i-- > 0;)
			if (streq(kargs[i], other)) {
				cut_from_list(kargs, i);
				break;
			}
}

void kargs_common(char **kargs, char *const *others)
{
	for (size_t i = strv_len(kargs); i-- > 0;)
		if (!strv_has(others, kargs[i]))
			cut_from_list(kargs, i);
}

bool karg_matters(const char *word)
{
	static const char *const begins[] = { "vfio-pci.", "vfio.", "vfio-iommu-type1.",
		"pciferry.", "rd.driver." };
	static const char *const names[] = { "module_blacklist", "modprobe.blacklist",
		"pcie_acs_override" };
	size_t n = strcspn(word, "=");
	autofree char *name = xstrndup(word, n);

	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '-';
	if (strstr(name, "iommu"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (after_prefix(name, begins[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (after_name(word, names[i]))
			return true;
	return false;
}

char **kargs_that_matter(char *const *kargs)
{
	char **list = NULL;

	strv_foreach (word, kargs)
		if (karg_matters(word))
			strv_add_new(&list, word);
	strv_sort_bytes(list);
	return list;
}

#define BLACKLIST "module_blacklist"
#define MODULE_CHARACTERS                                                                \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

char **kargs_way_out(char *const *kargs)
{
	const char *value = kargs_value(kargs, BLACKLIST);
	autostrv char **modules = value ? strv_split(value, ",") : NULL, **kept = NULL;
	autofree char *list = NULL, *word = NULL;
	char **words = NULL;

	strv_foreach (name, modules) /* what else may stand there names no module */
		if (!name[strspn(name, MODULE_CHARACTERS)] && !streq(name, "vfio_pci"))
			strv_add(&kept, name);
	strv_add(&kept, "vfio_pci");
	list = strv_join(kept, ",");
	word = text_printf(BLACKLIST "=%s", list);

	strv_add(&words, WAY_OUT_WORD);
	strv_add(&words, word);
	return words;
}

char **kargs_take_way_out(char **kargs)
{
	autofree char *word = NULL;
	char **words = NULL;

	if (!strv_has(kargs, WAY_OUT_WORD))
		return NULL;
	strv_add(&words, WAY_OUT_WORD);
	strv_foreach (karg, kargs)
		if (after_name(karg, BLACKLIST)) {
			free(word);
			word = xstrdup(karg);
		}
	if (word && has_suffix(word, "vfio_pci"))
		strv_add(&words, word);
	kargs_without(kargs, words);
	return words;
}

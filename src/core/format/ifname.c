// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/ifname.h"
#include "core/base/buf.h"

#include <ctype.h>

#define NAME_MAX_LEN 15 /* IFNAMSIZ */

/* The part of a name after its two letters: letters of the scheme, each with digits. */
static bool is_scheme(const char *s)
{
	if (!*s)
		return false;
	while (*s) {
		char letter = *s++;

		if (!strchr("Pbcdfinoprsuvx", letter))
			return false;
		if (letter != 'n' && !isxdigit((unsigned char)*s)) /* "np1": a port */
			return false;
		while (isdigit((unsigned char)*s) ||
			(letter == 'x' && isxdigit((unsigned char)*s)))
			s++;
	}
	return true;
}

bool ifname_is_hardware(const char *name)
{
	static const char *const schemes[] = { "en", "wl", "ww", "ib", "sl" };
	static const char *const kernels[] = { "eth", "wlan" };

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		const char *rest = after_prefix(name, schemes[i]);

		if (rest && is_scheme(rest))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		const char *rest = after_prefix(name, kernels[i]);

		if (rest && *rest && !rest[strspn(rest, "0123456789")])
			return true;
	}
	return false;
}

/* A word of a text: where it is, and how much of it is the name. */
struct word {
	const char *at;
	size_t len;
	size_t line;
};

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.' || c == ':';
}

/* The next word from *s on, past comments; false at the end. */
static bool next_word(const char **s, size_t *line, struct word *ret)
{
	const char *p = *s;

	while (*p && !in_word(*p)) {
		if (*p == '#')
			p += strcspn(p, "\n");
		*line += *p == '\n';
		p += *p != '\0';
	}
	if (!*p)
		return false;
	*ret = (struct word){ .at = p, .line = *line };
	while (in_word(*p))
		p++;
	ret->len = strcspn(ret->at, ".:");
	if (ret->len > (size_t)(p - ret->at))
		ret->len = (size_t)(p - ret->at);
	*s = p;
	return true;
}

static void ifname_add(struct ifnames *names, const char *name, size_t line)
{
	for (size_t i = 0; i < names->n; i++)
		if (streq(names->list[i].name, name))
			return;
	GROW(names->list, names->n);
	names->list[names->n++] = (struct ifname){ xstrdup(name), line };
}

void ifnames_find(const char *text, struct ifnames *ret)
{
	struct ifnames names = { 0 };
	struct word w;
	size_t line = 1;

	while (next_word(&text, &line, &w)) {
		char name[NAME_MAX_LEN + 1];

		if (w.len > NAME_MAX_LEN)
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)w.len, w.at);
		if (ifname_is_hardware(name))
			ifname_add(&names, name, w.line);
	}
	*ret = names;
}

void ifnames_done(struct ifnames *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i].name);
	free(names->list);
	*names = (struct ifnames){ 0 };
}

char *ifname_replace(const char *text, const char *from, const char *to)
{
	struct buf b = { 0 };
	const char *done = text;
	struct word w;
	size_t line = 1;

	while (next_word(&text, &line, &w)) {
		if (w.len != strlen(from) || strncmp(w.at, from, w.len) != 0)
			continue;
		buf_add(&b, done, (size_t)(w.at - done));
		buf_puts(&b, to);
		done = w.at + w.len;
	}
	buf_puts(&b, done);
	return buf_take(&b);
}

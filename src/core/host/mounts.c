// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/mounts.h"
#include "core/base/strv.h"

static bool is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	       s[2] <= '7';
}

char *mounts_unescape(char *s)
{
	char *to = s;

	for (const char *from = s; *from; to++)
		if (from[0] == '\\' && is_octal(from + 1)) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 |
				     (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	*to = '\0';
	return s;
}

/* The value of upperdir=; NULL: there is no such option, and nothing can be written. */
static char *find_upper(const char *options)
{
	autostrv char **list = strv_split(options, ",");

	strv_foreach (option, list) {
		const char *value = after_prefix(option, "upperdir=");

		if (value)
			return xstrdup(mounts_unescape((char *)value));
	}
	return NULL;
}

/* A line: ID PARENT MAJ:MIN ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS. */
static void mounts_read_line(struct mounts *mounts, const char *line)
{
	autostrv char **words = strv_split(line, " ");
	struct mount *m;
	size_t n = strv_len(words), dash = 6;

	while (dash < n && !streq(words[dash], "-"))
		dash++;
	if (dash + 2 >= n)
		return;
	GROW(mounts->list, mounts->n);
	m = &mounts->list[mounts->n++];
	m->numbers = xstrdup(words[2]);
	m->point = xstrdup(mounts_unescape(words[4]));
	m->type = xstrdup(words[dash + 1]);
	m->source = xstrdup(mounts_unescape(words[dash + 2]));
	m->options = xstrdup(dash + 3 < n ? words[dash + 3] : "");
	m->upper = streq(m->type, "overlay") ? find_upper(m->options) : NULL;
}

void mounts_parse(const char *text, struct mounts *ret)
{
	autostrv char **lines = strv_split(text, "\n");

	*ret = (struct mounts){ 0 };
	strv_foreach (line, lines)
		mounts_read_line(ret, line);
}

void mounts_done(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++) {
		free(mounts->list[i].numbers);
		free(mounts->list[i].point);
		free(mounts->list[i].type);
		free(mounts->list[i].source);
		free(mounts->list[i].options);
		free(mounts->list[i].upper);
	}
	free(mounts->list);
	*mounts = (struct mounts){ 0 };
}

static bool lies_below(const char *path, const char *point)
{
	const char *rest = after_prefix(path, point);

	return rest && (streq(point, "/") || *rest == '/' || !*rest);
}

const struct mount *mounts_find(const struct mounts *mounts, const char *path)
{
	const struct mount *best = NULL;

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount *m = &mounts->list[i];

		if (lies_below(path, m->point) &&
			(!best || strlen(m->point) >= strlen(best->point)))
			best = m; /* of two at one place the later covers the earlier */
	}
	return best;
}

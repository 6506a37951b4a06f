// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/block.h"
#include "core/base/buf.h"
#include "core/base/text.h"

/*
 * How the block begins tells what to restore when it goes: nothing, the missing newline
 * of the last line before it, or the missing file.
 */
#define BEGIN "# pciferry: begin (kept by pciferry, do not edit"
static const char *const begins[] = {
	(BEGIN ")\n"),
	(BEGIN "; the line before had no newline)\n"),
	(BEGIN "; the file was made for this)\n"),
};
enum { BEGIN_PLAIN, BEGIN_JOINED, BEGIN_MADE };

static const char end[] = "# pciferry: end\n";

/* An editor may have taken the last newline of the file. */
static bool is_end(const char *line)
{
	return after_prefix(line, end) || streq(line, "# pciferry: end");
}

/*
 * Finds the block; its length in *ret_len. Its lines begin at column 0, and a beginning
 * without its end (somebody has edited there) is the user's.
 */
static const char *block_find(const char *text, size_t *ret_kind, size_t *ret_len)
{
	const char *begin = NULL;

	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
			if (after_prefix(line, begins[i])) {
				begin = line;
				*ret_kind = i;
			}
		if (begin && is_end(line)) {
			line += strcspn(line, "\n");
			*ret_len = (size_t)(line + (*line == '\n') - begin);
			return begin;
		}
	}
	return NULL;
}

/* The text around the block, and how it was before. */
static char *without(const char *text, size_t *ret_kind)
{
	size_t len = 0, kind = BEGIN_PLAIN;
	const char *at = text ? block_find(text, &kind, &len) : NULL;
	struct buf b = { 0 };

	if (at) {
		/* Lines added after the block since then need that newline. */
		bool joined = kind == BEGIN_JOINED && !at[len];

		buf_add(&b, text, (size_t)(at - text) - joined);
		buf_puts(&b, at + len);
	} else {
		buf_puts(&b, text ?: "");
	}
	*ret_kind = !text ? BEGIN_MADE : at ? kind : BEGIN_PLAIN;
	return buf_take(&b);
}

char *block_without(const char *text)
{
	size_t kind;

	return without(text, &kind);
}

char *block_set(const char *text, const char *lines)
{
	size_t kind;
	autofree char *rest = without(text, &kind);

	if (!lines)
		return kind == BEGIN_MADE && !rest[0] ? NULL : TAKE(rest);
	if (rest[0] && !has_suffix(rest, "\n"))
		kind = BEGIN_JOINED;
	else if (kind == BEGIN_JOINED || rest[0])
		kind = BEGIN_PLAIN;
	return text_printf("%s%s%s%s%s", rest, kind == BEGIN_JOINED ? "\n" : "",
		begins[kind], lines, end);
}

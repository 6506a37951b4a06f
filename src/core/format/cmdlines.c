// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/cmdlines.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/format/linux.h"

#define IDS "vfio-pci.ids"

static size_t line_end(const char *text, size_t at)
{
	return at + strcspn(text + at, "\n");
}

static size_t next_line(const char *text, size_t at)
{
	at = line_end(text, at);
	return at + (text[at] == '\n');
}

static bool next_cmdline(const char *text, size_t from, struct span *ret)
{
	for (size_t at = from; text[at]; at = next_line(text, at)) {
		size_t blank = strspn(text + at, " \t\r");

		if (text[at] == '#' || text[at + blank] == '\n' || !text[at + blank])
			continue;
		*ret = (struct span){ at, line_end(text, at) };
		return true;
	}
	/* A file without words gets them at its end. */
	*ret = (struct span){ strlen(text), strlen(text) };
	return from == 0 && (!*text || has_suffix(text, "\n"));
}

static bool next_first(const char *text, size_t from, struct span *ret)
{
	*ret = (struct span){ 0, line_end(text, 0) };
	return from == 0;
}

/* The next line whose first word, in small letters or not, is key. */
static bool next_key(const char *text, size_t from, const char *key, const char *after,
	struct span *ret)
{
	for (size_t at = from; text[at]; at = next_line(text, at)) {
		size_t start = at + strspn(text + at, " \t"), n = strlen(key);

		if (strncasecmp(text + start, key, n) != 0 || !text[start + n] ||
			!strchr(after, text[start + n]))
			continue;
		start += n + (*after == ':');
		*ret = (struct span){ start, line_end(text, start) };
		/* The blanks after the key are no part of it. */
		while (ret->start < ret->end && strchr(" \t", text[ret->start]))
			ret->start++;
		return true;
	}
	return false;
}

static bool next_entry(const char *text, size_t from, struct span *ret)
{
	return next_key(text, from, "options", " \t", ret);
}

static bool next_limine(const char *text, size_t from, struct span *ret)
{
	struct span other;
	bool found = next_key(text, from, "cmdline", ":", ret);

	if (next_key(text, from, "kernel_cmdline", ":", &other) &&
		(!found || other.start < ret->start)) {
		*ret = other;
		return true;
	}
	return found;
}

/* Past a quoted string, or 0 where it is not closed on its line; "" is a quote in it. */
static size_t quoted_end(const char *text, size_t at)
{
	for (at++; text[at] && text[at] != '\n'; at++) {
		if (text[at] != '"')
			continue;
		if (text[at + 1] != '"')
			return at + 1;
		at++;
	}
	return 0;
}

static bool next_refind(const char *text, size_t from, struct span *ret)
{
	for (size_t at = from; text[at]; at = next_line(text, at)) {
		size_t title = at + strspn(text + at, " \t"), start, end;

		end = text[title] == '"' ? quoted_end(text, title) : 0;
		start = end ? end + strspn(text + end, " \t") : 0;
		end = start && text[start] == '"' ? quoted_end(text, start) : 0;
		if (!end)
			continue;
		*ret = (struct span){ start + 1, end - 1 };
		return true;
	}
	return false;
}

static bool next_stanza(const char *text, size_t from, struct span *ret)
{
	struct span value;

	for (; next_key(text, from, "options", " \t", &value);
		from = next_line(text, value.end)) {
		size_t end = text[value.start] == '"' ? quoted_end(text, value.start) : 0;

		if (!end)
			continue;
		*ret = (struct span){ value.start + 1, end - 1 };
		return true;
	}
	return false;
}

static bool has_root(const char *text, struct span span)
{
	for (size_t at = span.start; at < span.end; at++)
		if ((at == span.start || strchr(" \t", text[at - 1])) &&
			after_prefix(text + at, "root="))
			return true;
	return false;
}

static bool next_append(const char *text, size_t from, struct span *ret)
{
	for (; next_key(text, from, "append", " \t", ret);
		from = next_line(text, ret->end))
		if (has_root(text, *ret))
			return true;
	return false;
}

/* Whether bytes [start, end) name what is for recovery: a title, an image. */
static bool names_recovery(const char *text, size_t start, size_t end)
{
	static const char *const names[] = { "fallback", "rescue", "recovery" };

	for (size_t at = start; at < end; at++)
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			if (strncasecmp(text + at, names[i], strlen(names[i])) == 0)
				return true;
	return false;
}

/* The block that the span is in goes from one line that begins it to the next. */
static struct span block_of(
	const char *text, struct span span, bool (*begins)(const char *line))
{
	struct span block = { 0, strlen(text) };

	for (size_t at = 0; begins && at <= span.start && text[at];
		at = next_line(text, at))
		if (begins(text + at))
			block.start = at;
	for (size_t at = block.start; begins && text[at]; at = next_line(text, at))
		if (at > block.start && begins(text + at)) {
			block.end = at;
			break;
		}
	return block;
}

/* Whether a line of the block that the span is in does, but for comments and the command
 * line itself. */
static bool block_names_recovery(
	const char *text, struct span span, bool (*begins)(const char *line))
{
	struct span block = block_of(text, span, begins);
	bool names = false;

	for (size_t at = block.start; at < block.end; at = next_line(text, at)) {
		size_t key = at + strspn(text + at, " \t"), end = line_end(text, at);

		if (text[key] != '#' && strncasecmp(text + key, "options", 7) != 0 &&
			!(at <= span.start && span.start <= end))
			names |= names_recovery(text, at, end);
	}
	return names;
}

static bool begins_limine(const char *line)
{
	return line[strspn(line, " \t")] == '/';
}

static bool begins_stanza(const char *line)
{
	line += strspn(line, " \t");
	return strncasecmp(line, "menuentry", 9) == 0 ||
	       strncasecmp(line, "submenuentry", 12) == 0 || *line == '}';
}

static bool begins_label(const char *line)
{
	line += strspn(line, " \t");
	return strncasecmp(line, "label", 5) == 0 && strchr(" \t", line[5]);
}

static bool recovery_entry(const char *text, struct span span)
{
	return block_names_recovery(text, span, NULL);
}

static bool recovery_limine(const char *text, struct span span)
{
	return block_names_recovery(text, span, begins_limine);
}

static bool recovery_stanza(const char *text, struct span span)
{
	return block_names_recovery(text, span, begins_stanza);
}

static bool recovery_append(const char *text, struct span span)
{
	return block_names_recovery(text, span, begins_label);
}

/* The title is before it, in the same line. */
static bool recovery_refind(const char *text, struct span span)
{
	size_t start = span.start;

	while (start && text[start - 1] != '\n')
		start--;
	return names_recovery(text, start, span.start);
}

const struct cmdline_format format_cmdline = {
	.name = "cmdline", .joined = true, .next = next_cmdline
};
const struct cmdline_format format_first_line = {
	.name = "first-line", .joined = true, .next = next_first
};
const struct cmdline_format format_entry = { "entry", true, next_entry, recovery_entry,
	NULL, linux_entry };
const struct cmdline_format format_limine = { "limine", false, next_limine,
	recovery_limine, begins_limine, linux_limine };
const struct cmdline_format format_refind = { "refind", false, next_refind,
	recovery_refind, NULL, NULL };
const struct cmdline_format format_stanza = { "stanza", false, next_stanza,
	recovery_stanza, begins_stanza, linux_stanza };
const struct cmdline_format format_append = { "append", false, next_append,
	recovery_append, begins_label, linux_append };

const struct cmdline_format *const cmdline_formats[] = { &format_cmdline,
	&format_first_line, &format_entry, &format_limine, &format_refind, &format_stanza,
	&format_append, NULL };

/* One command line: its spans, in the order of the text. */
struct spans {
	struct span *list;
	size_t n;
};

static void spans_done(struct spans *spans)
{
	free(spans->list);
}

/* The command line at or after *from, which moves past it; no spans: there is none. */
static void next_spans(const char *text, const struct cmdline_format *format,
	size_t *from, struct spans *ret)
{
	struct span span;

	ret->n = 0;
	while (*from <= strlen(text) && format->next(text, *from, &span)) {
		GROW(ret->list, ret->n);
		ret->list[ret->n++] = span;
		*from = next_line(text, span.end);
		if (*from == 0 || *from == span.end) /* the text's end */
			*from = strlen(text) + 1;
		if (!format->joined)
			break;
	}
}

static char **spans_words(const char *text, const struct spans *spans)
{
	struct buf b = { 0 };
	autofree char *line = NULL;

	for (size_t i = 0; i < spans->n; i++) {
		const struct span *span = &spans->list[i];

		buf_add(&b, text + span->start, span->end - span->start);
		buf_puts(&b, " ");
	}
	line = buf_take(&b);
	return kargs_split(line);
}

/* What recovery entries have: GRUB's and Debian's, refind-mkrlconf's, systemd's. */
static const char *const recovery[] = { "single", "recovery", "S", "1", "rescue",
	"emergency", "systemd.unit=rescue.target", "systemd.unit=emergency.target" };

/* What is appended after a quote that is never closed would be a part of that value. */
static bool are_closed(const char *text, const struct spans *spans)
{
	for (size_t i = 0; i < spans->n; i++) {
		bool open = false;

		for (size_t at = spans->list[i].start; at < spans->list[i].end; at++)
			open ^= text[at] == '"';
		if (open)
			return false;
	}
	return true;
}

static bool is_recovery(const char *text, const struct cmdline_format *format,
	const struct spans *spans, char *const *kargs, bool by_words)
{
	bool found =
		!by_words && format->recovery && format->recovery(text, spans->list[0]);

	for (size_t i = 0; i < ARRAY_SIZE(recovery); i++)
		found |= strv_has(kargs, recovery[i]);
	return found;
}

/* The parent's lines stand for a submenu's that has none of its own (rEFInd). */
static char *copy_block(const char *text, struct span block)
{
	autofree char *own = xstrndup(text + block.start, block.end - block.start);
	autofree char *loader = block_value(own, "loader"), *parent = NULL;
	size_t start = block.start, end;

	if (!line_value(own, "submenuentry") || loader)
		return TAKE(own);
	while (start && !line_value(text + start, "menuentry")) {
		for (start--; start && text[start - 1] != '\n'; start--)
			;
	}
	for (end = start; text[end] && !line_value(text + end, "submenuentry");)
		end = next_line(text, end);
	parent = xstrndup(text + start, end - start);
	return text_printf("%s%s", parent, own);
}

static bool is_linux(const char *text, const struct cmdline_format *format,
	const struct spans *spans, char *const *kargs)
{
	autofree char *block = NULL;

	if (!format->boots_linux)
		return true;
	block = copy_block(text, block_of(text, spans->list[0], format->begins));
	return format->boots_linux(block, kargs);
}

static bool is_ours(const char *text, const struct cmdline_format *format,
	const struct spans *spans, char *const *kargs, const struct cmdline_edit *edit)
{
	const char *root = kargs_value(kargs, "root");

	return are_closed(text, spans) && is_linux(text, format, spans, kargs) &&
	       is_recovery(text, format, spans, kargs, edit->by_words) ==
		       edit->recovery &&
	       (!edit->root || !root || streq(root, edit->root));
}

/* The spans' contents with the edit made. */
static void edit_contents(
	char **contents, size_t n, char *const *kargs, const struct cmdline_edit *edit)
{
	strv_foreach (word, edit->ours) {
		bool done = strv_has(edit->wanted, word);

		for (size_t i = n; i-- > 0 && !done;)
			done = kargs_cut(contents[i], WORDS_BLANK, word);
	}
	strv_foreach (word, edit->wanted) {
		if (strv_has(edit->ours, word) && strv_has(kargs, word))
			continue;
		kargs_append(&contents[n - 1], WORDS_BLANK, word);
	}
}

static char **take_contents(const char *text, const struct spans *spans)
{
	char **contents = NULL;
	size_t n = 0;

	for (size_t i = 0; i < spans->n; i++)
		strv_append(&contents, &n, text + spans->list[i].start,
			spans->list[i].end - spans->list[i].start);
	return contents;
}

/* The line's own ids=, in lower case, with those that it and the wanted words' lack. */
static char *whole_ids(
	const char *users, const char *planned, const struct cmdline_edit *edit)
{
	autostrv char **ids = strv_split(users, ", \t\""), **more = NULL;
	size_t n = strv_len(ids);
	autofree char *list = NULL;

	if (planned)
		more = strv_split(planned, ",");
	strv_foreach (id, edit->ids)
		strv_add(&more, id);
	strv_foreach (id, more) {
		bool there = false;

		strv_foreach (other, ids)
			there |= strcasecmp(other, id) == 0;
		if (!there)
			strv_add(&ids, id);
	}
	if (strv_len(ids) == n)
		return NULL;
	list = strv_join(ids, ",");
	return text_printf(IDS "=%s", list);
}

/* The words for a line whose user's are these: in place of an ids= of ours the whole. */
static void make_ids(char *const *users, const struct cmdline_edit *edit, char ***wanted)
{
	const char *value = kargs_value(users, IDS);
	autofree char *word = NULL;

	if (!value || !edit->ids)
		return;
	word = whole_ids(value, kargs_value(edit->wanted, IDS), edit);
	if (!word)
		return;
	strv_foreach (other, edit->wanted)
		if (!after_prefix(other, IDS "="))
			strv_add(wanted, other);
	strv_add(wanted, word);
	if (edit->added)
		strv_add_new(edit->added, word);
}

/* Adds the text from *done to the end of the command line, edited. */
static void add_edited(struct buf *b, const char *text, size_t *done,
	const struct spans *spans, char *const *kargs, const struct cmdline_edit *edit)
{
	autostrv char **contents = take_contents(text, spans), **users = strv_copy(kargs),
		      **ours = NULL, **wanted = NULL;
	struct cmdline_edit own = *edit;

	if (edit->way_out) {
		ours = edit->ours ? kargs_take_way_out(users) : NULL;
		wanted = edit->wanted ? kargs_way_out(users) : NULL;
		own.ours = ours;
		own.wanted = wanted;
	} else if (users) {
		kargs_without(users, edit->ours);
		make_ids(users, edit, &wanted);
		own.wanted = wanted ?: edit->wanted;
	}
	edit_contents(contents, spans->n, kargs, &own);
	for (size_t i = 0; i < spans->n; i++) {
		buf_add(b, text + *done, spans->list[i].start - *done);
		buf_puts(b, contents[i]);
		*done = spans->list[i].end;
	}
}

char *cmdlines_set(const char *text, const struct cmdline_format *format,
	const struct cmdline_edit *edit, size_t *ret_n)
{
	CLEANUP(spans_done) struct spans spans = { 0 };
	struct buf b = { 0 };
	size_t from = 0, done = 0, n = 0;

	for (;;) {
		autostrv char **kargs = NULL;

		next_spans(text, format, &from, &spans);
		if (!spans.n)
			break;
		kargs = spans_words(text, &spans);
		if (!is_ours(text, format, &spans, kargs, edit))
			continue;
		add_edited(&b, text, &done, &spans, kargs, edit);
		n++;
	}
	buf_puts(&b, text + done);
	*ret_n = n;
	return buf_take(&b);
}

char **cmdlines_first(
	const char *text, const struct cmdline_format *format, bool *ret_rescue)
{
	CLEANUP(spans_done) struct spans spans = { 0 };
	char **kargs;
	size_t from = 0;

	*ret_rescue = false;
	next_spans(text, format, &from, &spans);
	if (!spans.n)
		return NULL;
	kargs = spans_words(text, &spans);
	*ret_rescue = is_recovery(text, format, &spans, kargs, false);
	return kargs;
}

void cmdlines_kargs(const char *text, const struct cmdline_format *format,
	const struct cmdline_edit *edit, char ***list, size_t *n)
{
	CLEANUP(spans_done) struct spans spans = { 0 };
	size_t from = 0;

	for (;;) {
		autostrv char **kargs = NULL;

		next_spans(text, format, &from, &spans);
		if (!spans.n)
			return;
		kargs = spans_words(text, &spans);
		if (!is_ours(text, format, &spans, kargs, edit))
			continue;
		kargs_without(kargs, edit->ours);
		if ((*n)++)
			kargs_common(*list, kargs);
		else
			*list = TAKE(kargs);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample/hostfile.h"
#include "assets.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "sample/modules.h"
#include "sample/pcitree.h"
#include "sample/sysfs.h"

#include <ctype.h>

#define BLANKS " \t"
/* An include of itself would not end. */
#define DEPTH_MAX 4

static int do_dir(struct expander *x, char **words)
{
	return expand_errno(x, tree_dir(x->root, words[1]), words[1]);
}

static int do_link(struct expander *x, char **words)
{
	if (!streq(words[2], "->"))
		return expand_bad(x, "a link is written PATH -> TARGET.");
	return expand_errno(x, tree_link(x->root, words[1], words[3]), words[1]);
}

static int write_file(
	struct expander *x, const char *path, mode_t mode, const void *data, size_t len)
{
	return expand_errno(
		x, tree_write(x->root, path, TREE_REPLACE, mode, data, len), path);
}

static int do_text(struct expander *x, char **words)
{
	autofree char *line = text_printf("%s\n", words[2]);

	return write_file(x, words[1], 0644, line, strlen(line));
}

static bool parse_mode(const char *s, mode_t *ret)
{
	char *stop = NULL;
	unsigned long mode = strtoul(s, &stop, 8);

	*ret = (mode_t)mode;
	return isdigit((unsigned char)s[0]) && !*stop && mode <= 07777;
}

/* The end of the lines before one that is the marker; NULL where none is. */
static const char *find_marker(const char *text, const char *marker, size_t *ret_lines)
{
	size_t len = strlen(marker);

	for (*ret_lines = 0;; ++*ret_lines) {
		size_t n = strcspn(text, "\n");

		if (n == len && strncmp(text, marker, n) == 0)
			return text;
		if (!text[n])
			return NULL;
		text += n + 1;
	}
}

static int do_file(struct expander *x, char **words)
{
	const char *start = x->rest, *end, *marker = NULL;
	bool newline = true;
	mode_t mode = 0644;
	size_t lines;
	int r;

	for (char **word = words + 2; *word; word++) {
		const char *at = after_prefix(*word, "<<");

		if (at && *at && !word[1])
			marker = at;
		else if (streq(*word, "no-newline"))
			newline = false;
		else if (!parse_mode(*word, &mode))
			return expand_bad(
				x, "%s is neither a mode, no-newline nor <<END.", *word);
	}
	if (!marker)
		return expand_bad(x, "a file's line ends with <<END, its text follows.");
	end = find_marker(start, marker, &lines);
	if (!end)
		return expand_bad(x, "no line %s ends the text of %s.", marker, words[1]);
	r = write_file(x, words[1], mode, start,
		(size_t)(end - start) - (size_t)(!newline && end > start));
	x->rest = end + strcspn(end, "\n");
	x->rest += *x->rest == '\n';
	x->line += lines + 1;
	return r;
}

static int do_hex(struct expander *x, char **words)
{
	unsigned char bytes[4096];
	size_t len = 0;

	for (char **word = words + 2; *word; word++)
		if (expand_bytes(*word, bytes, sizeof(bytes), &len) < 0)
			return expand_bad(x,
				"%s: not pairs of hexadecimal digits, or too many.",
				*word);
	return write_file(x, words[1], 0644, bytes, len);
}

static const struct asset *find_asset(const char *name)
{
	const struct asset *a = assets;

	while (a->name && !streq(a->name, name))
		a++;
	return a->name ? a : NULL;
}

static int do_asset(struct expander *x, char **words)
{
	const struct asset *a = find_asset(words[3]);
	mode_t mode;

	if (!parse_mode(words[2], &mode))
		return expand_bad(x, "%s is no file mode.", words[2]);
	if (!a)
		return expand_bad(x, "there is no asset %s.", words[3]);
	return write_file(x, words[1], mode, a->text, strlen(a->text));
}

static int do_remove(struct expander *x, char **words)
{
	int r = tree_remove(x->root, words[1]);

	if (r == -ENOENT)
		return expand_bad(x, "there is no %s to remove.", words[1]);
	return expand_errno(x, r, words[1]);
}

static int expand_text(struct expander *x, const char *text);

static int do_include(struct expander *x, char **words)
{
	const struct asset *a = find_asset(words[1]);
	const char *name = x->name, *rest = x->rest;
	size_t line = x->line;
	int r;

	if (!a)
		return expand_bad(x, "there is no asset %s.", words[1]);
	if (x->depth == DEPTH_MAX)
		return expand_bad(x, "includes are nested more than %d deep.", DEPTH_MAX);
	x->depth++;
	x->name = a->name;
	r = expand_text(x, a->text);
	x->name = name;
	x->rest = rest;
	x->line = line;
	x->depth--;
	return r;
}

#define ANY 1000

static const struct directive {
	const char *word;
	size_t min, max; /* words after it */
	bool path; /* the first of them is a path */
	size_t raw; /* of so many, the last is the rest of the line as it stands; or 0 */
	const char *usage;
	directive_fn *run;
} directives[] = {
	{ "include", 1, 1, false, 0, "NAME", do_include },
	{ "dir", 1, 1, true, 0, "PATH", do_dir },
	{ "link", 3, 3, true, 0, "PATH -> TARGET", do_link },
	{ "text", 2, 2, true, 2, "PATH VALUE", do_text },
	{ "file", 2, 4, true, 0, "PATH [MODE] [no-newline] <<END", do_file },
	{ "hex", 1, ANY, true, 0, "PATH BYTE...", do_hex },
	{ "asset", 3, 3, true, 0, "PATH MODE NAME", do_asset },
	{ "remove", 1, 1, true, 0, "PATH", do_remove },
	{ "kernel", 1, 2, false, 0, "RELEASE [running]", expand_kernel },
	{ "config", 2, ANY, false, 0, "RELEASE CONFIG_X=V...", expand_config },
	{ "module", 2, ANY, false, 0, "RELEASE NAME [builtin] [ALIAS...]",
		expand_module },
	{ "device", 3, ANY, false, 0, "ADDRESS class=CCSSPP id=VVVV:DDDD [KEY=VALUE...]",
		expand_device },
	{ "bind", 2, 2, false, 0, "ADDRESS DRIVER|-", expand_bind },
	{ "driver", 2, 2, false, 0, "NAME MODULE", expand_driver },
	{ "group", 2, ANY, false, 0, "N [type=T] [region=\"START END KIND\"...]",
		expand_group },
	{ "net", 2, ANY, false, 0, "NAME ADDRESS|- [KEY=VALUE...]", expand_net },
	{ "block", 3, ANY, false, 0, "ADDRESS PATH MAJ:MIN [SUFFIX=MAJ:MIN...]",
		expand_block },
};

static const struct directive *find_directive(const char *line)
{
	size_t n = strcspn(line, BLANKS);

	for (size_t i = 0; i < ARRAY_SIZE(directives); i++)
		if (strlen(directives[i].word) == n &&
			strncmp(directives[i].word, line, n) == 0)
			return &directives[i];
	return NULL;
}

/* One character of a quoted word; what follows it, or NULL. */
static const char *unescape(const char *s, struct buf *word)
{
	static const char plain[] = "n\nt\t\"\"\\\\";
	unsigned byte;
	char pair[3], c;

	if (*s != '\\') {
		buf_add(word, s, 1);
		return s + 1;
	}
	for (const char *p = plain; *p; p += 2)
		if (s[1] == p[0]) {
			buf_add(word, p + 1, 1);
			return s + 2;
		}
	if (s[1] != 'x' || !s[2])
		return NULL;
	pair[0] = s[2];
	pair[1] = s[3];
	pair[2] = '\0';
	if (!expand_hex(pair, 2, '\0', &byte) || !byte)
		return NULL;
	c = (char)byte;
	buf_add(word, &c, 1);
	return s + 4;
}

/* Reads one word at s into *ret; what follows it, or NULL for a bad quote. */
static const char *read_word(const char *s, struct buf *word)
{
	bool quoted = false;

	while (s && *s && (quoted || !strchr(BLANKS, *s))) {
		if (*s == '"') {
			quoted = !quoted;
			s++;
		} else if (quoted) {
			s = unescape(s, word);
		} else {
			buf_add(word, s++, 1);
		}
	}
	return quoted ? NULL : s;
}

/* The words of a line; the last of raw words, if any, is the rest as it stands. */
static int split_words(struct expander *x, const char *line, size_t raw, char ***ret)
{
	autostrv char **words = NULL;
	const char *s = line;

	for (size_t n = 0; s += strspn(s, BLANKS), *s; n++) {
		autobuf struct buf word = { 0 };
		autofree char *text = NULL;

		if (raw && n == raw) {
			buf_puts(&word, s);
			s += strlen(s);
		} else if (*s == '#') {
			break;
		} else {
			s = read_word(s, &word);
		}
		if (!s)
			return expand_bad(
				x, "a quote is not closed, or has a wrong escape in it.");
		text = buf_take(&word);
		strv_add(&words, text);
	}
	*ret = TAKE(words);
	return 0;
}

static int expand_line(struct expander *x, const char *line)
{
	const struct directive *d;
	autostrv char **words = NULL;
	size_t n;
	int r;

	line += strspn(line, BLANKS);
	if (!*line || *line == '#')
		return 0;
	d = find_directive(line);
	if (!d)
		return expand_bad(x, "%.*s is no directive of a host file.",
			(int)strcspn(line, BLANKS), line);
	r = split_words(x, line, d->raw, &words);
	if (r < 0)
		return r;
	n = strv_len(words) - 1;
	if (n < d->min || n > d->max)
		return expand_bad(x, "%s needs: %s", d->word, d->usage);
	r = d->path ? expand_check_path(x, words[1]) : 0;
	return r < 0 ? r : d->run(x, words);
}

static int expand_text(struct expander *x, const char *text)
{
	int r = 0;

	x->rest = text;
	for (x->line = 1; r == 0 && *x->rest; x->line++) {
		size_t n = strcspn(x->rest, "\n");
		autofree char *line = xstrndup(x->rest, n);

		x->rest += n + (x->rest[n] == '\n');
		r = expand_line(x, line);
	}
	return r;
}

static void expander_done(struct expander *x)
{
	root_close(x->root);
	for (size_t i = 0; i < x->n_devices; i++) {
		free(x->devices[i].address);
		free(x->devices[i].path);
		free(x->devices[i].driver);
		free(x->devices[i].uevent);
	}
	for (size_t i = 0; i < x->n_drivers; i++) {
		free(x->drivers[i].name);
		free(x->drivers[i].module);
	}
	for (size_t i = 0; i < x->n_modules; i++) {
		free(x->modules[i].release);
		free(x->modules[i].name);
	}
	free(x->devices);
	free(x->drivers);
	free(x->modules);
	free(x->running);
	strv_free(x->kernels);
}

/* It runs, so that its routes are known: there are none, unless it says so. */
static int expand_routes(struct expander *x)
{
	return root_exists(x->root, "/proc/net/route")
		       ? 0
		       : expand_put(x, "proc/net", "route", 0644,
				 "Iface\tDestination\tGateway\n");
}

int hostfile_expand(const char *text, const char *name, int dir_fd, struct err *err)
{
	CLEANUP(expander_done) struct expander x = { .name = name, .err = err };
	char dir[64];
	int r;

	(void)snprintf(dir, sizeof(dir), "/proc/self/fd/%d", dir_fd);
	r = root_open(dir, &x.root, err);
	if (r == 0)
		r = expand_routes(&x);
	if (r == 0)
		r = expand_text(&x, text);
	if (r < 0)
		return r;
	x.line = 0;
	r = pcitree_finish(&x);
	return r < 0 ? r : modules_finish(&x);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/shell.h"
#include "core/base/buf.h"

#include <ctype.h>

struct reader {
	const char *path, *text, *at;
	const char *open; /* the quote that was never closed */
	struct shell_vars *vars;
	bool unknown; /* of the word being read */
	struct shell_tail tail; /* likewise */
};

void shell_vars_done(struct shell_vars *vars)
{
	for (size_t i = 0; i < vars->n; i++) {
		free(vars->list[i].name);
		free(vars->list[i].value);
	}
	free(vars->list);
	for (size_t i = 0; i < vars->n_strays; i++) {
		free(vars->strays[i].path);
		free(vars->strays[i].name);
		free(vars->strays[i].word);
	}
	free(vars->strays);
	*vars = (struct shell_vars){ 0 };
}

const struct shell_var *shell_get(const struct shell_vars *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++)
		if (streq(vars->list[i].name, name))
			return &vars->list[i];
	return NULL;
}

bool shell_sets(const char *path, const char *text, const char *name)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };

	return shell_source(&vars, path, text, NULL) == 0 && shell_get(&vars, name);
}

static size_t name_length(const char *s)
{
	size_t n = 0;

	if (isdigit((unsigned char)s[0]))
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

static void add_variable(struct reader *r, const char *name, size_t len, struct buf *b)
{
	autofree char *copy = xstrndup(name, len);
	const struct shell_var *var = shell_get(r->vars, copy);

	if (var)
		buf_puts(b, var->value);
	r->unknown |= var && var->unknown;
}

static void skip_nested(struct reader *r, char close);

/* Skips a quoted part of something nested; at its first quote. */
static void skip_quoted(struct reader *r, char quote)
{
	const char *start = r->at++;

	while (*r->at && *r->at != quote && !r->open) {
		if (quote == '"' && *r->at == '\\' && r->at[1])
			r->at += 2;
		else if (quote == '"' && *r->at == '$' &&
			 (r->at[1] == '(' || r->at[1] == '{'))
			skip_nested(r, *++r->at == '(' ? ')' : '}');
		else
			r->at++;
	}
	if (!*r->at && !r->open)
		r->open = start;
	r->at += *r->at == quote;
}

/*
 * Skips "( ... )", "{ ... }" or "` ... `" up to its end, quotes and what is nested in it
 * included; what it gives is unknown.
 */
static void skip_nested(struct reader *r, char close)
{
	const char *start = r->at++;

	r->unknown = true;
	while (*r->at && *r->at != close && !r->open) {
		if (*r->at == '\\' && r->at[1])
			r->at += 2;
		else if (close != '`' && (*r->at == '\'' || *r->at == '"'))
			skip_quoted(r, *r->at);
		else if (close != '`' && *r->at == '$' &&
			 (r->at[1] == '(' || r->at[1] == '{'))
			skip_nested(r, *++r->at == '(' ? ')' : '}');
		else if (close == ')' && *r->at == '(')
			skip_nested(r, ')');
		else
			r->at++;
	}
	if (!*r->at && !r->open)
		r->open = start;
	r->at += *r->at == close;
}

/* At a '$': a plain variable is known, everything else is not. */
static void read_dollar(struct reader *r, struct buf *b)
{
	const char *s = r->at + 1;
	size_t brace = *s == '{', n = name_length(s + brace);

	/* A line joined in the midst of a name: rare enough to leave unknown. */
	r->unknown |= after_prefix(s, "\\\n") || after_prefix(s + brace + n, "\\\n");
	if (n && (!brace || s[1 + n] == '}')) {
		add_variable(r, s + brace, n, b);
		r->at = s + n + 2 * brace;
		return;
	}
	r->at = s;
	if (*s == '(' || *s == '{') {
		skip_nested(r, *s == '(' ? ')' : '}');
	} else if (*s && strchr("0123456789#?*@!-$", *s)) { /* special parameters */
		r->unknown = true;
		r->at++;
	} else {
		buf_puts(b, "$");
	}
}

static void read_single(struct reader *r, struct buf *b)
{
	const char *start = r->at++, *end = strchr(r->at, '\'');

	if (!end) {
		r->open = start;
		r->at += strlen(r->at);
		return;
	}
	buf_add(b, r->at, (size_t)(end - r->at));
	r->at = end + 1;
}

/*
 * A backslash joins lines and keeps the next character as it is. In double quotes it does
 * so for the special characters only, and is an ordinary one before any other.
 */
static void read_backslash(struct reader *r, struct buf *b, const char *special)
{
	char next = r->at[1];

	if (next == '\n') {
		r->at += 2;
	} else if (next && (!special || strchr(special, next))) {
		buf_add(b, &next, 1);
		r->at += 2;
	} else {
		buf_puts(b, "\\");
		r->at++;
	}
}

static void read_double(struct reader *r, struct buf *b)
{
	const char *start = r->at++;

	while (*r->at && *r->at != '"' && !r->open) {
		switch (*r->at) {
		case '\\':
			read_backslash(r, b, "$`\"\\");
			break;
		case '$':
			read_dollar(r, b);
			break;
		case '`':
			skip_nested(r, '`');
			break;
		default:
			buf_add(b, r->at++, 1);
		}
	}
	if (!*r->at && !r->open)
		r->open = start;
	r->at += *r->at == '"';
}

/* The word's last part is [start, r->at), or what is between quotes there. */
static void end_part(struct reader *r, const char *word, const char *start, bool quoted)
{
	struct shell_tail *tail = &r->tail;
	size_t at = (size_t)(start - r->text);

	if (quoted || tail->quoted)
		*tail = (struct shell_tail){
			.start = at + quoted, .quoted = quoted, .whole = start == word
		};
	tail->end = (size_t)(r->at - r->text) - quoted;
}

/* A word up to an unquoted blank, newline or operator; its value goes to b. */
static void read_word(struct reader *r, struct buf *b)
{
	const char *start = r->at;

	r->tail =
		(struct shell_tail){ .start = (size_t)(start - r->text), .whole = true };
	r->tail.end = r->tail.start;
	while (*r->at && !strchr(" \t\n;&|()<>", *r->at) && !r->open) {
		const char *part = r->at;
		bool quoted = *part == '\'' || *part == '"';

		switch (*r->at) {
		case '\\':
			read_backslash(r, b, NULL);
			break;
		case '\'':
			read_single(r, b);
			break;
		case '"':
			read_double(r, b);
			break;
		case '$':
			read_dollar(r, b);
			break;
		case '`':
			skip_nested(r, '`');
			break;
		case '~': /* a home directory, at the beginning and after each colon */
			r->unknown |= r->at == start || r->at[-1] == ':';
			/* fall through */
		default:
			buf_add(b, r->at++, 1);
		}
		end_part(r, start, part, quoted);
	}
}

static struct shell_var *var_slot(struct shell_vars *vars, const char *name, size_t len)
{
	struct shell_var *var;

	for (size_t i = 0; i < vars->n; i++)
		if (strncmp(vars->list[i].name, name, len) == 0 &&
			!vars->list[i].name[len])
			return &vars->list[i];
	GROW(vars->list, vars->n);
	var = &vars->list[vars->n++];
	var->name = xstrndup(name, len);
	var->value = xstrdup("");
	return var;
}

/* At NAME= or NAME+=. */
static void read_assignment(struct reader *r, size_t len)
{
	const char *name = r->at;
	bool append = name[len] == '+';
	struct buf b = { 0 };
	struct shell_var *var;

	r->unknown = false;
	r->at += len + 1 + append;
	if (append)
		add_variable(r, name, len, &b);
	read_word(r, &b);
	var = var_slot(r->vars, name, len);
	free(var->value);
	var->value = buf_take(&b);
	var->unknown = r->unknown;
	var->appended = append;
	var->tail = r->tail;
}

/* Words after which a command may stand: what they guard counts as run. */
static bool is_transparent(const char *word)
{
	static const char *const tokens[] = { "then", "else", "do", "{", "}", "fi",
		"done", "export", "readonly" };

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
		if (streq(word, tokens[i]))
			return true;
	return false;
}

static bool declares(const char *word)
{
	return streq(word, "export") || streq(word, "readonly");
}

static void skip_comment(struct reader *r)
{
	r->at += strcspn(r->at, "\n");
}

/* The rest of a command that is no assignment. */
static void skip_command(struct reader *r)
{
	while (*r->at && !strchr("\n;&|", *r->at) && !r->open) {
		autobuf struct buf ignored = { 0 };

		r->at += strspn(r->at, " \t()<>");
		if (*r->at == '#')
			skip_comment(r);
		else
			read_word(r, &ignored);
	}
}

static size_t line_number(const struct reader *r, const char *at)
{
	size_t line = 1;

	for (const char *s = r->text; s < at; s++)
		line += *s == '\n';
	return line;
}

/* The length of the name at s where an assignment begins there; 0: none does. */
static size_t assigned_name(const char *s)
{
	size_t len = name_length(s);

	return len && (s[len] == '=' || (s[len] == '+' && s[len + 1] == '=')) ? len : 0;
}

static void skip_blanks(struct reader *r)
{
	for (;;) {
		r->at += strspn(r->at, " \t");
		if (!after_prefix(r->at, "\\\n"))
			return;
		r->at += 2;
	}
}

/* Whether what the special built-in utilities get in front of them stays set. */
static bool is_special(const char *word)
{
	static const char *const tokens[] = { "export", "readonly", ":", ".", "eval",
		"exec", "exit", "return", "set", "shift", "times", "trap", "unset",
		"break", "continue" };

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
		if (streq(word, tokens[i]))
			return true;
	return false;
}

static void add_stray(struct reader *r, const char *name, size_t len, const char *word)
{
	struct shell_vars *vars = r->vars;

	GROW(vars->strays, vars->n_strays);
	vars->strays[vars->n_strays++] = (struct shell_stray){ .path = xstrdup(r->path),
		.name = xstrndup(name, len),
		.word = xstrdup(word),
		.line = line_number(r, name) };
}

/* At an assignment, behind which there may be more: all that a command does not get. */
static void read_assignments(struct reader *r)
{
	const char *start = r->at;
	autobuf struct buf word = { 0 };
	size_t n = 0;

	for (; assigned_name(r->at) && !r->open; n++) {
		autobuf struct buf ignored = { 0 };

		r->at += assigned_name(r->at) + 1 + (r->at[assigned_name(r->at)] == '+');
		read_word(r, &ignored);
		skip_blanks(r);
	}
	if (!r->open && *r->at && !strchr("\n;&|()<>#", *r->at)) {
		read_word(r, &word);
		if (!is_special(word.s ?: "")) {
			add_stray(r, start, name_length(start), word.s ?: "");
			r->vars->commands = true;
			skip_command(r);
			return;
		}
	}
	if (r->open)
		return;
	for (r->at = start; n; n--, skip_blanks(r))
		read_assignment(r, assigned_name(r->at));
}

static void read_command(struct reader *r)
{
	const char *start = r->at;
	size_t len = name_length(start);
	autobuf struct buf word = { 0 };

	if (assigned_name(start)) {
		read_assignments(r);
		return;
	}
	read_word(r, &word);
	r->vars->commands |= !word.s || !declares(word.s);
	if (word.s && is_transparent(word.s))
		return;
	skip_blanks(r);
	if (len && r->at > start + len && *r->at == '=')
		add_stray(r, start, len, "=");
	skip_command(r);
}

int shell_source(
	struct shell_vars *vars, const char *path, const char *text, struct err *err)
{
	struct reader r = { .path = path, .text = text, .at = text, .vars = vars };

	vars->commands = false;
	while (*r.at && !r.open) {
		size_t blank = strspn(r.at, " \t\n;");

		r.at += blank;
		blank = strspn(r.at, " \t\n;&|()<>");
		vars->commands |= blank > 0;
		r.at += blank;
		if (*r.at == '\\' && r.at[1] == '\n')
			r.at += 2;
		else if (*r.at == '#')
			skip_comment(&r);
		else if (*r.at)
			read_command(&r);
	}
	if (r.open)
		return err_set(err, -EINVAL,
			"%s:%zu: a quote or bracket is opened here and never closed: the shell would not read this file.",
			path, line_number(&r, r.open));
	return 0;
}

int shell_check(const struct shell_vars *vars, const char *name, struct err *err)
{
	const char *end = strchr(name, '_');
	size_t n = end ? (size_t)(end - name) + 1 : strlen(name) + 1;

	for (size_t i = 0; i < vars->n_strays; i++) {
		const struct shell_stray *s = &vars->strays[i];

		if (strncmp(s->name, name, n) == 0 || strchr(s->word, '='))
			return err_set(err, -EINVAL,
				"%s:%zu: nothing sets %s here: to a shell \"%s\" behind it is a command, and where there is no such command a script such as grub-mkconfig ends at this line. Put the whole value into one pair of quotes, without blanks around the =.",
				s->path, s->line, s->name, s->word);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/commands.h"
#include "core/base/buf.h"
#include "core/base/strv.h"

#define WORDS_MAX 1000 /* of a command: enough for what people write */

struct reader {
	const char *at;
	size_t line;
	struct commands *ret;
	struct command now; /* what is being read */
	size_t n_words;
	char **delimiters; /* of here-documents that begin at the line's end */
	int cases; /* how deep */
	bool pattern; /* a pattern of case comes next */
};

void commands_done(struct commands *commands)
{
	for (size_t i = 0; i < commands->n; i++) {
		strv_free(commands->list[i].words);
		strv_free(commands->list[i].outs);
	}
	free(commands->list);
	*commands = (struct commands){ 0 };
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (streq(word, *list))
			return true;
	return false;
}

/* Words that stand alone, wherever a command may begin. */
static bool stands_alone(const char *word)
{
	static const char *const words[] = { "if", "then", "elif", "else", "fi", "do",
		"done", "while", "until", "{", "}", "(", ")", "!", "esac", NULL };

	return is_one_of(word, words);
}

bool commands_opens(const char *word)
{
	static const char *const words[] = { "if", "for", "select", "while", "until", "{",
		"(", "case", NULL };

	return is_one_of(word, words);
}

static bool closes(const char *word)
{
	static const char *const words[] = { "fi", "done", "}", ")", "esac", NULL };

	return is_one_of(word, words);
}

size_t commands_end(const struct commands *commands, size_t i)
{
	size_t depth = 0;

	for (; i < commands->n; i++) {
		const char *word = commands->list[i].words[0];

		if (commands_opens(word))
			depth++;
		else if (closes(word) && (depth == 0 || --depth == 0))
			break;
	}
	return i;
}

/* -- words --------------------------------------------------------------------------- */

#define DEPTH_MAX 40

/* Behind the quoted part, substitution or single character at s. */
static const char *skip_part(const char *s, int depth);

static const char *skip_until(const char *s, char end, int depth)
{
	while (*s && *s != end)
		s = skip_part(s, depth);
	return s + (*s != '\0');
}

static const char *skip_part(const char *s, int depth)
{
	if (depth > DEPTH_MAX)
		return s + 1;
	if (*s == '\\')
		return s + 1 + (s[1] != '\0');
	if (*s == '\'') {
		s = strchrnul(s + 1, '\'');
		return s + (*s != '\0');
	}
	if (*s == '`') {
		s = strchrnul(s + 1, '`');
		return s + (*s != '\0');
	}
	if (*s == '"') {
		for (s++; *s && *s != '"';)
			s = *s == '\'' ? s + 1 : skip_part(s, depth + 1);
		return s + (*s != '\0');
	}
	if (*s == '$' && s[1] == '(')
		return skip_until(s + 2, ')', depth + 1);
	if (*s == '$' && s[1] == '{')
		return skip_until(s + 2, '}', depth + 1);
	if (*s == '(')
		return skip_until(s + 1, ')', depth + 1);
	return s + 1;
}

static bool ends_word(char c)
{
	return c == '\0' || strchr(" \t\r\n;&|<>()", c);
}

/* The word at r->at; a list in parentheses belongs to "NAME=" before it. */
static char *take_word(struct reader *r)
{
	const char *begin = r->at, *s = begin;

	while (!ends_word(*s) || (*s == '(' && s > begin && s[-1] == '='))
		s = skip_part(s, 0);
	r->at = s;
	for (const char *c = begin; c < s; c++)
		r->line += *c == '\n';
	return xstrndup(begin, (size_t)(s - begin));
}

/* -- commands ------------------------------------------------------------------------ */

static void put(struct reader *r)
{
	struct command *c = &r->now;

	if (c->words || c->outs) {
		if (!c->words) /* "> FILE" alone */
			strv_add(&c->words, ":");
		GROW(r->ret->list, r->ret->n);
		r->ret->list[r->ret->n++] = *c;
	}
	*c = (struct command){ 0 };
	r->n_words = 0;
}

static void add_word(struct reader *r, const char *word)
{
	struct command *c = &r->now;
	bool first = !c->words, is_case;

	if (first)
		c->line = r->line;
	if (r->n_words++ > WORDS_MAX)
		return;
	strv_add(&c->words, word);
	if (!first && streq(c->words[0], "function")) { /* bash's way */
		autobuf struct buf b = { 0 };

		buf_printf(&b, "%s()", word);
		strv_free(TAKE(c->words));
		strv_add(&c->words, b.s);
		put(r);
		return;
	}
	is_case = streq(c->words[0], "case");
	if (is_case && strv_len(c->words) >= 3 && streq(word, "in")) {
		r->cases++;
		r->pattern = true;
		put(r);
	} else if (first && stands_alone(word)) {
		if (streq(word, "esac") && r->cases > 0)
			r->cases--;
		put(r);
	}
}

/* "(" and ")" by themselves, and the "()" that makes a word a function's name. */
static void parenthesis(struct reader *r)
{
	const char *next = r->at + 1 + strspn(r->at + 1, " \t");
	char one[2] = { *r->at, '\0' };

	if (*r->at == '(' && *next == ')' && strv_len(r->now.words) == 1) {
		autobuf struct buf b = { 0 };

		buf_printf(&b, "%s()", r->now.words[0]);
		free(r->now.words[0]);
		r->now.words[0] = buf_take(&b);
		r->at = next + 1;
		put(r);
		return;
	}
	put(r);
	r->at++;
	add_word(r, one);
}

/* The file behind ">", ">>", "<", with what stands before them: "2>", "&>". */
static void redirect(struct reader *r)
{
	bool out = *r->at == '>', here = r->at[0] == '<' && r->at[1] == '<';
	char **last = r->now.words;
	size_t n = strv_len(last);
	bool other = false;
	autofree char *word = NULL;

	if (n && r->at[-1] == last[n - 1][0] && strlen(last[n - 1]) == 1 &&
		strchr("0123456789", r->at[-1])) { /* "2>" */
		other = r->at[-1] != '1';
		free(last[n - 1]);
		last[n - 1] = NULL;
		if (n == 1)
			free(TAKE(r->now.words));
	}
	r->at += strspn(r->at, here ? "<-" : "<>|");
	if (*r->at == '&') { /* ">&2" */
		r->at++;
		other = true;
	}
	r->at += strspn(r->at, " \t");
	word = take_word(r);
	if (here)
		strv_add(&r->delimiters, word);
	else if (out && !other)
		strv_add(&r->now.outs, word);
	r->now.reads |= !out;
}

static void skip_documents(struct reader *r)
{
	strv_foreach (raw, r->delimiters) {
		autostrv char **parts = strv_split(raw, "'\"\\");
		autofree char *word = strv_join(parts, "");

		while (*r->at) {
			const char *s = r->at + strspn(r->at, "\t");
			size_t n = strcspn(s, "\n");
			bool end = n == strlen(word) && !strncmp(s, word, n);

			r->at = s + n + (s[n] == '\n');
			r->line += s[n] == '\n';
			if (end)
				break;
		}
	}
	strv_free(TAKE(r->delimiters));
}

/* "&&", "||", "|", "&", ";", ";;", and a line's end. */
static void separator(struct reader *r)
{
	char c = *r->at, next = r->at[1];
	enum joint joint = JOINT_NONE;

	put(r);
	r->at++;
	if (c == '&' && next == '&')
		joint = JOINT_AND;
	else if (c == '|')
		joint = next == '|' ? JOINT_OR : JOINT_PIPE;
	else if (c == ';' && next == ';')
		r->pattern = r->cases > 0;
	r->at += next == c || (c == '|' && next == '&');
	r->now.joint = joint;
	if (c == '\n' && next == c)
		r->at--;
	if (c != '\n')
		return;
	r->line++;
	skip_documents(r);
	/* A line that ends in "&&" goes on with the next one. */
}

static void read_pattern(struct reader *r)
{
	const char *end = r->at;

	if (!strncmp(end, "esac", 4) && ends_word(end[4])) {
		r->pattern = false;
		return;
	}
	while (*end && *end != ')')
		end = *end == '(' ? end + 1 : skip_part(end, 0);
	r->now.line = r->line;
	strv_add(&r->now.words, COMMAND_PATTERN);
	{
		autofree char *text = xstrndup(r->at, (size_t)(end - r->at));

		strv_add(&r->now.words, text);
	}
	for (const char *c = r->at; c < end; c++)
		r->line += *c == '\n';
	r->at = end + (*end == ')');
	r->pattern = false;
	put(r);
}

/* Within "[[ ]]" no operator ends the command. */
static bool in_brackets(const struct reader *r)
{
	return r->now.words && streq(r->now.words[0], "[[") &&
	       !strv_has(r->now.words, "]]");
}

static void step(struct reader *r)
{
	char c = *r->at;

	if (c == ' ' || c == '\t' || c == '\r') {
		r->at++;
	} else if (c == '\\' && r->at[1] == '\n') {
		r->at += 2;
		r->line++;
	} else if (c == '#') {
		r->at += strcspn(r->at, "\n");
	} else if (c == '\n' && !r->now.words && !r->now.outs) {
		r->at++; /* keeps the joint */
		r->line++;
		skip_documents(r);
	} else if (r->pattern) {
		read_pattern(r);
	} else if (in_brackets(r) && strchr("&|<>()", c)) {
		char one[2] = { c, '\0' };

		r->at++;
		add_word(r, one);
	} else if (c == '&' && r->at[1] == '>') {
		r->at++;
		redirect(r);
	} else if (strchr("\n;&|", c)) {
		separator(r);
	} else if (c == '(' || c == ')') {
		parenthesis(r);
	} else if (c == '<' || c == '>') {
		redirect(r);
	} else {
		autofree char *word = take_word(r);

		add_word(r, word);
	}
}

void commands_read(const char *text, size_t line, struct commands *ret)
{
	struct reader r = { .at = text, .line = line, .ret = ret };

	while (*r.at)
		step(&r);
	put(&r);
	strv_free(r.delimiters);
}

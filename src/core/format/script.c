// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/script.h"
#include "core/base/buf.h"
#include "core/format/commands.h"
#include "core/format/expand.h"
#include "core/format/names.h"
#include "core/format/shapes.h"

#include <fnmatch.h>

#define DEPTH_MAX 6 /* of scripts and functions in each other */
#define ROUNDS_MAX 64 /* of loops */
#define STEPS_MAX 10000
#define NESTED_MAX 60

/* A function that the script defines. */
struct function {
	const char *name; /* with "()" */
	size_t begin, end;
};

struct run {
	const struct script *script;
	enum act_stage stage;
	const struct commands *commands;
	struct function *functions;
	size_t n_functions;
	struct scope scope;
	char *cwd;
	char *piped; /* what the command before a "|" prints; NULL: not known */
	int doubts; /* conditions around, which only running would tell */
	int depth;
	bool ended;
	int nested; /* structures in each other */
	int *steps; /* how many commands may still run, in all */
	struct acts *ret;
};

static enum outcome run_range(struct run *r, size_t from, size_t to);
static void read_text(const struct script *script, enum act_stage stage, const char *text,
	size_t line, char *const *args, int doubts, int depth, int *steps,
	struct acts *ret);

/* -- one command --------------------------------------------------------------------- */

static void run_function(struct run *r, const struct function *f, char *const *args)
{
	char **keep = TAKE(r->scope.args);
	bool known = r->scope.args_known;

	if (r->depth >= DEPTH_MAX) {
		r->scope.args = keep;
		return;
	}
	r->depth++;
	r->scope.args = strv_copy(args);
	r->scope.args_known = true;
	run_range(r, f->begin, f->end);
	r->ended = false;
	strv_free(r->scope.args);
	r->scope.args = keep;
	r->scope.args_known = known;
	r->depth--;
}

static bool run_own(struct run *r, char *const *words)
{
	for (size_t i = r->n_functions; i-- > 0;) {
		const struct function *f = &r->functions[i];
		size_t n = strlen(words[0]);

		if (strncmp(f->name, words[0], n) == 0 && streq(f->name + n, "()")) {
			run_function(r, f, words + 1);
			return true;
		}
	}
	return false;
}

/* A script that the line names by its path, or "sh -c TEXT". */
static bool run_other(struct run *r, const struct command *c, char *const *words)
{
	const char *name = shape_program(words[0]), *text, *path = words[0];
	struct script other = *r->script;
	char *const *args = words + 1;

	if (shape_is_shell(name)) {
		while (*args && **args == '-' && !strchr(*args, 'c'))
			args++;
		if (*args && **args == '-' && args[1]) {
			read_text(&other, r->stage, args[1], c->line,
				args[2] ? args + 3 : args + 2, r->doubts, r->depth + 1,
				r->steps, r->ret);
			return true;
		}
		path = *args;
		args += path != NULL;
	}
	if (streq(name, ".") || streq(name, "source")) {
		path = *args;
		args += path != NULL;
	}
	if (!path || *path != '/' || !is_known(path) || !r->script->find ||
		r->depth >= DEPTH_MAX)
		return false;
	text = r->script->find(r->script->data, path, &other.path);
	if (!text)
		return false;
	other.entries = NULL;
	read_text(&other, r->stage, text, 1, args, r->doubts, r->depth + 1, r->steps,
		r->ret);
	return true;
}

static void change_dir(struct run *r, const char *dir)
{
	autobuf struct buf b = { 0 };

	if (!dir || (*dir != '/' && !r->cwd))
		buf_printf(&b, "%c", EXPAND_UNKNOWN);
	else if (*dir == '/')
		buf_puts(&b, dir);
	else
		buf_printf(&b, "%s/%s", r->cwd, dir);
	free(r->cwd);
	r->cwd = buf_take(&b);
}

/* The files that its output goes to, as paths from the root. */
static char **outs_of(struct run *r, const struct command *c, char *const *words)
{
	autostrv char **raw = expand_all(&r->scope, c->outs);
	char **outs = NULL;

	if (streq(shape_program(words[0]), "tee"))
		strv_foreach (word, words + 1)
			if (*word != '-')
				strv_add(&raw, word);
	strv_foreach (out, raw) {
		autobuf struct buf b = { 0 };

		if (*out != '/' && r->cwd)
			buf_printf(&b, "%s/", r->cwd);
		buf_puts(&b, out);
		strv_add(&outs, b.s);
	}
	return outs;
}

static enum outcome leave(struct run *r, const char *name)
{
	/* Under a condition nobody knows whether what follows is reached. */
	if (r->doubts)
		r->doubts += 1000;
	else if (streq(name, "exit") || streq(name, "return"))
		r->ended = true;
	return OUTCOME_TRUE;
}

static enum outcome run_words(struct run *r, const struct command *c, char **words)
{
	autostrv char **outs = outs_of(r, c, words);
	const char *name = shape_program(words[0]);
	struct shape shape = { .words = words,
		.outs = outs,
		.piped = r->piped,
		.base = { .path = r->script->path, .line = c->line, .stage = r->stage },
		.doubtful = r->doubts > 0,
		.ret = r->ret };
	enum outcome outcome;

	if (streq(name, "exit") || streq(name, "return") || streq(name, "continue") ||
		streq(name, "break"))
		return leave(r, name);
	if (streq(name, "cd")) {
		change_dir(r, words[1]);
		return OUTCOME_TRUE;
	}
	if (run_own(r, words) || run_other(r, c, words))
		return OUTCOME_DONE;
	outcome = shape_run(&shape);
	free(r->piped);
	r->piped = shape.prints;
	return outcome;
}

/* Assignments before a command, or alone, and words that only say how it is run. */
static enum outcome run_command(struct run *r, const struct command *c)
{
	autostrv char **words = NULL;
	char *const *raw = c->words;
	size_t skip;

	if (c->joint != JOINT_PIPE)
		free(TAKE(r->piped));
	if (streq(*raw, "local") || streq(*raw, "export") || streq(*raw, "readonly") ||
		streq(*raw, "declare"))
		while (raw[1] && raw[1][0] == '-')
			raw++;
	if (raw > c->words || streq(*raw, "local") || streq(*raw, "export") ||
		streq(*raw, "readonly") || streq(*raw, "declare"))
		raw++;
	while (*raw && scope_assign(&r->scope, *raw))
		raw++;
	if (!*raw)
		return OUTCOME_TRUE;
	words = expand_all(&r->scope, raw);
	skip = shape_wrappers(words);
	if (!words || !words[skip])
		return OUTCOME_UNKNOWN;
	for (size_t i = 0; i < skip; i++)
		free(words[i]);
	memmove(words, words + skip, (strv_len(words + skip) + 1) * sizeof(*words));
	return run_words(r, c, words);
}

/* -- structure ----------------------------------------------------------------------- */

static void run_in_doubt(struct run *r, size_t from, size_t to, enum outcome condition)
{
	int keep = r->doubts;

	if (condition == OUTCOME_FALSE)
		return;
	r->doubts += condition != OUTCOME_TRUE && condition != OUTCOME_DONE;
	run_range(r, from, to);
	if (r->doubts < 1000)
		r->doubts = keep;
}

/* The next word of structure of this "if" or "case" itself, behind i. */
static size_t next_part(const struct commands *cs, size_t i, size_t end)
{
	for (i++; i < end; i++) {
		const char *word = cs->list[i].words[0];
		size_t inner;

		if (streq(word, "then") || streq(word, "elif") || streq(word, "else") ||
			streq(word, COMMAND_PATTERN))
			return i;
		inner = commands_opens(word) ? commands_end(cs, i) : i;
		i = inner < end ? inner : end;
	}
	return end;
}

static enum outcome either(enum outcome known, enum outcome next)
{
	if (known == OUTCOME_FALSE)
		return next;
	return known == OUTCOME_TRUE && next == OUTCOME_FALSE ? OUTCOME_FALSE
							      : OUTCOME_UNKNOWN;
}

static void run_if(struct run *r, size_t i, size_t end)
{
	const struct commands *cs = r->commands;
	enum outcome before = OUTCOME_FALSE; /* whether some arm before is taken */

	while (i < end) {
		size_t then = next_part(cs, i, end), next = next_part(cs, then, end);
		bool last = streq(cs->list[i].words[0], "else");
		enum outcome condition;

		if (last) {
			run_in_doubt(r, i + 1, end,
				before == OUTCOME_FALSE ? OUTCOME_TRUE : OUTCOME_UNKNOWN);
			return;
		}
		condition = run_range(r, i + 1, then);
		run_in_doubt(r, then + 1, next, either(before, condition));
		if (condition == OUTCOME_TRUE && before == OUTCOME_FALSE)
			before = OUTCOME_TRUE;
		else if (condition != OUTCOME_FALSE)
			before = OUTCOME_UNKNOWN;
		i = next;
	}
}

/* "case $1 in prereqs)": initramfs-tools asks so while it builds the image. */
static enum outcome pattern_holds(const char *pattern, const char *value)
{
	autostrv char **list = NULL;

	if (strstr(pattern, "prereqs"))
		return OUTCOME_FALSE;
	if (!is_known(value))
		return OUTCOME_UNKNOWN;
	list = strv_split(pattern, "| \t\n\"'(");
	strv_foreach (one, list)
		if (fnmatch(one, value, 0) == 0)
			return OUTCOME_TRUE;
	return OUTCOME_FALSE;
}

static void run_case(struct run *r, size_t i, size_t end)
{
	const struct commands *cs = r->commands;
	autostrv char **words = expand(&r->scope, cs->list[i].words[1]);
	const char *value = words ? words[0] : "";
	size_t next;

	for (i = next_part(cs, i, end); i < end; i = next) {
		enum outcome holds = pattern_holds(cs->list[i].words[1], value);

		next = next_part(cs, i, end);
		run_in_doubt(r, i + 1, next, holds);
		if (holds == OUTCOME_TRUE)
			return;
	}
}

static void run_for(struct run *r, size_t i, size_t end)
{
	const struct command *c = &r->commands->list[i];
	autostrv char **values = NULL;
	size_t rounds = 0, body = i + 1;

	while (body < end && !streq(r->commands->list[body].words[0], "do"))
		body++;
	if (strv_len(c->words) >= 3 && streq(c->words[2], "in"))
		values = expand_all(&r->scope, c->words + 3);
	else if (strv_len(c->words) == 2) /* over its arguments */
		values = expand(&r->scope, "\"$@\"");
	else
		strv_add(&values, (const char[]){ EXPAND_UNKNOWN, '\0' });
	strv_foreach (value, values) {
		if (rounds++ >= ROUNDS_MAX || r->ended)
			return;
		if (c->words[1])
			scope_set(&r->scope, c->words[1], value);
		run_in_doubt(r, body + 1, end, OUTCOME_TRUE);
	}
}

/* What is read, or how often, only running would tell. */
static void run_while(struct run *r, size_t i, size_t end)
{
	size_t body = i + 1;

	while (body < end && !streq(r->commands->list[body].words[0], "do"))
		body++;
	for (size_t at = i + 1; at < body; at++) {
		char *const *words = r->commands->list[at].words;

		if (streq(words[0], "read"))
			strv_foreach (name, words + 1)
				scope_set(&r->scope, name,
					(const char[]){ EXPAND_UNKNOWN, '\0' });
	}
	run_in_doubt(r, body + 1, end, OUTCOME_UNKNOWN);
}

static void note_function(struct run *r, size_t i, size_t *ret_end)
{
	const struct commands *cs = r->commands;
	size_t begin = i + 1, end = commands_end(cs, begin);

	GROW(r->functions, r->n_functions);
	r->functions[r->n_functions++] = (struct function){
		.name = cs->list[i].words[0], .begin = begin + 1, .end = end
	};
	*ret_end = end;
}

static const struct {
	const char *word;
	void (*run)(struct run *r, size_t i, size_t end);
} structures[] = {
	{ "if", run_if },
	{ "case", run_case },
	{ "for", run_for },
	{ "select", run_while },
	{ "while", run_while },
	{ "until", run_while },
};

/* Whether the thing at i runs, by what hangs before it: "&&", "||". */
static enum outcome reached(const struct command *c, enum outcome before)
{
	const char *word = c->words[0];
	bool leaves = streq(word, "exit") || streq(word, "return") ||
		      streq(word, "continue") || streq(word, "break");

	if (c->joint == JOINT_AND)
		return before == OUTCOME_RAN ? OUTCOME_UNKNOWN : before;
	if (c->joint != JOINT_OR)
		return OUTCOME_TRUE;
	if (before == OUTCOME_DONE) /* it may fail; then it is said to be over */
		return leaves ? OUTCOME_FALSE : OUTCOME_UNKNOWN;
	/* "|| exit 1" gives up; "|| exit 0" has nothing to do. */
	if (before == OUTCOME_RAN)
		return leaves && c->words[1] && !streq(c->words[1], "0")
			       ? OUTCOME_FALSE
			       : OUTCOME_UNKNOWN;
	if (before == OUTCOME_UNKNOWN)
		return OUTCOME_UNKNOWN;
	return before == OUTCOME_TRUE ? OUTCOME_FALSE : OUTCOME_TRUE;
}

static enum outcome invert(enum outcome o)
{
	if (o == OUTCOME_TRUE)
		return OUTCOME_FALSE;
	return o == OUTCOME_FALSE ? OUTCOME_TRUE : o;
}

/* Runs what begins at *i, leaves *i at its end, and says how it ended. */
static enum outcome run_one(struct run *r, size_t *i, size_t to, enum outcome before)
{
	const struct command *c = &r->commands->list[*i];
	enum outcome reach = reached(c, before), outcome = before;
	size_t begin = *i, end = begin;
	int keep = r->doubts;

	if (commands_opens(c->words[0]))
		end = commands_end(r->commands, begin);
	end = end < to ? end : to;
	if (has_suffix(c->words[0], "()")) {
		note_function(r, begin, i);
		return OUTCOME_TRUE;
	}
	r->doubts += reach == OUTCOME_UNKNOWN;
	for (size_t s = 0; s < ARRAY_SIZE(structures); s++)
		if (streq(c->words[0], structures[s].word)) {
			*i = end;
			outcome = OUTCOME_DONE;
			if (reach != OUTCOME_FALSE)
				structures[s].run(r, begin, end);
		}
	if (streq(c->words[0], "{") || streq(c->words[0], "(")) {
		*i = end;
		if (reach != OUTCOME_FALSE)
			outcome = run_range(r, begin + 1, end);
		else
			outcome = before;
	} else if (*i == begin && reach != OUTCOME_FALSE) {
		outcome = run_command(r, c);
	}
	if (r->doubts < 1000 || keep >= 1000)
		r->doubts = keep;
	return outcome;
}

/* It goes on for longer than is looked at. */
static void too_much(struct run *r, size_t i)
{
	if (i < r->commands->n && !r->ended)
		*acts_add(r->ret) = (struct act){ .kind = ACT_UNCLEAR,
			.path = r->script->path,
			.line = r->commands->list[i].line,
			.stage = r->stage };
	r->ended = true;
}

static enum outcome run_range(struct run *r, size_t from, size_t to)
{
	enum outcome outcome = OUTCOME_TRUE;
	bool inverted = false;

	if (r->nested >= NESTED_MAX)
		too_much(r, from);
	r->nested++;
	for (size_t i = from; i < to && !r->ended; i++) {
		const char *word = r->commands->list[i].words[0];

		if (streq(word, "!")) {
			inverted = true;
			continue;
		}
		if (--*r->steps < 0)
			too_much(r, i);
		outcome = run_one(r, &i, to, outcome);
		if (inverted &&
			(i + 1 >= to || r->commands->list[i + 1].joint != JOINT_PIPE)) {
			outcome = invert(outcome);
			inverted = false;
		}
	}
	r->nested--;
	return outcome;
}

/* -- whole texts --------------------------------------------------------------------- */

static void run_entries(struct run *r)
{
	const struct script_entry *e = r->script->entries;

	for (; e && e->function; e++) {
		char *words[] = { (char *)e->function, NULL };

		r->ended = false;
		r->stage = e->stage;
		(void)run_own(r, words);
	}
}

static void read_text(const struct script *script, enum act_stage stage, const char *text,
	size_t line, char *const *args, int doubts, int depth, int *steps,
	struct acts *ret)
{
	CLEANUP(commands_done) struct commands commands = { 0 };
	struct run r = { .script = script,
		.stage = stage,
		.commands = &commands,
		.doubts = doubts > 0,
		.depth = depth,
		.steps = steps,
		.ret = ret };

	if (depth > DEPTH_MAX)
		return;
	r.scope.args = args ? strv_copy(args) : NULL;
	r.scope.args_known = args != NULL;
	commands_read(text, line, &commands);
	run_range(&r, 0, commands.n);
	run_entries(&r);
	scope_done(&r.scope);
	free(r.functions);
	free(r.cwd);
	free(r.piped);
}

void script_read(const struct script *script, const char *text, char *const *args,
	struct acts *ret)
{
	int steps = STEPS_MAX;

	read_text(script, script->stage, text, 1, args, 0, 0, &steps, ret);
}

void script_read_command(
	const struct script *script, const char *command, size_t line, struct acts *ret)
{
	char *none[] = { NULL };
	int steps = STEPS_MAX;

	read_text(script, script->stage, command, line, none, 0, 0, &steps, ret);
}

void script_read_program(
	const struct script *script, const char *command, size_t line, struct acts *ret)
{
	autobuf struct buf b = { 0 };
	char quote = '\0';

	/* What is an operator to a shell is a character like others here. */
	for (const char *s = command; *s; s++) {
		if (!quote && strchr(";&|<>()`#*?$", *s))
			buf_puts(&b, "\\");
		else if (quote ? *s == quote : *s == '"' || *s == '\'')
			quote = quote ? '\0' : *s;
		buf_add(&b, s, 1);
	}
	if (b.s)
		script_read_command(script, b.s, line, ret);
}

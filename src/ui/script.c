// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/script.h"
#include "core/base/text.h"
#include "ui/term.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#define SCRIPT_MAX ((size_t)64 << 10)

struct script {
	char *path;
	char *text;
	const char *at;
	char *name; /* of a key that is repeated, ... */
	int key; /* ... what it is, ... */
	int times; /* ... and how often it is still to come */
	bool during_work; /* after <When>, before <Then> */
	struct err err;
};

int script_open(const char *path, struct script **ret, struct err *err)
{
	autofclose FILE *f = fopen(path, "re");
	autoscript struct script *s = xcalloc(1, sizeof(*s));
	size_t n;

	if (!f)
		return err_errno(err, -errno, "The keys cannot be read from %s", path);
	s->path = xstrdup(path);
	s->text = xcalloc(SCRIPT_MAX + 1, 1);
	n = fread(s->text, 1, SCRIPT_MAX, f);
	s->text[n] = '\0';
	s->at = s->text;
	*ret = TAKE(s);
	return 0;
}

void script_freep(struct script **script)
{
	if (!*script)
		return;
	free((*script)->path);
	free((*script)->text);
	free(*script);
}

int script_result(const struct script *s, struct err *err)
{
	return s->err.code ? err_set(err, s->err.code, "%s", s->err.text) : 0;
}

static int line_of(const struct script *s)
{
	int line = 1;

	for (const char *p = s->text; p < s->at; p++)
		line += *p == '\n';
	return line;
}

static int fail(struct script *s, const char *what, const char *word)
{
	(void)err_set(&s->err, -EINVAL, "%s:%d: %s: %s", s->path, line_of(s), what, word);
	return TERM_END;
}

/* -- words in angle brackets: 0 to go on, or a key ------------------------------- */

static int save(
	struct script *s, const char *name, const char *suffix, void (*dump)(FILE *))
{
	autofree char *file = NULL;
	autofclose FILE *f = NULL;

	if (!*name || strchr(name, '/'))
		return fail(s, "not a name", name);
	file = text_printf("%s%s", name, suffix);
	f = fopen(file, "we");
	if (!f)
		return fail(s, strerror(errno), file);
	dump(f);
	return 0;
}

static int do_screen(struct script *s, const char *name)
{
	return save(s, name, ".screen", term_dump);
}

static int do_attributes(struct script *s, const char *name)
{
	return save(s, name, ".attributes", term_dump_attributes);
}

static int do_resize(struct script *s, const char *size)
{
	char *end;
	long w = strtol(size, &end, 10), h = *end == 'x' ? strtol(end + 1, &end, 10) : 0;

	if (*end || w < 1 || h < 1 || w > SCRIPT_SIZE_MAX || h > SCRIPT_SIZE_MAX)
		return fail(s, "not a size", size);
	term_resize((int)w, (int)h);
	return TERM_RESIZE;
}

static int do_shows(struct script *s, const char *text)
{
	return term_shows(text) ? 0 : fail(s, "the screen does not show", text);
}

static int do_when(struct script *s, const char *text)
{
	s->during_work = true;
	return do_shows(s, text);
}

static int do_then(struct script *s, const char *unused UNUSED)
{
	s->during_work = false;
	return 0;
}

static int do_signal(struct script *s, const char *name)
{
	int sig = streq(name, "TERM")  ? SIGTERM
		  : streq(name, "HUP") ? SIGHUP
		  : streq(name, "INT") ? SIGINT
				       : 0;

	if (!sig)
		return fail(s, "no such signal", name);
	(void)raise(sig);
	return TERM_END;
}

static const struct {
	const char *word;
	int (*act)(struct script *s, const char *argument);
} words[] = {
	{ "Screen", do_screen },
	{ "Attributes", do_attributes },
	{ "Resize", do_resize },
	{ "Shows", do_shows },
	{ "When", do_when },
	{ "Then", do_then },
	{ "Signal", do_signal },
};

static int word_run(struct script *s, char *word)
{
	char *argument = strchr(word, ' ');
	char *times = strchr(word, '*');

	if (argument)
		*argument++ = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (streq(words[i].word, word))
			return words[i].act(s, argument ?: "");
	if (times && !argument)
		*times++ = '\0';
	s->key = term_key_by_name(word);
	s->times = times ? atoi(times) : 1;
	return s->key && s->times > 0 ? 0 : fail(s, "no such word", word);
}

/* -- the reader ------------------------------------------------------------------ */

/* Past comments, line ends and blanks. */
static void skip(struct script *s)
{
	for (;;) {
		bool start = s->at == s->text || s->at[-1] == '\n';

		if (start && *s->at == '#')
			s->at += strcspn(s->at, "\n");
		else if (*s->at == '\n' || *s->at == ' ' || *s->at == '\t')
			s->at++;
		else
			return;
	}
}

static int next(struct script *s)
{
	const char *end;
	autofree char *word = NULL;

	skip(s);
	if (!*s->at)
		return TERM_END;
	if (*s->at != '<')
		return (unsigned char)*s->at++;
	end = strchr(s->at, '>');
	if (!end)
		return fail(s, "no end of", s->at);
	word = xstrndup(s->at + 1, (size_t)(end - s->at - 1));
	s->at = end + 1;
	return word_run(s, word);
}

/* While work is under way, only a <When> that came true lets keys through. */
static bool may_go_on(struct script *s)
{
	const char *text;
	autofree char *word = NULL;

	skip(s);
	text = after_prefix(s->at, "<When ");
	if (!text)
		return s->during_work && *s->at;
	word = xstrndup(text, strcspn(text, ">"));
	return term_shows(word);
}

int script_key(struct script *s, int fd)
{
	for (;;) {
		int key = 0;

		if (s->times) {
			s->times--;
			return s->key;
		}
		if (s->err.code)
			return TERM_END;
		if (fd >= 0 && !may_go_on(s)) {
			struct pollfd wait = { .fd = fd, .events = POLLIN };

			(void)poll(&wait, 1, -1);
			return TERM_FD;
		}
		key = next(s);
		if (key)
			return key;
	}
}

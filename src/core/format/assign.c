// SPDX-License-Identifier: GPL-2.0-or-later
/* Words added to a variable of a shell's configuration file, and taken out again. */
#include "core/format/assign.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/format/block.h"
#include "core/format/shell.h"
#include "core/format/kargs.h"

/* Two words of an unquoted value have a blank between them only so. */
#define UNQUOTED_BLANK "\\ "

/* Stands for what the value has before its last part: a word that begins there is not one
 * of its own. */
#define BEFORE "x"

static void edit_tail(
	char **part, const char *blank, char *const *ours, char *const *wanted)
{
	strv_foreach (word, ours)
		if (!strv_has(wanted, word))
			(void)kargs_cut(*part, blank, word);
	strv_foreach (word, wanted) {
		if (strv_has(ours, word) && kargs_in_line(*part, blank, word))
			continue;
		kargs_append(part, blank, word);
	}
}

static char *set_in_place(const char *text, const struct shell_tail *tail,
	char *const *ours, char *const *wanted)
{
	const char *before = tail->whole ? "" : BEFORE;
	autofree char *part = text_printf(
		"%s%.*s", before, (int)(tail->end - tail->start), text + tail->start);

	edit_tail(&part, tail->quoted ? WORDS_BLANK : UNQUOTED_BLANK, ours, wanted);
	return text_printf("%.*s%s%s", (int)tail->start, text, part + strlen(before),
		text + tail->end);
}

/* In a block of ours at the end of the file. */
static char *set_in_block(
	const char *text, const char *name, const char *unset, char *const *wanted)
{
	autofree char *joined = NULL, *line = NULL;

	if (!wanted)
		return block_set(text, NULL);
	joined = strv_join(wanted, " ");
	line = text_printf(
		"%s=\"%s%s %s\"\n", name, unset ? "" : "$", unset ?: name, joined);
	return block_set(text, line);
}

static bool has_words(char *const *kargs, char *const *wanted, char *const *but)
{
	strv_foreach (word, wanted)
		if (!strv_has(kargs, word) && !strv_has(but, word))
			return false;
	return true;
}

/* Whether what the variable had is there after the edit, and every wanted word; ours may
 * have gone. */
static int check_result(const char *path, const char *text,
	const struct shell_vars *before, const char *name, char *const *ours,
	char *const *wanted)
{
	CLEANUP(shell_vars_done) struct shell_vars after = { 0 };
	autostrv char **had = NULL, **has = NULL;
	const struct shell_var *old = shell_get(before, name), *new;

	if (shell_source(&after, path, text, NULL) < 0)
		return -EINVAL;
	new = shell_get(&after, name);
	had = kargs_split(old ? old->value : "");
	has = kargs_split(new ? new->value : "");
	return has_words(has, wanted, NULL) && has_words(has, had, ours) ? 0 : -EINVAL;
}

/*
 * In place, where that does: the words count then, and taking them out gives back what is
 * there without ours. A tilde before a blank is no home directory any more, and the
 * kernel's quotes may begin in one part of the value and end in another. NULL where it
 * does not do.
 */
static char *try_in_place(const char *path, const char *text, const char *name,
	char *const *ours, char *const *wanted)
{
	CLEANUP(shell_vars_done) struct shell_vars before = { 0 }, after = { 0 };
	autofree char *with = NULL, *back = NULL, *base = NULL;
	const struct shell_var *old, *new;

	if (shell_source(&before, path, text, NULL) < 0)
		return NULL;
	old = shell_get(&before, name);
	if (!old || old->appended || before.commands ||
		(old->unknown && !old->tail.quoted))
		return NULL;
	with = set_in_place(text, &old->tail, ours, wanted);
	base = set_in_place(text, &old->tail, ours, NULL);
	if (check_result(path, with, &before, name, ours, wanted) < 0 ||
		shell_source(&after, path, with, NULL) < 0)
		return NULL;
	new = shell_get(&after, name);
	back = set_in_place(with, &new->tail, wanted, NULL);
	return streq(back, base) ? TAKE(with) : NULL;
}

int shell_set(const char *path, const char *text, const char *name, const char *unset,
	char *const *ours, char *const *wanted, char **ret, struct err *err)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	autofree char *users = block_without(text), *after = NULL;
	int r = shell_source(&vars, path, users, err);

	if (r == 0 && wanted)
		r = shell_check(&vars, name, err);
	if (r < 0)
		return r;
	if (text && streq(users, text))
		after = try_in_place(path, text, name, ours, wanted);
	if (!after)
		after = set_in_block(
			text, name, shell_get(&vars, name) ? NULL : unset, wanted);
	if (after && check_result(path, after, &vars, name, ours, wanted) < 0)
		return err_set(err, -EINVAL,
			"%s sets %s in a way that words cannot be added to: write it as %s=\"...\" on a line of its own.",
			path, name, name);
	*ret = TAKE(after);
	return 0;
}

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

static int edit_tail(
	char **part, const char *blank, char *const *ours, char *const *wanted)
{
	strv_foreach (word, ours)
		if (!strv_has(wanted, word))
			(void)kargs_cut(*part, blank, word);
	strv_foreach (word, wanted) {
		if (strv_has(ours, word) && kargs_in_line(*part, blank, word))
			continue;
		if (kargs_append(part, blank, word) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int set_in_place(const char *text, const struct shell_tail *tail,
	char *const *ours, char *const *wanted, char **ret)
{
	const char *before = tail->whole ? "" : BEFORE;
	autofree char *part = NULL;

	if (text_set(&part, "%s%.*s", before, (int)(tail->end - tail->start),
		    text + tail->start) < 0)
		return -ENOMEM;
	if (edit_tail(&part, tail->quoted ? WORDS_BLANK : UNQUOTED_BLANK, ours, wanted) <
		0)
		return -ENOMEM;
	return text_set(ret, "%.*s%s%s", (int)tail->start, text, part + strlen(before),
		text + tail->end);
}

/* In a block of ours at the end of the file. */
static int set_in_block(const char *text, const char *name, const char *unset,
	char *const *wanted, char **ret)
{
	autofree char *joined = NULL, *line = NULL;

	if (!wanted)
		return block_set(text, NULL, ret);
	if (strv_join(wanted, " ", &joined) < 0)
		return -ENOMEM;
	if (text_set(&line, "%s=\"%s%s %s\"\n", name, unset ? "" : "$", unset ?: name,
		    joined) < 0)
		return -ENOMEM;
	return block_set(text, line, ret);
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
	if (kargs_split(old ? old->value : "", &had) < 0 ||
		kargs_split(new ? new->value : "", &has) < 0)
		return -ENOMEM;
	return has_words(has, wanted, NULL) && has_words(has, had, ours) ? 0 : -EINVAL;
}

/*
 * In place, where that does: the words count then, and taking them out gives back what is
 * there without ours. A tilde before a blank is no home directory any more, and the
 * kernel's quotes may begin in one part of the value and end in another. *ret is NULL
 * where it does not do.
 */
static int try_in_place(const char *path, const char *text, const char *name,
	char *const *ours, char *const *wanted, char **ret)
{
	CLEANUP(shell_vars_done) struct shell_vars before = { 0 }, after = { 0 };
	autofree char *with = NULL, *back = NULL, *base = NULL;
	const struct shell_var *old, *new;
	int r;

	*ret = NULL;
	if (shell_source(&before, path, text, NULL) < 0)
		return 0;
	old = shell_get(&before, name);
	if (!old || old->appended || before.commands ||
		(old->unknown && !old->tail.quoted))
		return 0;
	if (set_in_place(text, &old->tail, ours, wanted, &with) < 0 ||
		set_in_place(text, &old->tail, ours, NULL, &base) < 0)
		return -ENOMEM;
	r = check_result(path, with, &before, name, ours, wanted);
	if (r < 0 || shell_source(&after, path, with, NULL) < 0)
		return r == -ENOMEM ? r : 0;
	new = shell_get(&after, name);
	if (set_in_place(with, &new->tail, wanted, NULL, &back) < 0)
		return -ENOMEM;
	if (streq(back, base))
		*ret = TAKE(with);
	return 0;
}

int shell_set(const char *path, const char *text, const char *name, const char *unset,
	char *const *ours, char *const *wanted, char **ret, struct err *err)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	autofree char *users = NULL, *after = NULL;
	int r;

	if (block_without(text, &users) < 0)
		return err_oom(err);
	r = shell_source(&vars, path, users, err);
	if (r < 0)
		return r;
	if (text && streq(users, text))
		r = try_in_place(path, text, name, ours, wanted, &after);
	if (r == 0 && !after)
		r = set_in_block(text, name, shell_get(&vars, name) ? NULL : unset,
			wanted, &after);
	if (r == 0 && after)
		r = check_result(path, after, &vars, name, ours, wanted);
	if (r == -ENOMEM)
		return err_oom(err);
	if (r < 0)
		return err_set(err, -EINVAL,
			"%s sets %s in a way that words cannot be added to: write it as %s=\"...\" on a line of its own.",
			path, name, name);
	*ret = TAKE(after);
	return 0;
}

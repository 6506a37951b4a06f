// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One editor on one file, for check-corpus.py: edit-file FORMAT FILE
 *
 * A word goes in and out again, and the same bytes must be left. What it is with the word
 * is printed. Exit status 1 where that is not so, 3 where the editor refuses the file:
 * a sentence says why.
 */
#include "core/base/root.h"
#include "core/base/strv.h"
#include "core/format/array.h"
#include "core/format/assign.h"
#include "core/format/block.h"
#include "core/format/cmdlines.h"
#include "core/format/jsonlist.h"
#include "core/format/shell.h"

#define WORD "pciferry.test=1"

static const char *const word[] = { WORD, NULL };

/* The editor's text with ours gone and wanted there. */
typedef int (*editor)(const char *text, const char *format, char *const *ours,
	char *const *wanted, char **ret, struct err *err);

static int edit_cmdlines(const char *text, const char *format, char *const *ours,
	char *const *wanted, char **ret, struct err *err)
{
	const struct cmdline_edit edit = { .ours = ours, .wanted = wanted };
	size_t n;

	for (size_t i = 0; cmdline_formats[i]; i++) {
		if (!streq(cmdline_formats[i]->name, format))
			continue;
		*ret = cmdlines_set(text, cmdline_formats[i], &edit, &n);
		return n ? 0 : err_set(err, -ENOENT, "There is no command line in it.");
	}
	return err_set(err, -EINVAL, "There is no format %s.", format);
}

/* format is "shell:VARIABLE". */
static int edit_shell(const char *text, const char *format, char *const *ours,
	char *const *wanted, char **ret, struct err *err)
{
	return shell_set(
		"the file", text, strchr(format, ':') + 1, NULL, ours, wanted, ret, err);
}

/* format is "array:VARIABLE". */
static int edit_array(const char *text, const char *format, char *const *ours UNUSED,
	char *const *wanted, char **ret, struct err *err UNUSED)
{
	CLEANUP(array_done) struct array array = { 0 };
	const char *name = strchr(format, ':') + 1;
	autofree char *line = NULL;

	array_source(text, name, &array);
	if (wanted)
		line = array_append_line(&array, name, wanted);
	*ret = block_set(text, line);
	return 0;
}

static int edit_json(const char *text, const char *format, char *const *ours,
	char *const *wanted, char **ret, struct err *err)
{
	static const char *const keys[] = { "user", "kernel_options", NULL };

	(void)format;
	return json_list_set("the file", text, keys, ours, wanted, ret, err);
}

/* Lists of modules, in which our lines are a block. */
static int edit_block(const char *text, const char *format UNUSED,
	char *const *ours UNUSED, char *const *wanted, char **ret, struct err *err UNUSED)
{
	*ret = block_set(text, wanted ? WORD "\n" : NULL);
	return 0;
}

/* By the beginning of the format; a new one is a row. */
static const struct {
	const char *format;
	editor edit;
} editors[] = {
	{ "shell:", edit_shell },
	{ "array:", edit_array },
	{ "kernelstub", edit_json },
	{ "block", edit_block },
	{ "", edit_cmdlines },
};

static int check(const char *text, const char *format, char **ret, struct err *err)
{
	autofree char *with = NULL, *without = NULL;
	editor edit = NULL;
	int r;

	for (size_t i = 0; !edit; i++)
		if (after_prefix(format, editors[i].format))
			edit = editors[i].edit;
	r = edit(text, format, NULL, (char *const *)word, &with, err);
	if (r < 0)
		return r;
	if (!strstr(with, WORD))
		return err_set(err, -EBADMSG, "The word did not get in.");
	r = edit(with, format, (char *const *)word, NULL, &without, err);
	if (r < 0)
		return r;
	if (!streq_null(without, text))
		return err_set(err, -EBADMSG, "Not the same bytes are left:\n%s",
			without ?: "no file");
	*ret = TAKE(with);
	return 0;
}

int main(int argc, char **argv)
{
	autoroot struct root *root = NULL;
	autofree char *text = NULL, *with = NULL;
	struct err err = { 0 };
	int r;

	if (argc != 3) {
		(void)fputs("usage: edit-file FORMAT FILE\n", stderr);
		return 2;
	}
	r = root_open("/", &root, &err);
	if (r == 0)
		r = root_read_text(root, argv[2], &text, &err);
	if (r == 0)
		r = check(text, argv[1], &with, &err);
	if (r < 0) {
		(void)fprintf(stderr, "%s\n", err.text);
		return r == -EBADMSG ? 1 : 3;
	}
	(void)fputs(with, stdout);
	return 0;
}

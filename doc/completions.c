// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints the rows of the zsh and fish completions (doc/completion/), from the tables that
 * pciferry itself goes by: its verbs, options, methods, formats, boot loaders and
 * initramfs generators.
 */
#include "cli/options.h"
#include "cli/verbs.h"
#include "core/export/formats.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/method/method.h"
#include "core/method/methods.h"

/* What can stand for a word. The shells have a function for each kind that has a name. */
enum kind {
	ANYTHING,
	WORDS, /* those of the row */
	DIRECTORIES,
	USERS,
	GROUPS,
	DEVICES,
	CLAIMED,
	SETS,
	SETS_OR_OLDEST,
	FORMATS, /* then devices */
	N_KINDS,
};

struct values {
	const char *name; /* of an option, or of a verb */
	enum kind kind;
	const char *words; /* with blanks between */
	void (*more)(void); /* prints further words, a blank before each */
};

static void methods(void)
{
	for (size_t i = 0; method_table[i]; i++)
		printf(" %s", method_table[i]->name);
}

static void loaders(void)
{
	for (size_t i = 0; loader_table[i]; i++)
		printf(" %s", loader_table[i]->id);
}

static void generators(void)
{
	for (size_t i = 0; initramfs_table[i]; i++)
		printf(" %s", initramfs_table[i]->id);
}

static void formats(void)
{
	for (size_t i = 0; export_table[i]; i++)
		printf(" %s", export_table[i]->name);
	putchar('\n');
}

/* An option that has no row here takes anything. */
static const struct values option_values[] = {
	{ "root", DIRECTORIES, NULL, NULL },
	{ "method", WORDS, "auto", methods },
	{ "accept", WORDS,
		"disk network display input bmc sriov console collateral unknown", NULL },
	{ "user", USERS, NULL, NULL },
	{ "group", GROUPS, NULL, NULL },
	{ "acs-override", WORDS, "off downstream multifunction downstream,multifunction",
		NULL },
	{ "loader", WORDS, "", loaders },
	{ "initramfs", WORDS, "", generators },
	{ "on-conflict", WORDS, "theirs ours leave", NULL },
};

/* A verb that has no row here takes what its words say. */
static const struct values verb_values[] = {
	{ "release", CLAIMED, NULL, NULL },
	{ "prune", SETS_OR_OLDEST, NULL, NULL },
};

static const struct values *find(
	const struct values *rows, size_t n, const char *name, const struct values *none)
{
	for (size_t i = 0; i < n; i++)
		if (streq(rows[i].name, name))
			return &rows[i];
	return none;
}

static const struct values *values_of_option(const char *name)
{
	static const struct values none = { NULL, ANYTHING, NULL, NULL };

	return find(option_values, ARRAY_SIZE(option_values), name, &none);
}

static enum kind kind_of_verb(const struct verb *verb)
{
	static const struct values by_words[] = {
		{ "FORMAT", FORMATS, NULL, NULL },
		{ "DEVICE", DEVICES, NULL, NULL },
		{ "SET", SETS, NULL, NULL },
	};
	const struct values *own =
		find(verb_values, ARRAY_SIZE(verb_values), verb->name, NULL);

	if (own)
		return own->kind;
	for (size_t i = 0; i < ARRAY_SIZE(by_words); i++)
		if (strstr(verb->operands, by_words[i].name))
			return by_words[i].kind;
	return ANYTHING;
}

static void print_words(const struct values *values)
{
	fputs(values->words, stdout);
	if (values->more)
		values->more();
}

/* A text between single quotes, with a backslash before each of the characters named. */
static void print_quoted(const char *text, const char *special, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs(quote, stdout);
		else if (strchr(special, *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

/* --- zsh: specifications for _arguments, see zshcompsys(1) --- */

static const char *const zsh_functions[N_KINDS] = {
	[DIRECTORIES] = "_directories",
	[USERS] = "_users",
	[GROUPS] = "_groups",
	[DEVICES] = "_pciferry_devices",
	[CLAIMED] = "_pciferry_claimed",
	[SETS] = "_pciferry_sets",
	[SETS_OR_OLDEST] = "_pciferry_sets oldest",
	[FORMATS] = "_pciferry_formats",
};

static void zsh_option(size_t row)
{
	const struct values *values = values_of_option(option_rows[row].name);

	if (option_rows[row].letter)
		printf("    '(-%c --%s)'{-%c,--%s}'[", option_rows[row].letter,
			option_rows[row].name, option_rows[row].letter,
			option_rows[row].name);
	else
		printf("    '--%s%s[", option_rows[row].name,
			option_rows[row].arg ? "=" : "");
	print_quoted(option_rows[row].help, "[]\\", "'\\''");
	putchar(']');
	if (option_rows[row].arg)
		printf(":%s:", option_rows[row].arg);
	if (values->kind == WORDS) {
		putchar('(');
		print_words(values);
		putchar(')');
	} else if (option_rows[row].arg) {
		fputs(zsh_functions[values->kind] ?: " ", stdout);
	}
	fputs("'\n", stdout);
}

static void zsh_options(void)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (option_rows[i].help)
			zsh_option(i);
}

static void zsh_verbs(void)
{
	for (const struct verb *v = verbs; v->name; v++) {
		printf("    '%s:", v->name);
		print_quoted(v->summary, "\\", "'\\''");
		fputs("'\n", stdout);
	}
}

static void zsh_arguments(void)
{
	for (const struct verb *v = verbs; v->name; v++)
		if (zsh_functions[kind_of_verb(v)])
			printf("    %s) %s ;;\n", v->name,
				zsh_functions[kind_of_verb(v)]);
}

/* --- fish: see complete(1) there --- */

static const char *const fish_functions[N_KINDS] = {
	[DIRECTORIES] = "__fish_complete_directories",
	[USERS] = "__fish_complete_users",
	[GROUPS] = "__fish_complete_groups",
	[DEVICES] = "__pciferry_devices",
	[CLAIMED] = "__pciferry_claimed",
	[SETS] = "__pciferry_sets",
	[SETS_OR_OLDEST] = "__pciferry_sets oldest",
	[FORMATS] = "__pciferry_formats",
};

static void fish_option(size_t row)
{
	const struct values *values = values_of_option(option_rows[row].name);

	printf("complete -c pciferry -l %s", option_rows[row].name);
	if (option_rows[row].letter)
		printf(" -s %c", option_rows[row].letter);
	if (option_rows[row].arg)
		fputs(" -x", stdout);
	if (values->kind == WORDS) {
		fputs(" -a '", stdout);
		print_words(values);
		putchar('\'');
	} else if (fish_functions[values->kind]) {
		printf(" -a '(%s)'", fish_functions[values->kind]);
	}
	fputs(" -d '", stdout);
	print_quoted(option_rows[row].help, "\\", "\\'");
	fputs("'\n", stdout);
}

static void fish_options(void)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (option_rows[i].help)
			fish_option(i);
}

/* Which options have a value as a word of its own: it is not the verb. */
static void fish_takes(void)
{
	fputs("set -g __pciferry_takes", stdout);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (option_rows[i].arg)
			printf(" --%s", option_rows[i].name);
	putchar('\n');
}

static void fish_verbs(void)
{
	for (const struct verb *v = verbs; v->name; v++) {
		printf("complete -c pciferry -n '__pciferry_verb_is \"\"' -a %s -d '",
			v->name);
		print_quoted(v->summary, "\\", "\\'");
		fputs("'\n", stdout);
		if (fish_functions[kind_of_verb(v)])
			printf("complete -c pciferry -n '__pciferry_verb_is %s' -a "
			       "'(%s)'\n",
				v->name, fish_functions[kind_of_verb(v)]);
	}
}

/* --- */

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} parts[] = {
		{ "formats", formats },
		{ "zsh-options", zsh_options },
		{ "zsh-verbs", zsh_verbs },
		{ "zsh-arguments", zsh_arguments },
		{ "fish-takes", fish_takes },
		{ "fish-options", fish_options },
		{ "fish-verbs", fish_verbs },
	};

	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(parts); i++)
		if (streq(argv[1], parts[i].name)) {
			parts[i].print();
			return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
		}
	(void)fputs("usage: completions PART\n", stderr);
	return EXIT_FAILURE;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints what can be typed on pciferry's command line and what a plan may have to say,
 * for the manual page, the completions and the tests. A line a word, fields set apart by
 * tabs:
 *
 *     verb    NAME      OPERANDS  --OPTION --OPTION ...  SUMMARY
 *     option  --NAME    -LETTER   ARGUMENT               HELP
 *     value   --OPTION  VALUE     WHAT IT IS
 *     value   FORMAT    VALUE     WHAT IT IS
 *     finding NAME      ACCEPTABLE                       WHAT IT SAYS
 *
 * A verb without a name is the wizard; fields may be empty.
 */
#include "cli/options.h"
#include "core/export/formats.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/method/methods.h"
#include "core/plan/findings.h"

#define ANY 0

static const struct {
	const char *name, *arg, *help;
	char letter;
} options[] = {
#define OPTION(id, name, letter, arg, take, field, help) { name, arg, help, letter },
#include "cli/options.def"
#undef OPTION
};

static void print_verb(
	const char *name, const char *operands, unsigned taken, const char *summary)
{
	printf("verb\t%s\t%s\t", name, operands);
	for (size_t i = 0, n = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].help && (taken & 1U << i))
			printf("%s--%s", n++ ? " " : "", options[i].name);
	printf("\t%s\n", summary);
}

static void print_options(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		char letter[3] = { options[i].letter ? '-' : 0, options[i].letter };

		if (options[i].help)
			printf("option\t--%s\t%s\t%s\t%s\n", options[i].name, letter,
				options[i].arg ?: "", options[i].help);
	}
}

static void print_values(void)
{
	printf("value\t--method\tauto\tthe first that suits\n");
	for (size_t i = 0; method_table[i]; i++)
		printf("value\t--method\t%s\t%s\n", method_table[i]->name,
			method_table[i]->summary);
	for (size_t i = 0; initramfs_table[i]; i++)
		printf("value\t--initramfs\t%s\t%s\n", initramfs_table[i]->id,
			initramfs_table[i]->title);
	for (size_t i = 0; export_table[i]; i++)
		printf("value\tFORMAT\t%s\t%s\n", export_table[i]->name,
			export_table[i]->summary);
}

static void print_findings(void)
{
	for (size_t i = 0; i < N_FOUND; i++)
		if (finding_rows[i].acceptable)
			printf("value\t--accept\t%s\t%s\n", finding_rows[i].acceptable,
				finding_rows[i].line);
	for (size_t i = 0; i < N_FOUND; i++)
		printf("finding\t%s\t%s\t%s\n", finding_rows[i].name,
			finding_rows[i].acceptable ?: "", finding_rows[i].line);
}

int main(void)
{
	print_verb("", "", TAKES_WIZARD, "the wizard");
#define VERB(name, operands, least, most, options, summary)                              \
	print_verb(#name, operands, TAKES_VERB | (options), summary);
#include "cli/verbs.def"
#undef VERB
	print_options();
	print_values();
	print_findings();
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

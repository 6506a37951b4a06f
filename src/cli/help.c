// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.h"
#include "cli/options.h"
#include "cli/verbs.h"
#include "core/export/formats.h"
#include "core/method/methods.h"

#define EVERYTHING (~0U)

static void print_row(const char *name, const char *argument, const char *text)
{
	char left[64];

	(void)snprintf(left, sizeof(left), "%s%s%s", name,
		argument && argument[0] ? " " : "", argument ?: "");
	printf("  %-24s %s\n", left, text);
}

static void print_verbs(void)
{
	printf("\nVerbs:\n");
	for (const struct verb *v = verbs; v->name; v++)
		print_row(v->name, v->operands, v->summary);
}

/* Where only one verb takes the option, all of --help says which. */
static const char *only_taker(size_t option)
{
	const char *found = NULL;

	for (const struct verb *v = verbs; v->name; v++)
		if (v->options & 1U << option) {
			if (found)
				return NULL;
			found = v->name;
		}
	return found;
}

static void print_options(unsigned taken)
{
	printf("\nOptions:\n");
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];
		const char *only = taken == EVERYTHING ? only_taker(i) : NULL;
		char name[32], text[128];

		(void)snprintf(name, sizeof(name), "--%s", row->name);
		(void)snprintf(text, sizeof(text), "%s%s%s", only ?: "", only ? ": " : "",
			row->help ?: "");
		if (row->help && (taken & 1U << i))
			print_row(name, row->arg, text);
	}
}

static void print_methods(void)
{
	printf("\nMethods:\n");
	for (size_t i = 0; method_table[i]; i++)
		print_row(method_table[i]->name, NULL, method_table[i]->summary);
}

static void print_formats(void)
{
	printf("\nFormats:\n");
	for (size_t i = 0; export_table[i]; i++)
		print_row(export_table[i]->name, NULL, export_table[i]->summary);
}

static void print_device(void)
{
	printf("\nA DEVICE is an address (0000:01:00.0, 01:00.0) or a unique ID (10de:2684).\n"
	       "With it goes every endpoint of its IOMMU group.\n");
}

static void print_verb(const struct verb *v)
{
	printf("Usage: pciferry [OPTION...] %s%s%s\n\n%s: %s\n", v->name,
		v->operands[0] ? " " : "", v->operands, v->name, v->summary);
	if (strstr(v->operands, "DEVICE"))
		print_device();
	print_options(v->options);
	if (v->options & TAKES_METHOD)
		print_methods();
	if (strstr(v->operands, "FORMAT"))
		print_formats();
}

static void print_all(void)
{
	printf("Usage: pciferry [OPTION...]                 the wizard\n"
	       "       pciferry [OPTION...] VERB [ARG...]\n"
	       "       pciferry VERB --help                 what a verb takes\n\n"
	       "Hands PCI devices to virtual machines (VFIO) and takes them back.\n");
	print_verbs();
	print_device();
	print_options(EVERYTHING);
	print_methods();
	print_formats();
	printf("\nExit status: 0 done, 1 failed (and put back), 2 usage, 3 refused, 4 not as expected.\n"
	       "One boot with the host's own drivers: add these words at the boot menu:\n"
	       "  pciferry.off module_blacklist=vfio_pci\n");
}

void help_print(const struct verb *verb)
{
	if (verb)
		print_verb(verb);
	else
		print_all();
}

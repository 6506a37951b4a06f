// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/print.h"
#include "core/base/strv.h"
#include "core/export/export.h"
#include "core/export/formats.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/method/method.h"
#include "core/method/methods.h"

#include <getopt.h>
#include <limits.h>
#include <stdarg.h>

const struct verb verbs[] = {
	{ "list", "", "groups and devices, what has them, what can go", 0, 0, verb_list },
	{ "check", "", "is this host ready to hand devices over?", 0, 0, verb_check },
	{ "plan", "[DEVICE...]", "what apply would do; changes nothing", 0, SIZE_MAX,
		verb_plan },
	{ "apply", "[DEVICE...]", "hand devices over from the next boot on", 0, SIZE_MAX,
		verb_apply },
	{ "release", "DEVICE...", "give devices back to the host", 1, SIZE_MAX,
		verb_release },
	{ "bind", "DEVICE...", "hand devices over now, until the next boot", 1, SIZE_MAX,
		verb_bind },
	{ "unbind", "DEVICE...", "give devices back now, until the next boot", 1,
		SIZE_MAX, verb_unbind },
	{ "vfs", "DEVICE NUMBER",
		"have so many virtual functions (SR-IOV), now and later", 2, 2,
		verb_vfs },
	{ "export", "FORMAT DEVICE...", "lines for a virtual machine's configuration", 2,
		SIZE_MAX, verb_export },
	{ "undo", "[SET]", "put the files of a set back, the newest if none is named", 0,
		1, verb_undo },
	{ "finish", "", "go on with a set that was cut short", 0, 0, verb_finish },
	{ "prune", "[SET...]", "remove sets that are not in force, for good", 0, SIZE_MAX,
		verb_prune },
	{ "history", "[SET]", "the backup sets, oldest first; what one of them changed",
		0, 1, verb_history },
	{ "verify", "", "after the reboot: did what was promised come true?", 0, 0,
		verb_verify },
	{ "repair", "", "point claims at where their devices are now", 0, 0,
		verb_repair },
	{ NULL, NULL, NULL, 0, 0, NULL },
};

static enum exit_status usage(const char *fmt, ...) PRINTF(1, 2);
static enum exit_status usage(const char *fmt, ...)
{
	va_list ap;

	(void)fputs("pciferry: ", stderr);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputs(" See pciferry --help.\n", stderr);
	return EXIT_USAGE;
}

/*
 * How the value of an option is taken: at is where it goes, arg its argument or NULL.
 * GO_ON, or the status to leave with.
 */
#define GO_ON (-1)
static int take_help(void *at, const char *arg);

static int take_version(void *at UNUSED, const char *arg UNUSED)
{
	puts(PACKAGE_STRING);
	return EXIT_DONE;
}

static int take_flag(void *at, const char *arg UNUSED)
{
	*(bool *)at = true;
	return GO_ON;
}

static int take_word(void *at, const char *arg)
{
	*(const char **)at = arg;
	return GO_ON;
}

static int take_names(void *at, const char *arg)
{
	return strv_add((char ***)at, arg) < 0 ? EXIT_FAILED : GO_ON;
}

static int take_side(void *at, const char *arg)
{
	static const char *const args[] = {
		[RESOLVE_THEIRS] = "theirs",
		[RESOLVE_OURS] = "ours",
		[RESOLVE_LEAVE] = "leave",
	};

	for (size_t i = RESOLVE_THEIRS; i < ARRAY_SIZE(args); i++)
		if (streq(args[i], arg)) {
			*(enum resolution *)at = (enum resolution)i;
			return GO_ON;
		}
	return usage("--on-conflict takes theirs, ours or leave.");
}

#define FLAG(field) take_flag, offsetof(struct options, field)
#define WORD(field) take_word, offsetof(struct options, field)

/* One table: getopt's, and the help's. A row without help is not shown. */
static const struct {
	const char *name;
	int letter; /* 0: only the long name */
	const char *arg; /* NULL: takes none */
	int (*take)(void *at, const char *arg);
	size_t at; /* in struct options */
	const char *help;
} table[] = {
	{ "demo", 0, NULL, FLAG(demo), "use a private copy of the built-in sample host" },
	{ "root", 0, "DIR", WORD(root), "act on the host under DIR" },
	{ "json", 0, NULL, FLAG(json), "print JSON" },
	{ "method", 0, "M", WORD(method), "auto (the default), or one of those below" },
	{ "accept", 0, "NAME", take_names, offsetof(struct options, accepted),
		"hand over a device although the host needs it as NAME" },
	{ "user", 0, "NAME", WORD(user),
		"let this user have the devices too; - takes it back" },
	{ "group", 0, "NAME", WORD(group), "the same for a group of users" },
	{ "memory", 0, "SIZE", WORD(memory),
		"how much a guest of theirs has, such as 16G: they may lock it" },
	{ "iommu-pt", 0, NULL, FLAG(iommu_pt),
		"add iommu=pt: less work for the IOMMU on the host's own devices" },
	{ "acs-override", 0, "V", WORD(acs_override),
		"add pcie_acs_override=V, or with off take it out: see the manual" },
	{ "clean", 0, NULL, FLAG(clean),
		"take out args and lines of yours that do nothing" },
	{ "iommu-on", 0, NULL, FLAG(iommu_on),
		"turn the IOMMU on: add the word it needs, take out those against it" },
	{ "loader", 0, "ID", WORD(loader),
		"the boot loader, where several could be it (see check)" },
	{ "initramfs", 0, "ID", WORD(initramfs),
		"what makes the initramfs, where several could (see check)" },
	{ "no-run", 0, NULL, FLAG(no_run), "write the files, only list the commands" },
	{ "only", 0, NULL, FLAG(only), "export: just these devices, not their groups" },
	{ "rescan", 0, NULL, FLAG(rescan),
		"unbind: remove the device and look for it anew" },
	{ "on-conflict", 0, "SIDE", take_side, offsetof(struct options, on_conflict),
		"lines others changed since: theirs, ours, or leave the file" },
	{ "yes", 'y', NULL, FLAG(yes), "do not ask" },
	{ "quiet", 0, NULL, FLAG(quiet), "verify: print only what is not as expected" },
	{ "ascii", 0, NULL, FLAG(ascii), "draw with ASCII characters only" },
	{ "keys", 0, "FILE", WORD(keys_script), NULL },
	{ "help", 'h', NULL, take_help, 0, "show this help" },
	{ "version", 'V', NULL, take_version, 0, "show the version" },
};

#define HELP_ROW "  %-24s %s\n"

static void print_tables(void)
{
	printf("\nMethods:\n");
	for (size_t i = 0; method_table[i]; i++)
		printf(HELP_ROW, method_table[i]->name, method_table[i]->summary);
	printf("\nFormats:\n");
	for (size_t i = 0; export_table[i]; i++)
		printf(HELP_ROW, export_table[i]->name, export_table[i]->summary);
}

static int take_help(void *at UNUSED, const char *arg UNUSED)
{
	printf("Usage: pciferry [OPTION...]                 the wizard\n"
	       "       pciferry [OPTION...] VERB [ARG...]\n\n"
	       "Hands PCI devices to virtual machines (VFIO) and takes them back.\n\n"
	       "Verbs:\n");
	for (const struct verb *v = verbs; v->name; v++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "%s %s", v->name, v->operands);
		printf(HELP_ROW, left, v->summary);
	}
	printf("\nA DEVICE is an address (0000:01:00.0, 01:00.0) or a unique ID (10de:2684).\n"
	       "With it goes every endpoint of its IOMMU group.\n\nOptions:\n");
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "--%s%s%s", table[i].name,
			table[i].arg ? " " : "", table[i].arg ?: "");
		if (table[i].help)
			printf(HELP_ROW, left, table[i].help);
	}
	print_tables();
	printf("\nExit status: 0 done, 1 failed (and put back), 2 usage, 3 refused, 4 not as expected.\n"
	       "One boot with the host's own drivers: add these args at the boot menu:\n"
	       "  pciferry.off module_blacklist=vfio_pci\n");
	return EXIT_DONE;
}

static enum exit_status take_verb(struct options *o, char *const *args)
{
	size_t n;

	if (!args[0])
		return o->json ? usage("--json goes with a verb.") : EXIT_DONE;
	for (const struct verb *v = verbs; v->name; v++)
		if (streq(v->name, args[0]))
			o->verb = v;
	if (!o->verb)
		return usage("there is no verb \"%s\".", args[0]);
	o->args = args + 1;
	n = strv_len(o->args);
	if (n < o->verb->args_min)
		return usage("%s needs %s.", o->verb->name, o->verb->operands);
	if (n > o->verb->args_max)
		return usage("%s takes no argument \"%s\".", o->verb->name,
			args[o->verb->args_max + 1]);
	return EXIT_DONE;
}

static bool name_or_none(const char *name)
{
	return !name || streq(name, "-") || claim_account_valid(name);
}

static enum exit_status check_access(const struct options *o)
{
	unsigned long mib;

	if (o->user && o->group)
		return usage("--user and --group exclude each other.");
	if (!name_or_none(o->user) || !name_or_none(o->group))
		return usage(
			"\"%s\" is no name of a user or group.", o->user ?: o->group);
	if (o->memory && !streq(o->memory, "-") && !claims_parse_memory(o->memory, &mib))
		return usage("--memory takes a size such as 16G or 512M, not \"%s\".",
			o->memory);
	return EXIT_DONE;
}

static enum exit_status check(const struct options *o)
{
	if (o->demo && o->root)
		return usage("--demo and --root exclude each other.");
	if (o->method && !streq(o->method, "auto") && !method_find(o->method))
		return usage("there is no method \"%s\".", o->method);
	if (o->acs_override && !streq(o->acs_override, "off") &&
		!acs_override_valid(o->acs_override))
		return usage(
			"--acs-override takes downstream, multifunction and id:VVVV:DDDD, with commas between, or off; not \"%s\".",
			o->acs_override);
	if (o->loader && !loader_known(o->loader))
		return usage("there is no boot loader \"%s\".", o->loader);
	if (o->initramfs && !initramfs_known(o->initramfs))
		return usage("there is no initramfs generator \"%s\".", o->initramfs);
	return check_access(o);
}

/* What getopt_long() returns for a row. */
static int key_of(size_t row)
{
	return table[row].letter ?: UCHAR_MAX + 1 + (int)row;
}

static int take_option(int key, struct options *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (key == key_of(i))
			return table[i].take((char *)o + table[i].at, optarg);
	(void)fputs("See pciferry --help.\n", stderr); /* getopt has said what is wrong */
	return EXIT_USAGE;
}

enum exit_status options_parse(int argc, char **argv, struct options *ret, bool *ret_exit)
{
	struct option longs[ARRAY_SIZE(table) + 1] = { 0 };
	enum exit_status status;
	int key, taken;

	*ret = (struct options){ 0 };
	*ret_exit = true;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		longs[i] = (struct option){ .name = table[i].name,
			.has_arg = table[i].arg ? required_argument : no_argument,
			.val = key_of(i) };
	while ((key = getopt_long(argc, argv, "hVy", longs, NULL)) != -1) {
		taken = take_option(key, ret);
		if (taken != GO_ON)
			return (enum exit_status)taken;
	}
	status = take_verb(ret, argv + optind);
	if (status == EXIT_DONE)
		status = check(ret);
	*ret_exit = status != EXIT_DONE;
	return status;
}

void options_done(struct options *options)
{
	strv_free(options->accepted);
}

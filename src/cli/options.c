// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/print.h"
#include "core/base/strv.h"
#include "core/export/export.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/method/method.h"

#include <getopt.h>
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
	{ "history", "", "the backup sets, oldest first", 0, 0, verb_history },
	{ "verify", "", "after the reboot: did what was promised come true?", 0, 0,
		verb_verify },
	{ "repair", "", "point claims at where their devices are now", 0, 0,
		verb_repair },
	{ NULL, NULL, NULL, 0, 0, NULL },
};

enum {
	OPT_DEMO = 256,
	OPT_ROOT,
	OPT_JSON,
	OPT_METHOD,
	OPT_ACCEPT,
	OPT_NO_RUN,
	OPT_IOMMU_PT,
	OPT_ACS_OVERRIDE,
	OPT_CLEAN,
	OPT_IOMMU_ON,
	OPT_RESCAN,
	OPT_QUIET,
	OPT_ONLY,
	OPT_ON_CONFLICT,
	OPT_LOADER,
	OPT_INITRAMFS,
	OPT_USER,
	OPT_GROUP,
	OPT_MEMORY,
	OPT_ASCII,
	OPT_KEYS
};

/* One table: getopt's, and the help's. A row without help is not shown. */
static const struct {
	const char *name;
	int has_arg, key;
	const char *arg, *help;
} table[] = {
	{ "demo", no_argument, OPT_DEMO, "",
		"use a private copy of the built-in sample host" },
	{ "root", required_argument, OPT_ROOT, "DIR", "act on the host under DIR" },
	{ "json", no_argument, OPT_JSON, "", "print JSON" },
	{ "method", required_argument, OPT_METHOD, "M",
		"auto (the default), or one of those below" },
	{ "accept", required_argument, OPT_ACCEPT, "NAME",
		"hand over a device although the host needs it as NAME" },
	{ "user", required_argument, OPT_USER, "NAME",
		"let this user have the devices too; - takes it back" },
	{ "group", required_argument, OPT_GROUP, "NAME",
		"the same for a group of users" },
	{ "memory", required_argument, OPT_MEMORY, "SIZE",
		"how much a guest of theirs has, such as 16G: they may lock it" },
	{ "iommu-pt", no_argument, OPT_IOMMU_PT, "",
		"add iommu=pt: less work for the IOMMU on the host's own devices" },
	{ "acs-override", required_argument, OPT_ACS_OVERRIDE, "V",
		"add pcie_acs_override=V, or with off take it out: see the manual" },
	{ "clean", no_argument, OPT_CLEAN, "",
		"take out words and lines of yours that do nothing" },
	{ "iommu-on", no_argument, OPT_IOMMU_ON, "",
		"turn the IOMMU on, also before any device is chosen" },
	{ "loader", required_argument, OPT_LOADER, "ID",
		"the boot loader, where several could be it (see check)" },
	{ "initramfs", required_argument, OPT_INITRAMFS, "ID",
		"what makes the initramfs, where several could (see check)" },
	{ "no-run", no_argument, OPT_NO_RUN, "",
		"write the files, only list the commands" },
	{ "only", no_argument, OPT_ONLY, "",
		"export: just these devices, not their groups" },
	{ "rescan", no_argument, OPT_RESCAN, "",
		"unbind: remove the device and look for it anew" },
	{ "on-conflict", required_argument, OPT_ON_CONFLICT, "SIDE",
		"lines others changed since: theirs, ours, or leave the file" },
	{ "yes", no_argument, 'y', "", "do not ask" },
	{ "quiet", no_argument, OPT_QUIET, "",
		"verify: print only what is not as expected" },
	{ "ascii", no_argument, OPT_ASCII, "", "draw with ASCII characters only" },
	{ "keys", required_argument, OPT_KEYS, "FILE", NULL },
	{ "help", no_argument, 'h', "", "show this help" },
	{ "version", no_argument, 'V', "", "show the version" },
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

static void print_help(void)
{
	printf("Usage: pciferry [OPTION...]                 the wizard\n"
	       "       pciferry [OPTION...] VERB [ARG...]\n\n"
	       "Hands PCI devices to virtual machines (VFIO) and takes them back.\n\n"
	       "Verbs:\n");
	for (const struct verb *v = verbs; v->name; v++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "%s %s", v->name, v->words);
		printf(HELP_ROW, left, v->summary);
	}
	printf("\nA DEVICE is an address (0000:01:00.0, 01:00.0) or a unique ID "
	       "(10de:2684).\n"
	       "With it goes every endpoint of its IOMMU group.\n\nOptions:\n");
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "--%s%s%s", table[i].name,
			table[i].has_arg ? " " : "", table[i].arg);
		if (table[i].help)
			printf(HELP_ROW, left, table[i].help);
	}
	print_tables();
	printf("\nExit status: 0 done, 1 failed (and put back), 2 usage, 3 refused, 4 "
	       "not as expected.\n"
	       "One boot with the host's own drivers: add these words at the boot menu:\n"
	       "  pciferry.off module_blacklist=vfio_pci\n");
}

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

/* false where there is no such side. */
static bool take_side(const char *word, enum resolution *ret)
{
	static const char *const words[] = {
		[RESOLVE_THEIRS] = "theirs",
		[RESOLVE_OURS] = "ours",
		[RESOLVE_LEAVE] = "leave",
	};

	for (size_t i = RESOLVE_THEIRS; i < ARRAY_SIZE(words); i++)
		if (streq(words[i], word)) {
			*ret = (enum resolution)i;
			return true;
		}
	return false;
}

/* false where the program is to leave with *status. */
static bool take_option(int key, struct options *o, enum exit_status *status)
{
	switch (key) {
	case OPT_DEMO:
		return o->demo = true;
	case OPT_ROOT:
		o->root = optarg;
		return true;
	case OPT_JSON:
		return o->json = true;
	case OPT_METHOD:
		o->method = optarg;
		return true;
	case OPT_ACCEPT:
		if (strv_add(&o->accepted, optarg) == 0)
			return true;
		*status = EXIT_FAILED;
		return false;
	case OPT_IOMMU_PT:
		return o->iommu_pt = true;
	case OPT_CLEAN:
		return o->clean = true;
	case OPT_ACS_OVERRIDE:
		o->acs_override = optarg;
		return true;
	case OPT_IOMMU_ON:
		return o->iommu_on = true;
	case OPT_QUIET:
		return o->quiet = true;
	case OPT_LOADER:
		o->loader = optarg;
		return true;
	case OPT_INITRAMFS:
		o->initramfs = optarg;
		return true;
	case OPT_NO_RUN:
		return o->no_run = true;
	case OPT_RESCAN:
		return o->rescan = true;
	case OPT_USER:
		o->user = optarg;
		return true;
	case OPT_GROUP:
		o->group = optarg;
		return true;
	case OPT_MEMORY:
		o->memory = optarg;
		return true;
	case OPT_ONLY:
		return o->only = true;
	case OPT_ON_CONFLICT:
		if (take_side(optarg, &o->on_conflict))
			return true;
		*status = usage("--on-conflict takes theirs, ours or leave.");
		return false;
	case OPT_ASCII:
		return o->ascii = true;
	case OPT_KEYS:
		o->keys_script = optarg;
		return true;
	case 'y':
		return o->yes = true;
	case 'h':
		print_help();
		*status = EXIT_DONE;
		return false;
	case 'V':
		puts(PACKAGE_STRING);
		*status = EXIT_DONE;
		return false;
	default: /* getopt has said what is wrong */
		(void)fputs("See pciferry --help.\n", stderr);
		*status = EXIT_USAGE;
		return false;
	}
}

static enum exit_status take_verb(struct options *o, char *const *words)
{
	size_t n;

	if (!words[0])
		return o->json ? usage("--json goes with a verb.") : EXIT_DONE;
	for (const struct verb *v = verbs; v->name; v++)
		if (streq(v->name, words[0]))
			o->verb = v;
	if (!o->verb)
		return usage("there is no verb \"%s\".", words[0]);
	o->words = words + 1;
	n = strv_len(o->words);
	if (n < o->verb->words_min)
		return usage("%s needs %s.", o->verb->name, o->verb->words);
	if (n > o->verb->words_max)
		return usage("%s takes no argument \"%s\".", o->verb->name,
			words[o->verb->words_max + 1]);
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
		return usage("--acs-override takes downstream, multifunction and "
			     "id:VVVV:DDDD, with commas between, or off; not \"%s\".",
			o->acs_override);
	if (o->loader && !loader_known(o->loader))
		return usage("there is no boot loader \"%s\".", o->loader);
	if (o->initramfs && !initramfs_known(o->initramfs))
		return usage("there is no initramfs generator \"%s\".", o->initramfs);
	return check_access(o);
}

enum exit_status options_parse(int argc, char **argv, struct options *ret, bool *ret_exit)
{
	struct option longs[ARRAY_SIZE(table) + 1] = { 0 };
	enum exit_status status = EXIT_DONE;
	int key;

	*ret = (struct options){ 0 };
	*ret_exit = true;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		longs[i] = (struct option){ table[i].name, table[i].has_arg, NULL,
			table[i].key };
	while ((key = getopt_long(argc, argv, "hVy", longs, NULL)) != -1)
		if (!take_option(key, ret, &status))
			return status;
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

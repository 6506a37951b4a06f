// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"
#include "cli/help.h"
#include "cli/usage.h"
#include "cli/verbs.h"
#include "core/base/strv.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/method/method.h"
#include "core/method/methods.h"

#include <getopt.h>
#include <limits.h>

static enum exit_status take_flag(void *field, const char *arg UNUSED)
{
	*(bool *)field = true;
	return EXIT_DONE;
}

static enum exit_status take_word(void *field, const char *arg)
{
	*(const char **)field = arg;
	return EXIT_DONE;
}

static enum exit_status take_names(void *field, const char *arg)
{
	strv_add((char ***)field, arg);
	return EXIT_DONE;
}

static enum exit_status take_side(void *field, const char *arg)
{
	static const char *const sides[] = {
		[RESOLVE_THEIRS] = "theirs",
		[RESOLVE_OURS] = "ours",
		[RESOLVE_LEAVE] = "leave",
	};

	for (size_t i = RESOLVE_THEIRS; i < ARRAY_SIZE(sides); i++)
		if (streq(sides[i], arg)) {
			*(enum resolution *)field = (enum resolution)i;
			return EXIT_DONE;
		}
	return usage("--on-conflict takes theirs, ours or leave.");
}

const struct option_row option_rows[N_OPTIONS] = {
#define OPTION(id, name, letter, arg, take, field, help)                                 \
	{ name, letter, arg, take, offsetof(struct options, field), help },
#include "cli/options.def"
#undef OPTION
};

static enum exit_status find_verb(struct options *o, char *const *args)
{
	struct nearest nearest = { .word = args[0] };

	if (!args[0])
		return EXIT_DONE;
	for (const struct verb *v = verbs; v->name; v++) {
		if (streq(v->name, args[0]))
			o->verb = v;
		nearest_try(&nearest, v->name);
	}
	o->args = args + 1;
	return o->verb ? EXIT_DONE : usage_unknown("verb", &nearest);
}

/* The verbs that take it, for a sentence: "plan, apply"; "a verb" for all of them. */
static char *takers(enum option_id id)
{
	autostrv char **names = NULL;
	bool all = true;

	for (const struct verb *v = verbs; v->name; v++)
		if (!(v->options & 1U << id))
			all = false;
		else
			strv_add(&names, v->name);
	if (all || !names) {
		strv_free(TAKE(names));
		strv_add(&names, all ? "a verb" : "the wizard");
	}
	return strv_join(names, ", ");
}

/* An option that does nothing here is not passed over: whoever gave it meant something.
 */
static enum exit_status check_taken(const struct options *o)
{
	unsigned foreign = o->given & ~(o->verb ? o->verb->options : TAKES_WIZARD);
	autofree char *who = NULL;
	enum option_id id = 0;

	if (!foreign)
		return EXIT_DONE;
	while (!(foreign & 1U << id))
		id++;
	who = takers(id);
	return usage("--%s goes with %s, not with %s.", option_rows[id].name, who,
		o->verb ? o->verb->name : "the wizard");
}

static enum exit_status check_operands(const struct options *o)
{
	const struct verb *v = o->verb;
	size_t n = v ? strv_len(o->args) : 0;

	if (v && n < v->least)
		return usage("%s needs %s.", v->name, v->operands);
	if (v && n > v->most)
		return usage("%s takes no argument \"%s\".", v->name, o->args[v->most]);
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

static enum exit_status check_method(const struct options *o)
{
	struct nearest nearest = { .word = o->method };

	if (!o->method || streq(o->method, "auto") || method_find(o->method))
		return EXIT_DONE;
	nearest_try(&nearest, "auto");
	for (size_t i = 0; method_table[i]; i++)
		nearest_try(&nearest, method_table[i]->name);
	return usage_unknown("method", &nearest);
}

static enum exit_status check_loader(const struct options *o)
{
	struct nearest nearest = { .word = o->loader };

	if (!o->loader || loader_known(o->loader))
		return EXIT_DONE;
	for (size_t i = 0; loader_table[i]; i++)
		nearest_try(&nearest, loader_table[i]->id);
	return usage_unknown("boot loader", &nearest);
}

static enum exit_status check_initramfs(const struct options *o)
{
	struct nearest nearest = { .word = o->initramfs };

	if (!o->initramfs || initramfs_known(o->initramfs))
		return EXIT_DONE;
	for (size_t i = 0; initramfs_table[i]; i++)
		nearest_try(&nearest, initramfs_table[i]->id);
	return usage_unknown("initramfs generator", &nearest);
}

static enum exit_status check_rest(const struct options *o)
{
	if (o->demo && o->root)
		return usage("--demo and --root exclude each other.");
	if (o->acs_override && !streq(o->acs_override, "off") &&
		!acs_override_valid(o->acs_override))
		return usage(
			"--acs-override takes downstream, multifunction and id:VVVV:DDDD, with commas between, or off; not \"%s\".",
			o->acs_override);
	return EXIT_DONE;
}

static enum exit_status check(const struct options *o)
{
	static enum exit_status (*const checks[])(const struct options *o) = {
		check_taken,
		check_operands,
		check_method,
		check_loader,
		check_initramfs,
		check_access,
		check_rest,
	};
	enum exit_status status = EXIT_DONE;

	for (size_t i = 0; status == EXIT_DONE && i < ARRAY_SIZE(checks); i++)
		status = checks[i](o);
	return status;
}

/* What getopt_long() returns for a row. */
static int key_of(size_t row)
{
	return option_rows[row].letter ?: UCHAR_MAX + 1 + (int)row;
}

/* key is '?' or ':', optopt what it is about, word where it stands. */
static enum exit_status not_taken(int key, const char *word)
{
	char typed[64], name[N_OPTIONS][32];
	struct nearest nearest = { .word = typed };

	(void)snprintf(typed, sizeof(typed), "%.*s", (int)strcspn(word, "="), word);
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];

		if (optopt == key_of(i))
			return key == ':' ? usage("--%s needs %s.", row->name, row->arg)
					  : usage("--%s takes no value.", row->name);
		(void)snprintf(name[i], sizeof(name[i]), "--%s", row->name);
		if (row->help && !optopt)
			nearest_try(&nearest, name[i]);
	}
	if (!optopt)
		return usage_unknown("option", &nearest);
	return usage("there is no option \"-%c\".", optopt);
}

static enum exit_status take_option(int key, const char *word, struct options *o)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (key == key_of(i)) {
			o->given |= 1U << i;
			return option_rows[i].take(
				(char *)o + option_rows[i].field, optarg);
		}
	return not_taken(key, word);
}

static enum exit_status take_options(int argc, char **argv, struct options *o)
{
	struct option longs[N_OPTIONS + 1] = { 0 };
	enum exit_status status = EXIT_DONE;
	int key;

	for (size_t i = 0; i < N_OPTIONS; i++)
		longs[i] = (struct option){ .name = option_rows[i].name,
			.has_arg = option_rows[i].arg ? required_argument : no_argument,
			.val = key_of(i) };
	while (status == EXIT_DONE &&
		(key = getopt_long(argc, argv, ":hVy", longs, NULL)) != -1)
		status = take_option(key, argv[optind - 1], o);
	return status;
}

enum exit_status options_parse(int argc, char **argv, struct options *ret, bool *ret_exit)
{
	enum exit_status status;

	*ret = (struct options){ 0 };
	*ret_exit = true;
	status = take_options(argc, argv, ret);
	if (status == EXIT_DONE && ret->version)
		return puts(PACKAGE_STRING), EXIT_DONE;
	if (status == EXIT_DONE)
		status = find_verb(ret, argv + optind);
	if (status == EXIT_DONE && ret->help)
		return help_print(ret->verb), EXIT_DONE;
	if (status == EXIT_DONE)
		status = check(ret);
	*ret_exit = status != EXIT_DONE;
	return status;
}

void options_done(struct options *options)
{
	strv_free(options->accepted);
}

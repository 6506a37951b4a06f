/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options: one table, options.def; and which of them go with what. */
#pragma once

#include "cli/cli.h"

enum option_id {
#define OPTION(id, ...) OPTION_##id,
#include "cli/options.def"
#undef OPTION
	N_OPTIONS,
};

/* Sets of them, for the rows of verbs.def. */
enum {
#define OPTION(id, ...) TAKES_##id = 1 << OPTION_##id,
#include "cli/options.def"
#undef OPTION
	TAKES_ALWAYS = TAKES_DEMO | TAKES_ROOT | TAKES_HELP | TAKES_VERSION,
	TAKES_VERB = TAKES_ALWAYS | TAKES_JSON, /* every verb */
	TAKES_WIZARD = TAKES_ALWAYS | TAKES_NO_RUN | TAKES_ASCII | TAKES_KEYS,
	/* Whatever makes a plan of files; what it says of the devices it names; what
	 * writes. */
	TAKES_PLANNING = TAKES_ACCEPT | TAKES_IOMMU_PT | TAKES_ACS_OVERRIDE |
			 TAKES_CLEAN | TAKES_IOMMU_ON | TAKES_LOADER | TAKES_INITRAMFS,
	TAKES_ACCESS = TAKES_USER | TAKES_GROUP | TAKES_MEMORY,
	TAKES_WRITING = TAKES_NO_RUN | TAKES_YES,
};
_Static_assert(N_OPTIONS < 31, "a set of options is an int");

struct option_row {
	const char *name;
	int letter; /* 0: only the long name */
	const char *arg; /* NULL: takes none */
	/* Takes the argument (or NULL) into the field; EXIT_DONE, or why not was said. */
	enum exit_status (*take)(void *field, const char *arg);
	size_t field; /* in struct options */
	const char *help; /* NULL: in no list */
};

extern const struct option_row option_rows[N_OPTIONS];

/* Reads the arguments. EXIT_DONE to go on; *ret_exit tells the caller to leave at once,
 * with the status returned (after --help, --version, and every mistake). */
enum exit_status options_parse(
	int argc, char **argv, struct options *ret, bool *ret_exit);
void options_done(struct options *options);

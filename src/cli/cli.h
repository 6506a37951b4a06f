/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: options, verbs and their exit statuses. */
#pragma once

#include "backup/backup.h"
#include "core/base/root.h"

/* DESIGN: what scripts rely on. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* and put back */
	EXIT_USAGE = 2,
	EXIT_REFUSED = 3, /* not ready, not root, or a lifeline */
	EXIT_UNEXPECTED = 4, /* not as expected */
};

struct verb;

struct options {
	const char *root; /* NULL: "/" */
	const struct verb *verb; /* NULL: the wizard */
	char *const *args; /* after the verb, ended by NULL; borrowed from argv */
	const char *method;
	const char *acs_override; /* "off": not any more; NULL: as it is */
	const char *loader; /* the user's choice, NULL for none */
	const char *initramfs; /* likewise */
	const char *user, *group; /* who gets access; "-" for nobody any more */
	const char *memory; /* of a guest: "16G"; "-" for not said any more */
	char **accepted; /* see strv.h */
	const char *keys_script; /* for tests of the wizard */
	enum resolution on_conflict;
	bool demo, json, yes, no_run, iommu_pt, quiet, ascii, rescan, only, clean;
	bool iommu_on, help, version;
	unsigned given; /* TAKES_..., those that were there */
};

#define VERB(name, ...)                                                                  \
	enum exit_status verb_##name(                                                    \
		const struct root *root, const struct options *options);
#include "cli/verbs.def"
#undef VERB

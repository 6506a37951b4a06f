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
	bool iommu_on;
};

struct verb {
	const char *name;
	const char *operands; /* for help: "DEVICE..." */
	const char *summary;
	size_t args_min, args_max;
	enum exit_status (*run)(const struct root *root, const struct options *options);
};

extern const struct verb verbs[]; /* ended by a row without name */

/* Reads the arguments. EXIT_DONE to go on; *ret_exit tells the caller to leave at once,
 * with the status returned (after --help, --version, and every mistake). */
enum exit_status options_parse(
	int argc, char **argv, struct options *ret, bool *ret_exit);
void options_done(struct options *options);

enum exit_status verb_list(const struct root *root, const struct options *options);
enum exit_status verb_check(const struct root *root, const struct options *options);
enum exit_status verb_plan(const struct root *root, const struct options *options);
enum exit_status verb_apply(const struct root *root, const struct options *options);
enum exit_status verb_release(const struct root *root, const struct options *options);
enum exit_status verb_bind(const struct root *root, const struct options *options);
enum exit_status verb_unbind(const struct root *root, const struct options *options);
enum exit_status verb_vfs(const struct root *root, const struct options *options);
enum exit_status verb_export(const struct root *root, const struct options *options);
enum exit_status verb_undo(const struct root *root, const struct options *options);
enum exit_status verb_prune(const struct root *root, const struct options *options);
enum exit_status verb_finish(const struct root *root, const struct options *options);
enum exit_status verb_verify(const struct root *root, const struct options *options);
enum exit_status verb_repair(const struct root *root, const struct options *options);
enum exit_status verb_history(const struct root *root, const struct options *options);

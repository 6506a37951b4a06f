/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one way changes get onto a host: applying a plan and restoring a set share it. */
#pragma once

#include "backup/backup.h"

struct apply_request {
	const struct steps *steps;
	const char *summary;
	struct expectations expects; /* moved into the set */
	const struct set *undoes; /* the set this one undoes, or NULL */
};

/* As backup_apply(), whose contract this is; options and progress are never NULL-checked
 * apart from progress' members. */
int apply_steps(const struct root *root, struct apply_request *request,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err) MUST_CHECK;

/*
 * Writes a plan to the host. Order: lock; every file still as "before" says, else -ESTALE
 * ("rescan"); the set; the files, each replaced atomically; the commands. When anything
 * fails, or an artifact does not hold what it must, everything is put back, artifacts
 * too, and err says what failed, with the command's last output. ret_id is the new set's
 * id.
 */
int backup_apply(const struct root *root, const struct host *host,
	const struct plan *plan, const struct backup_options *options,
	const struct progress *progress, char **ret_id, struct err *err) MUST_CHECK;

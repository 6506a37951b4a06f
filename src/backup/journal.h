/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way changes get onto a host, and off it again. Applying, undoing, and going on
 * with a set that was cut short share it.
 *
 * A set's state is its journal. Each is on disk, file and directory, before the next step
 * begins:
 *   prepared      the set is whole; files may be partly written
 *   written       every file is; commands may have run in part
 *   rebuilt       the commands have run, and what they made holds what it must
 *   applied       done
 *   rolled-back   every file, and what the commands made, is as it was before
 */
#pragma once

#include <signal.h>

#include "backup/lock.h"
#include "backup/set.h"

struct journal {
	const struct root *root;
	const struct backup_options *options;
	const struct progress *progress; /* its members may be NULL */
	const struct set
		*undoes; /* the set that this one undoes, or NULL; the caller's */
	struct set set; /* its steps are what is to be done */
	size_t n_commands_run;
	size_t step;
	int log_fd;
	bool stuck; /* a device could not be put back, for its driver hangs */
	struct lock lock;
	sigset_t signals; /* the mask to go back to */
};

/* Takes the lock; signals that would end the program wait until journal_done(). */
int journal_start(struct journal *journal, const struct root *root,
	const struct backup_options *options, const struct progress *progress,
	struct err *err) MUST_CHECK;
void journal_done(struct journal *journal);
/* Tells of the next step. */
void journal_step(struct journal *journal, const char *fmt, ...) PRINTF(2, 3);
/* From prepared on: the files, the commands, the check. On failure all is put back, and
 * err says that too. */
int journal_run(struct journal *journal, struct err *err) MUST_CHECK;
/* From any state but the last two: everything that can be is put back. On failure the
 * state stays, so that it can be tried again. */
int journal_put_back(struct journal *journal, struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs that change a host share: applying a plan (apply.h), restoring a set
 * (restore.h), going on with one that was cut short (resume.h). */
#pragma once

#include "backup/exec.h"
#include "backup/set.h"
#include "core/plan/plan.h"

/* What counts in lines of a set's that somebody else has changed since. */
enum resolution {
	RESOLVE_NOT, /* nothing is touched, and the files are named */
	RESOLVE_THEIRS, /* their lines stay */
	RESOLVE_OURS, /* they become what the set kept: their change there is lost */
	RESOLVE_LEAVE, /* the whole file stays as it is */
};

struct choice {
	const char *path;
	enum resolution resolution;
};

/* How apply and restore go about it. */
struct backup_options {
	bool no_run; /* write the files, only list the commands */
	enum resolution on_conflict;
	const struct choice *choices; /* files that it is another one for */
	size_t n_choices;
};

struct conflict {
	char *path;
	char *why; /* one sentence */
};

struct restore_plan {
	struct steps steps; /* before is what is on disk now; no moves where another boot
			       made them */
	struct conflict *conflicts; /* files that need a choice */
	size_t n_conflicts;
	char **kept; /* paths that stay as others made them, with lines of the set */
	char **copies; /* what comes back from the copies in the set, and not by a
			  command; see strv.h */
};

/* Where to go with a set that was cut short. */
enum resume {
	RESUME_UNDO, /* to how it was before all: the end of an undo, else back */
	RESUME_FINISH, /* to its end */
	RESUME_BACK, /* to how it was before it */
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backup sets, and the two verbs that change a host: apply a plan, restore a set.
 *
 * A set is /var/lib/pciferry/sets/NNNN/, mode 0700:
 *     manifest.json   state, time, summary, files with checksums, modes and owners
 *     before/ after/  the files as they were and as they were written
 *     made/           what the commands make, as it was: until all is done
 *     log             output of every command
 *     restore.sh      puts the files back without pciferry
 */
#pragma once

#include "backup/exec.h"
#include "core/plan/plan.h"
#include "core/verify/verify.h"

#define SETS_PATH "/var/lib/pciferry/sets"

enum set_state {
	SET_PREPARED, /* the set is on disk, files are being written */
	SET_WRITTEN, /* every file is, commands are running */
	SET_REBUILT, /* commands have run, and what they made was looked into */
	SET_APPLIED, /* files and commands done */
	SET_ROLLED_BACK, /* it failed, everything was put back */
	SET_UNDONE, /* a later set has undone it; follows from that one, is never written
		     */
	SET_ENDED, /* it only moved devices, and the host was booted since; likewise */
	SET_DAMAGED, /* the manifest cannot be read; only in lists */
};

/* A file's state on one side of a set. */
struct set_side {
	bool present;
	char sha256[65]; /* of the content, hexadecimal */
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

struct set_file {
	char *path;
	char *why;
	struct set_side before, after;
};

/* What became of the version of an artifact that was there before. */
struct kept_artifact {
	enum kept {
		KEPT_ABSENT, /* there was none */
		KEPT_COPY, /* a copy is in the set until the work is done */
		KEPT_NOT, /* no room: it is made again where it must come back */
	} how;
	char **beside; /* what lay there then of that which its program leaves behind when
			  it is cut short; see strv.h */
};

struct set {
	char *id; /* "0001" */
	char *time; /* RFC 3339, UTC */
	char *summary;
	char *undoes; /* the id of the set that this one undid, or NULL */
	enum set_state state;
	struct set_file *files;
	size_t n_files;
	char **made_dirs; /* directories that did not exist before, outermost first */
	struct steps steps; /* what it does. One that was read has no changes: they are in
			       its files' copies; see set_steps() */
	struct kept_artifact *kept; /* one for each of the steps' artifacts */
	struct expectations expects; /* what the reboot is to bring */
	char *boot_id; /* of the boot it was applied in; NULL where unknown */
	char *problem; /* of a damaged set: one sentence */
};

struct sets {
	struct set *list; /* oldest first */
	size_t n;
};

#define autosets CLEANUP(sets_done)

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

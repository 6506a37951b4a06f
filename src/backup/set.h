/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Backup sets, and what is asked of them. store.h says how they lie on the disk. */
#pragma once

#include <sys/types.h>

#include "core/base/root.h"
#include "core/plan/steps.h"
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

/*
 * A set, what undid it, what did it again by undoing that: an undo chain. Which way a set
 * of it goes.
 */
enum direction {
	DIRECTION_FORWARD, /* it does what the first one did */
	DIRECTION_BACK, /* it takes that back */
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
	char *origin; /* of the set that its undo chain began with: its own where it is */
	enum direction direction;
	enum set_state state;
	struct set_file *files;
	size_t n_files;
	char **made_dirs; /* directories that did not exist before, outermost first */
	struct steps steps; /* what it does. One that was read has no changes: they are in
			       its files' copies; see store_read_steps() */
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

void set_done(struct set *set);
void sets_done(struct sets *sets);

const char *set_state_to_string(enum set_state state);
const char *direction_to_string(enum direction direction);
/* Cut short: killed, or the machine went down. Only the newest can be. */
bool set_unfinished(const struct set *set);
/* Applied in the boot that still runs, so not in force yet; unknown counts as no. */
bool set_pending(const struct root *root, const struct set *set);
/* It changed no file: there is nothing that a reboot is to bring. */
bool set_only_moves(const struct set *set);
bool set_has_file(const struct set *set, const char *path);

/* Fills in what is not written down, but follows from all sets and from the host. */
void sets_derive(const struct root *root, struct sets *sets);
/* By number: "1" finds 0001. NULL where there is none. */
const struct set *sets_find(const struct sets *sets, const char *id);
/* The same for a name that the user gave: -ENOENT with a sentence. */
int sets_named(const struct sets *sets, const char *id, const struct set **ret,
	struct err *err) MUST_CHECK;
/* What "undo" without a name takes: the newest set where that was cut short, else the
 * newest that is applied and does not itself undo another, else the last where that is
 * damaged, for which it is refused. NULL: nothing to undo. */
const struct set *sets_newest(const struct sets *sets);
/* The newest set that is in force, undone ones and the undoing too: what verify looks at.
 */
const struct set *sets_in_force(const struct sets *sets);
/* The driver a device had before vfio-pci, by the newest set that tells; or NULL. */
const char *sets_home(const struct sets *sets, const char *address, const char *id);
/* The same for each device of the claims that it is known of: "0000:01:00.0=nvme", as
 * struct bind_request has it; see strv.h. */
char **sets_homes(const struct sets *sets, const struct claims *devices) MUST_CHECK;

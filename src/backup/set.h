/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Backup sets on disk: writing and reading them. See backup.h for what is in one. */
#pragma once

#include "backup/backup.h"
#include "backup/atomic.h"

void set_done(struct set *set);
/* The manifest as it should be now, replaced atomically. */
int set_save(const struct root *root, const struct set *set, struct err *err) MUST_CHECK;
/*
 * Makes the directory of a new set, numbered after the newest, with both copies of every
 * file of its changes, of the artifacts as they are, restore.sh and the manifest in state
 * "prepared". set has summary, undoes and steps already; id, time and files are filled
 * in. before says how each file is on disk now, in the order of changes.
 */
int set_create(const struct root *root, struct set *set, const struct atomic_file *before,
	struct err *err) MUST_CHECK;
/* Notes the number of the newest set, which is to go: no other gets it. */
int set_remember(const struct root *root, const char *id, struct err *err) MUST_CHECK;
/* A kept copy, checked against its checksum: side is "before" or "after". */
int set_read_copy(const struct root *root, const struct set *set,
	const struct set_file *f, const char *side, char **ret,
	struct err *err) MUST_CHECK;
/* Makes what is missing above a path in /var/lib/pciferry, that itself for root alone. */
int set_make_dirs(const struct root *root, const char *path, struct err *err) MUST_CHECK;
/* The set's own directory, likewise. */
char *set_dir(const char *id);
/* The path of a kept copy, the caller's; NULL without memory. */
char *set_copy_path(const char *id, const char *side, const char *path);
/* Cut short before its manifest, the last thing written: no set, and nothing was touched.
 */
bool set_unborn(const struct root *root, const char *id);
/* Opens the set's log for appending. */
int set_open_log(const struct root *root, const struct set *set) MUST_CHECK;
/* The checksum of a text as manifests have it; hex holds 65 bytes. */
void text_sha256(const char *text, char *hex);

const char *set_state_to_string(enum set_state state);

/* Cut short: killed, or the machine went down. Only the newest can be. */
bool set_unfinished(const struct set *set);

/* Applied in the boot that still runs, so not in force yet; unknown counts as no. */
bool set_pending(const struct root *root, const struct set *set);

/* It changed no file: there is nothing that a reboot is to bring. */
bool set_only_moves(const struct set *set);

int sets_scan(const struct root *root, struct sets *ret, struct err *err) MUST_CHECK;

void sets_done(struct sets *sets);

const struct set *sets_find(const struct sets *sets, const char *id);

/* The same for a name that the user gave: -ENOENT with a sentence. */
int sets_named(const struct sets *sets, const char *id, const struct set **ret,
	struct err *err) MUST_CHECK;

/* What "undo" without a name takes: the newest set where that was cut short, else the
 * newest that is applied and does not itself undo another, else the last where that is
 * damaged, for which it is refused. NULL: nothing to undo. */
const struct set *sets_newest(const struct sets *sets);

/*
 * All that the set did when it was written, its changes from what it keeps, whatever the
 * files are now; for steps_done(). -EIO: it is damaged.
 */
int set_steps(const struct root *root, const struct set *set, struct steps *ret,
	struct err *err) MUST_CHECK;

/* The newest set that is in force, undone ones and the undoing too: what verify looks at.
 */
const struct set *sets_in_force(const struct sets *sets);

/* The driver a device had before vfio-pci, by the newest set that tells; or NULL. */
const char *sets_home(const struct sets *sets, const char *address, const char *id);

/* The same for each device of the claims that it is known of: "0000:01:00.0=nvme", as
 * struct bind_request has it. */
int sets_homes(
	const struct sets *sets, const struct claims *devices, char ***ret) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets on the disk: making and reading them.
 *
 * A set is /var/lib/pciferry/sets/NNNN/, mode 0700:
 *     manifest.json   state, time, summary, files with checksums, modes and owners
 *     before/ after/  the files as they were and as they were written
 *     made/           what the commands make, as it was: until all is done
 *     log             output of every command
 *     restore.sh      puts the files back without pciferry
 */
#pragma once

#include "backup/atomic.h"
#include "backup/set.h"

/* All sets, oldest first; one that cannot be read is damaged. */
int sets_scan(const struct root *root, struct sets *ret, struct err *err) MUST_CHECK;

/*
 * Makes the directory of a new set, numbered after the newest, with both copies of every
 * file of its changes, of the artifacts as they are, restore.sh and the manifest in state
 * "prepared". set has its summary and steps already, and where it undoes another, that
 * one's id, its origin and the direction; the rest is filled in. before says how each
 * file is on disk now, in the order of changes.
 */
int store_create(const struct root *root, struct set *set,
	const struct atomic_file *before, struct err *err) MUST_CHECK;
/* The manifest as it should be now, replaced atomically. */
int store_save(
	const struct root *root, const struct set *set, struct err *err) MUST_CHECK;
/* Opens the set's log for appending. */
int store_open_log(const struct root *root, const struct set *set) MUST_CHECK;
/* A kept copy, checked against its checksum: side is "before" or "after". */
int store_read_copy(const struct root *root, const struct set *set,
	const struct set_file *f, const char *side, char **ret,
	struct err *err) MUST_CHECK;
/*
 * All that the set did when it was written, its changes from what it keeps, whatever the
 * files are now; for steps_done(). -EIO: it is damaged.
 */
int store_read_steps(const struct root *root, const struct set *set, struct steps *ret,
	struct err *err) MUST_CHECK;

/* The directory of a set, and the path of a copy in it, the caller's. */
char *store_dir(const char *id) RETURNS_MEMORY;
char *store_copy_path(const char *id, const char *side, const char *path) RETURNS_MEMORY;
/* Makes what is missing above a path in /var/lib/pciferry, that itself for root alone. */
int store_make_dirs(
	const struct root *root, const char *path, struct err *err) MUST_CHECK;
/* Cut short before its manifest, the last thing written: no set, and nothing was touched.
 */
bool store_unborn(const struct root *root, const char *id);
/* Notes the number of the newest set, which is to go: no other gets it. */
int store_remember(const struct root *root, const char *id, struct err *err) MUST_CHECK;
/* The checksum of a text as manifests have it; hex holds 65 bytes. */
void text_sha256(const char *text, char *hex);

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
 * file of the changes, of the products as they are, restore.sh and the manifest in state
 * "prepared". set has summary, undoes, commands and products already; id, time and files
 * are filled in. before says how each
 * file is on disk now, in the order of changes.
 */
int set_create(const struct root *root, struct set *set, const struct change *changes,
	const struct disk_file *before, size_t n, struct err *err) MUST_CHECK;
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

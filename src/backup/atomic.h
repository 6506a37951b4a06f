/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files on the host, changed so that each is at any moment the old or the new one, whole.
 * All names are taken inside the root; links on the way, the last included, are followed
 * and kept.
 */
#pragma once

#include <stdint.h>
#include <sys/stat.h>

#include "core/base/root.h"

struct atomic_file {
	char *text; /* NULL: absent */
	mode_t mode; /* permission bits */
	uid_t uid;
	gid_t gid;
	const char *like; /* of a file that is written anew: the path whose extended
			   * attributes it takes over; NULL for none */
};

void atomic_file_done(struct atomic_file *f);

/* The file as it is now; an absent one is no error. */
int atomic_read(const struct root *root, const char *path, struct atomic_file *ret,
	struct err *err) MUST_CHECK;
/*
 * Writing in two steps, so that several files can all be ready, and their space taken,
 * before the first of them changes. What atomic_prepare() leaves is for atomic_commit()
 * or atomic_remove_temporary().
 */
int atomic_prepare(const struct root *root, const char *path, const struct atomic_file *f,
	struct err *err) MUST_CHECK;
int atomic_commit(const struct root *root, const char *path, const struct atomic_file *f,
	struct err *err) MUST_CHECK;
/*
 * Both at once. Writes the file through a temporary one in the same directory: content,
 * owner, mode, the old file's extended attributes, fsync, rename, fsync of the directory.
 * text NULL removes it. A file with several hard links is refused: replacing would part
 * them. Owners are set by root only.
 */
int atomic_write(const struct root *root, const char *path, const struct atomic_file *f,
	struct err *err) MUST_CHECK;
/*
 * Copies a file of any size and content, with its mode, owner, times and extended
 * attributes (where that file system has them), replaced atomically. mkdirs are the
 * caller's.
 */
int atomic_copy(const struct root *root, const char *from, const char *to,
	struct err *err) MUST_CHECK;
/* Removes the file; an absent one is no error. */
int atomic_remove(const struct root *root, const char *path, struct err *err) MUST_CHECK;
/* Removes a directory and all below it, without following a link; or what it can. */
void atomic_remove_tree(const struct root *root, const char *path);
/* The bytes that this process may still write to the file system of a directory. */
int atomic_room(const struct root *root, const char *dir, uint64_t *ret) MUST_CHECK;
/* -EMLINK where the file has several names: replacing it would part them. */
int atomic_check_links(
	const struct root *root, const char *path, struct err *err) MUST_CHECK;
/* Removes a directory of dir at once, by giving it a name with the suffix, and then all
 * below it. */
int atomic_discard(const struct root *root, const char *dir, const char *name,
	const char *suffix, struct err *err) MUST_CHECK;
/* Removes what a write of path that was cut short has left beside it. */
void atomic_remove_temporary(const struct root *root, const char *path);
/* Adds the directories above path that are missing to *dirs, outermost first. One that
 * cannot be looked at is an error, for an undo removes those that were missing. */
int atomic_missing_dirs(const struct root *root, const char *path, char ***dirs,
	struct err *err) MUST_CHECK;
/* Makes them; one that is there already is no error. */
int atomic_make_dirs(const struct root *root, char *const *dirs, mode_t mode,
	struct err *err) MUST_CHECK;
/* Removes directories that are empty, innermost first; one in use stays. */
int atomic_remove_dirs(
	const struct root *root, char *const *dirs, struct err *err) MUST_CHECK;

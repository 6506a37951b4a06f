/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commands make (images, the boot loader's menu): their old versions are kept in
 * the set until the new ones have been looked into.
 *
 * They are copied, by reference where the file system can. A hard link would not do:
 * grub-mkconfig writes into the file that is there, and an ESP has no links. The copies
 * lie in the set, not in /boot, which is often small, and where a stray image would get
 * into a boot loader's menu.
 *
 * What a program that was cut short leaves beside its artifact goes as the artifact comes
 * back, where it was not there before.
 */
#pragma once

#include "backup/exec.h"
#include "backup/set.h"

/*
 * Copies each artifact into the set and notes in set->kept what was done. No room is
 * no error: such an artifact is made again by the commands where it must come back.
 */
int artifacts_keep(const struct root *root, struct set *set, struct err *err) MUST_CHECK;
/* After a command: each of its artifacts is there and holds what it must, else -EBADMSG
 * says what is missing. What could not be looked into is told as output. */
int artifacts_check(const struct root *root, const struct set *set, size_t command,
	const struct progress *progress, struct err *err) MUST_CHECK;
/* Puts back what a command made. 1: all of it is as it was; 0: it makes nothing that is
 * known, or some was not kept, so that the command must be run again. */
int artifacts_put_back(const struct root *root, const struct set *set, size_t command,
	struct err *err) MUST_CHECK;
/* Whether all that a command makes was kept, or was not there. */
bool artifacts_kept(const struct set *set, size_t command);
/* The paths of what was. */
void artifacts_add_copies(const struct set *set, size_t command, char ***paths);
/* Removes the copies: they have served. */
void artifacts_forget(const struct root *root, const struct set *set);

/* How what the plan's commands make comes back where one of them fails, by the room there
 * is for copies: one sentence; NULL where they make nothing that is known. */
const char *backup_way_back(const struct root *root, const struct plan *plan);

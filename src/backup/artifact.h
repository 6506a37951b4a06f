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
 * What a program that was cut short leaves beside its product goes as the product comes
 * back, where it was not there before.
 */
#pragma once

#include "backup/exec.h"
#include "backup/set.h"

/*
 * Copies each product into the set and notes in set->products what was done. No room is
 * no error: such a product is made again by the commands where it must come back.
 */
int products_keep(const struct root *root, struct set *set, struct err *err) MUST_CHECK;
/* After a command: each of its products is there and holds what it must, else -EBADMSG
 * says what is missing. What could not be looked into is told as output. */
int products_check(const struct root *root, const struct set *set, size_t command,
	const struct progress *progress, struct err *err) MUST_CHECK;
/* Puts back what a command made. 1: all of it is as it was; 0: it makes nothing that is
 * known, or some was not kept, so that the command must be run again. */
int products_put_back(const struct root *root, const struct set *set, size_t command,
	struct err *err) MUST_CHECK;
/* Whether all that a command makes was kept, or was not there. */
bool products_kept(const struct set *set, size_t command);
/* The paths of what was. */
int products_add_copies(const struct set *set, size_t command, char ***paths) MUST_CHECK;
/* Removes the copies: they have served. */
void products_forget(const struct root *root, const struct set *set);

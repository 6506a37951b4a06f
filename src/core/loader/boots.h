/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries by which this system boots, with the words that each has of its own. */
#pragma once

#include "core/loader/entries.h"

/*
 * The row's entries that boot this system's Linux: not those for recovery (unless all
 * are, by their names), nor those with another root= than this boot's. is_default is
 * filled in as far as loader.conf(5), the firmware's LoaderEntryDefault or GRUB's
 * saved_entry tell. None where the row knows no entries, or e is NULL.
 */
void loader_boots(
	const struct host *host, const struct evidence *e, struct boot_entries *ret);
/* The one that boots by itself; NULL: not known which. */
const struct boot_entry *boots_default(const struct boot_entries *boots);
/* Whether any, or each of them, has the word; false where there are none. */
bool boots_any(const struct boot_entries *boots, const char *word);
bool boots_all(const struct boot_entries *boots, const char *word);
/*
 * What the next boot has: the words of the entry that boots by itself, else those that
 * all have; without entries, loader_kargs().
 */
int loader_next_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err) MUST_CHECK;
/* The words of loader_kargs() and those that single entries have on top. */
int loader_any_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err) MUST_CHECK;

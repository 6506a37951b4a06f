/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a loader's own files offer to boot. Only what stands there: what is not known is
 * NULL or false, and no variable of the loader's is filled in.
 */
#pragma once

#include "core/loader/loader.h"

/* A way to boot. */
struct boot_entry {
	/* As its file has it: the file's name without .conf and boot counter, a LABEL,
	 * else the title. */
	char *id;
	const char *path; /* of its file, the host's */
	char *title; /* in the menu; NULL: none is said */
	char **kargs; /* of its own command line; see strv.h */
	const struct kernel *kernel; /* of the installed ones; NULL: not known which */
	bool rescue; /* by its name or its words for recovery */
	bool is_default; /* the file names it as what boots by itself; false: unknown */
	bool is_linux; /* it boots Linux; false: nothing says so */
};

struct boot_entries {
	struct boot_entry *list; /* in the order of the row's files */
	size_t n;
};

void boot_entry_done(struct boot_entry *entry);
void boot_entries_done(struct boot_entries *entries);

/* For rows whose files have formats with entries. Files that cannot be read have none. */
void inplace_entries(
	const struct host *host, const struct evidence *e, struct boot_entries *ret);

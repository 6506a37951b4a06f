/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an attribute of sysfs, where the kernel may keep whoever writes for ever. */
#pragma once

#include "backup/exec.h"

/*
 * Writes in a process of its own, which holds nothing of ours, and waits for seconds at
 * most, ticking. -ETIMEDOUT: it hangs, *ret_where (or NULL, the caller's) is the function
 * of the kernel it hangs in, and the process is left behind, for it cannot be ended. Else
 * 0 or why it could not be opened or written.
 */
int sysfs_write(const struct root *root, const char *path, const char *text,
	unsigned seconds, const struct progress *progress, char **ret_where) MUST_CHECK;

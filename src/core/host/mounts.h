/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mounted: /proc/self/mountinfo, see proc_pid_mountinfo(5). */
#pragma once

#include "core/base/util.h"

struct mount {
	char *numbers; /* "8:1"; the major number is 0 where no one block device is below
			*/
	char *point, *type, *source;
	char *upper; /* of an overlay: the directory that is written to, or NULL */
	char *options; /* of the superblock, still escaped: "rw,lowerdir=/a:/b" */
};

struct mounts {
	struct mount *list; /* in the order of mounting, as far as the kernel tells */
	size_t n;
};

/* Of the file's text. Odd lines are left out. */
void mounts_parse(const char *text, struct mounts *ret);
void mounts_done(struct mounts *mounts);
/* The mount that a path lies on; the path is taken as it stands, links and all. */
const struct mount *mounts_find(const struct mounts *mounts, const char *path);
/* Turns the \040 of files in /proc and of fstab into the byte, in place; returns s. */
char *mounts_unescape(char *s);

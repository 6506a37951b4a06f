/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether what is written to a path is there after a reboot: the file system that it lies
 * on, and the one that /etc/fstab has for it.
 */
#pragma once

#include "core/host/mounts.h"

struct fstab_line {
	char *source, *point;
	size_t line;
	bool automount; /* systemd mounts it when somebody goes there */
	bool empty; /* nothing is in the directory, or it is not there */
};

struct places {
	bool known; /* mounts has what is mounted on this host; else nobody tells */
	struct mounts mounts;
	struct fstab_line *fstab; /* lines with a directory, in their order */
	size_t n_fstab;
	char *cmdline; /* /proc/cmdline, NULL where unknown */
};

enum lasts {
	LASTS, /* nothing speaks against it in what is known */
	LASTS_UNKNOWN, /* it may be in memory */
	LASTS_NOT,
};

struct place_problem {
	enum lasts state;
	char *text; /* a sentence: what becomes of what is written there */
	char *fix; /* one that says what to do */
};

struct place_problems {
	struct place_problem *list; /* each reason once */
	size_t n;
};

/* Of the text of fstab(5); NULL: there is none. */
void places_read_fstab(struct places *places, const char *text);
void places_done(struct places *places);

/* The line for a file system above the path that is not mounted now, or NULL. Where it is
 * not known what is mounted: with an empty directory in its place. */
const struct fstab_line *places_missing(const struct places *places, const char *path);
/* What there is to say of a path; none where nothing is. */
void places_judge(
	const struct places *places, const char *path, struct place_problems *problems);
void place_problems_done(struct place_problems *problems);

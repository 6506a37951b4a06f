/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text files of a host that a plan reads or may change. Each part of the program that
 * reads or changes some says which, in its own .c file; the scan reads what all of them
 * say, and no other file is known to a plan.
 */
#pragma once

#include <sys/types.h>

#include "core/base/util.h"

struct host;

/* A text file that a plan reads or may change. */
struct file {
	char *path;
	char *text; /* NULL: absent, or problem says why it could not be read */
	char *problem; /* one sentence; such a file is never changed */
	bool listed; /* its directory has the name, whatever is behind it: that masks
			others, but for links to nothing (dangling.h) */
	bool packaged; /* a package's, and as that has it: told only of files that speak
			  of drivers (core/scan/doors.h) */
	bool link; /* the name there is a link: the text is another file's */
	mode_t mode; /* permission bits; 0644 for an absent file */
	uid_t uid;
	gid_t gid;
};

void file_done(struct file *f);

/* Files of one owner. A list of them ends with a path of NULL. */
struct watched {
	const char *path; /* whole; with a suffix: how paths begin */
	/* NULL: that one file. Else all whose paths begin and end so, with no / between:
	 * "/etc/modprobe.d/" and ".conf". */
	const char *suffix;
	/* A name that directories before it in the list have hides its own; the first one
	 * of them has no such mark (modprobe.d(5)). */
	bool masked;
	bool mixed; /* other names belong there too: none is told of as one that lacks the
		       suffix */
};

struct watches {
	struct watched *list;
	size_t n;
};

/* Adds a list to that of all owners. */
void watch(struct watches *watches, const struct watched *list);
/* Whether the path is one that the scan has read, or has seen to be absent. */
bool host_watches(const struct host *host, const char *path);

/* A file's entry; NULL where its directory was read and has no such name. That somebody
 * watches the path is asserted: of others nobody knows whether they are there. */
const struct file *host_file(const struct host *host, const char *path);

/* Its text, or NULL where there is none. */
const char *host_text(const struct host *host, const char *path);

/* The files below directories that end so ("/modprobe.d/"), sorted by their own names:
 * the order in which they are read. The array is the caller's. */
const struct file **host_files_by_name(
	const struct host *host, const char *dir, size_t *ret_n) RETURNS_MEMORY;

/* Not of ours, by its name: what stands in it is the user's. */
bool path_is_users(const char *path);

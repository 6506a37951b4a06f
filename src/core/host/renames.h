/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network interfaces whose names have changed: cards that are added or taken out shift
 * the addresses of others, and names are made from addresses.
 */
#pragma once

#include "core/base/strv.h"
#include "core/format/ifname.h"

struct file;
struct host;
struct watches;

struct rename {
	char *path; /* of the file that names it */
	size_t line; /* where it does so first */
	char *from; /* a name that no interface has now */
	char **to; /* cards that no file names: which it may be; never empty; see strv.h
		    */
};

struct renames {
	struct rename *list; /* by file */
	size_t n;
	char **unread; /* what may name interfaces and is not read: sentences; see strv.h
			*/
};

void renames_done(struct renames *renames);

void renames_watch(struct watches *watches);
/* Whether the path is a network configuration file of a kind that is read. */
bool names_interfaces(const char *path);
/* The names in such a file, and of it. */
void file_ifnames(const struct file *f, struct ifnames *ret);
/* Every name of a card that a network configuration file has; see strv.h. */
char **renames_named(const struct host *host) MUST_CHECK;

/* Whether the file is one that pciferry changes itself: ifupdown's. */
bool rename_is_planned(const struct rename *r);
/* What to do to a file of another program, after the change: "netplan apply". */
const char *rename_command(const struct rename *r);

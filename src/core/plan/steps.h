/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done to a host: files are written, then commands run, then devices move. A plan
 * has steps, a set keeps those that were done, and taking it back takes steps again.
 */
#pragma once

#include <sys/types.h>

#include "core/base/util.h"

/* One file, whole. NULL is "absent". Equal before and after is never in a plan. */
struct change {
	char *path; /* as in DESIGN.md; links in it are followed when it is written */
	char *before;
	char *after;
	mode_t mode; /* of before where there is one, else of the new file */
	uid_t uid;
	gid_t gid;
	char *why;
};

struct command {
	char **argv; /* program by absolute path in the root */
	char **undo; /* run instead where the change is undone; NULL: argv again */
	char *why;
};

/* What the commands must have made; else everything is put back. */
struct artifact {
	size_t command; /* the index of the one that makes it */
	char *path; /* an image, or a text file: grub.cfg */
	char **list; /* the program, the path appended, that lists the content of an
			image; NULL: the file is read as it is */
	char **holds; /* each must stand in that; no list: it must only be there */
	bool replaced; /* removed or cut before it is written anew: there is no room for
			  both */
	char *why;
};

/* A device that changes drivers while the host runs, or its number of virtual functions.
 */
struct move {
	char *address;
	char *id; /* "10de:2684" */
	bool vfs; /* before and after are numbers of virtual functions */
	char *before, *after; /* drivers; NULL for none */
	char *override_before, *override_after; /* driver_override; NULL for none */
	bool rescan; /* by removing the device and looking for it anew */
};

struct steps {
	struct change *changes; /* in the order they are written */
	size_t n_changes;
	struct command *commands; /* in the order they run, after all changes */
	size_t n_commands;
	struct artifact *artifacts; /* of those commands */
	size_t n_artifacts;
	struct move *moves; /* in their order, after all commands */
	size_t n_moves;
};

/* Each adds a copy of its own, with copies of all strings; from stays the caller's. */
void steps_add_change(struct steps *steps, const struct change *from);
void steps_add_command(struct steps *steps, const struct command *from);
void steps_add_artifact(struct steps *steps, const struct artifact *from);
void steps_add_move(struct steps *steps, const struct move *from);
/* The same for all of from's, behind those that are there. */
void steps_copy(const struct steps *from, struct steps *steps);
/* Takes one of its changes out, and frees it. */
void steps_remove_change(struct steps *steps, struct change *change);
/* Frees all, and leaves no steps. */
void steps_done(struct steps *steps);

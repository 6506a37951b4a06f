/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking down from what is in use to the devices it hangs on. */
#pragma once

#include "core/lifeline/trace.h"

/* A lifeline by name; the first reason stays. */
void lifeline_add(struct device *d, const char *name, const char *fmt, ...) PRINTF(3, 4);

/* The lifeline of a doubt for the endpoints above CLASS/NAME in sysfs: whether there are
 * any. */
bool doubt_path(
	struct trace *t, const struct doubt *doubt, const char *class, const char *name);

void walk_done(struct walk *w);

/*
 * Steps down to a layer, whose name becomes part of the reason: then walk_leave() must
 * follow. False where the chain goes in circles or does not end: the caller doubts.
 */
bool walk_enter(struct walk *w, const char *layer) MUST_CHECK;

void walk_leave(struct walk *w);

/* Gives the lifeline to every endpoint on a path in sysfs: whether there is any. */
bool walk_arrive(struct walk *w, const char *path);

/* The chain cannot be followed from here, for a reason: "the pool's disks are ...". */
void walk_lost(struct walk *w, enum suspects who, const char *fmt, ...) PRINTF(3, 4);

/* The link of a class in sysfs leads into devices/virtual: software, not a device. */
bool path_is_virtual(const char *path);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking down from what is in use to the devices it hangs on. */
#pragma once

#include "core/lifeline/trace.h"

/* A lifeline by name; the first reason stays. */
int lifeline_add(struct device *d, const char *name, const char *fmt, ...)
	PRINTF(3, 4) MUST_CHECK;

/* The lifeline of a doubt for the endpoints above CLASS/NAME in sysfs: how many. */
int doubt_path(struct trace *t, const struct doubt *doubt, const char *class,
	const char *name) MUST_CHECK;

void walk_done(struct walk *w);

/*
 * Steps down to a layer, whose name becomes part of the reason: 1, and walk_leave() must
 * follow. 0 where the chain goes in circles or does not end: the caller doubts.
 */
int walk_enter(struct walk *w, const char *layer) MUST_CHECK;

void walk_leave(struct walk *w);

/* Gives the lifeline to every endpoint on a path in sysfs: how many, or -ENOMEM. */
int walk_arrive(struct walk *w, const char *path) MUST_CHECK;

/* The chain cannot be followed from here, for a reason: "the pool's disks are ...". */
int walk_lost(struct walk *w, enum suspects who, const char *fmt, ...)
	PRINTF(3, 4) MUST_CHECK;

/* The link of a class in sysfs leads into devices/virtual: software, not a device. */
bool path_is_virtual(const char *path);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tracers share. A walk goes from a user ("/", "the default route") down layer
 * by layer; where it arrives at PCI endpoints they get the lifeline, with the layers as
 * the reason. Where it loses its way it leaves a doubt. Doubts are settled last, so that
 * a device with a chain of its own shows that one.
 *
 * Functions return 0 or -ENOMEM: whatever else goes wrong is a doubt.
 */
#pragma once

#include "core/host/probe.h"
#include "core/lifeline/mounts.h"

/* Whom a doubt falls on. */
enum suspects {
	SUSPECT_DISKS, /* storage controllers, and whatever else has a disk */
	SUSPECT_CARDS, /* network cards with a link; all of them where none has one */
	SUSPECT_USB, /* USB controllers */
};

struct doubt {
	enum suspects who;
	const char *lifeline;
	char *why;
};

struct trace {
	const struct root *root; /* of that host; borrowed, as it is */
	struct host *host;
	bool live; /* this process belongs to the host: its ancestors tell of SSH */
	const char *lifeline; /* of the tracer at work */
	struct mounts mounts;
	struct doubt *doubts;
	size_t n_doubts;
};

/* Runs all tracers and settles the doubts. */
int trace_run(struct trace *t) MUST_CHECK;

/* The rows of lifelines.c. */
int trace_disks(struct trace *t) MUST_CHECK;
int trace_default_routes(struct trace *t) MUST_CHECK;
int trace_session(struct trace *t) MUST_CHECK;
int trace_display(struct trace *t) MUST_CHECK;
int trace_keyboard(struct trace *t) MUST_CHECK;
int trace_bmc(struct trace *t) MUST_CHECK;
int trace_physical_functions(struct trace *t) MUST_CHECK;
int suspect_disks(struct trace *t, const struct doubt *doubt) MUST_CHECK;
int suspect_cards(struct trace *t, const struct doubt *doubt) MUST_CHECK;
int suspect_usb(struct trace *t, const struct doubt *doubt) MUST_CHECK;

/* A lifeline by name; the first reason stays. */
int lifeline_add(struct device *d, const char *name, const char *fmt, ...)
	PRINTF(3, 4) MUST_CHECK;
/* The lifeline of a doubt for the endpoints above CLASS/NAME in sysfs: how many. */
int doubt_path(struct trace *t, const struct doubt *doubt, const char *class,
	const char *name) MUST_CHECK;

struct walk {
	struct trace *trace;
	const char *user; /* what hangs on the chain */
	char **trail; /* the layers down to here; see strv.h */
	size_t steps; /* layers seen, on all branches */
};

#define autowalk CLEANUP(walk_done)
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

/* disk.c, filesystem.c, block.c: steps that a file system or a disk can take. */
int walk_mount(struct walk *w, const struct mount *m) MUST_CHECK;
int walk_file(struct walk *w, const char *path) MUST_CHECK;
int walk_source(struct walk *w, const char *source) MUST_CHECK; /* "/dev/mapper/x" */
int walk_block(struct walk *w, const char *name) MUST_CHECK; /* of /sys/class/block */
/* The kernel's name of the device at a path in /dev, or of "8:1"; -ENOENT: none. */
int block_of_source(const struct root *root, const char *source, char **ret) MUST_CHECK;
int block_of_numbers(const struct root *root, const char *numbers, char **ret) MUST_CHECK;

/* network.c: from an interface to the cards below it. */
int trace_interface(struct trace *t, const char *user, const char *interface) MUST_CHECK;
/* The link of a class in sysfs leads into devices/virtual: software, not a device. */
bool path_is_virtual(const char *path);

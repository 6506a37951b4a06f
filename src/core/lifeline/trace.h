/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tracers share. A walk goes from a user ("/", "the default route") down layer
 * by layer; where it arrives at PCI endpoints they get the lifeline, with the layers as
 * the reason. Where it loses its way it leaves a doubt. Doubts are settled last, so that
 * a device with a chain of its own shows that one.
 *
 * No function fails: whatever goes wrong is a doubt.
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

struct walk {
	struct trace *trace;
	const char *user; /* what hangs on the chain */
	char **trail; /* the layers down to here; see strv.h */
	size_t steps; /* layers seen, on all branches */
};

#define autowalk CLEANUP(walk_done)

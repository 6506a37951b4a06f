/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses devices right now: mounts, interfaces, and the processes that have their
 * nodes in /dev open. Read when devices are about to change drivers, not by every scan.
 */
#pragma once

#include "core/host/host.h"

struct use {
	const char *address; /* the device's, owned by the claims */
	unsigned long pid; /* of the process, 0 for none */
	bool holds; /* its driver would hang or data be lost; else it copes, as with
		     * an unplugged device */
	char *text; /* "Xorg (process 812) has /dev/dri/card0 open" */
};

struct uses {
	struct use *list;
	size_t n;
	bool hidden; /* some process could not be looked at: that takes root */
};

/* What uses the devices of the claims, whose addresses are borrowed; 0 or -ENOMEM. */
int uses_read(const struct host *host, const struct claims *devices,
	struct uses *ret) MUST_CHECK;
void uses_done(struct uses *uses);

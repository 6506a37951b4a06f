/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses devices right now: mounts, interfaces, and the processes that have their
 * nodes in /dev open. Read when devices are about to change drivers, not by every scan.
 */
#pragma once

#include "core/base/util.h"

struct use {
	const char *address; /* the device's, borrowed from the host */
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

void uses_done(struct uses *uses);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moves of devices between drivers on the running host, by driver_override and
 * drivers_probe: nothing else takes one device and no other (new_id takes every device
 * with the ID, from then on).
 */
#pragma once

#include "backup/exec.h"

struct mover {
	const struct root *root;
	const struct progress *progress;
	int log_fd; /* -1 for none */
	bool stuck; /* set where a device could not be put back */
};

/*
 * All moves, or none: where one fails those before it are moved back, newest first. Each
 * is believed only when the device's driver has been read again. -ESTALE where a device
 * is on another driver than the moves say.
 */
int moves_run(struct mover *mover, const struct move *moves, size_t n,
	struct err *err) MUST_CHECK;
/* Adds the moves that take back a list, as far as they are not taken back yet, last one
 * first. -ESTALE where somebody else has moved a device since. */
int moves_back(const struct root *root, const struct move *moves, size_t n,
	struct steps *ret, struct err *err) MUST_CHECK;

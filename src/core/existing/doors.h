/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register of doors: the ways by which a device gets or loses a driver at boot other
 * than by what methods write. Files of all rows but those of udev and modprobe.d, which
 * plans may change, are in host->doors, and only where they speak of what matters.
 */
#pragma once

#include "core/host/host.h"

/* Where files of a door lie: those of dir itself, or (below) those of its directories
 * whose names end so. */
struct door_place {
	const char *dir, *below, *suffix;
};

/* The places of all rows, ended by a dir of NULL; the i-th row's, NULL behind the last.
 */
const struct door_place *doors_places(size_t i);

/* Whether a text names a device that is there, or anything that binds one. */
bool doors_speaks(const struct host *host, const char *text);
/* The programs that it names by their paths, where programs of the user's lie. */
char **doors_programs(const char *text) MUST_CHECK;

/*
 * What all of them do to devices that are there, in the order of stages. kargs: the words
 * of the kernel command line.
 */
void acts_read(const struct host *host, char *const *kargs, struct acts *ret);

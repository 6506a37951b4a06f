/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading udev rules for what they do about the driver of a PCI device when it is added
 * (udev(7)): driver_override, probing, and the shapes of script.h in RUN and PROGRAM.
 * Rules of one file run in their order, GOTO skips to its LABEL, a later assignment
 * replaces an earlier one. KERNELS and its like match the device or one above it.
 * Whether a rule holds may depend on what is not known (a program's answer, the driver it
 * has by then): where such a rule is about drivers, that is ACT_UNCLEAR.
 */
#pragma once

#include "core/format/script.h"
#include "core/host/device.h"

struct udev_device {
	/* It, and those above it from the nearest on; ended by NULL. */
	const struct device *const *chain;
	char *const *words; /* the kernel command line, for IMPORT{cmdline} */
};

/* What the rules of all files come to so far. */
struct udev_override {
	char *driver; /* owned; NULL: none assigned */
	bool probes; /* and has the kernel probe anew: a driver that is loaded gets it */
};

/*
 * Runs the rules of one file, which ret->driver is carried through. What is done goes to
 * acts, too; NULL: that is not wanted.
 */
void udev_read(const struct script *script, const char *text,
	const struct udev_device *device, struct udev_override *ret, struct acts *acts);

/* Whether a file may do anything about drivers, or names a program of the user's: others
 * need not be run. */
bool udev_speaks(const char *text);

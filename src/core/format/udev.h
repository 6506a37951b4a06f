/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading udev rules for one thing only: the driver_override they give a PCI device when
 * it is added (udev(7)). Rules of one file run in their order, GOTO skips to its LABEL, a
 * later assignment replaces an earlier one. A match on anything that is not known of the
 * device does not hold.
 */
#pragma once

#include "core/host/device.h"

/*
 * Runs the rules of one file. words is the kernel command line, for IMPORT{cmdline}.
 * ret->driver is changed where a rule assigns: the driver's name, owned.
 */
struct udev_override {
	char *driver; /* NULL: none assigned */
	bool probes; /* and has the kernel probe anew: a driver that is loaded gets it */
};

void udev_override(const char *text, const struct device *d, char *const *words,
	struct udev_override *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What scripts, units and the like make of a device's forecast. */
#pragma once

#include "core/planner/forecast_boot.h"

/* What is known of the device without them. */
struct acts_base {
	const char *own; /* its own driver; NULL where that is not known */
	bool builtin; /* which is part of this kernel: first of all */
	const char *rule; /* driver_override by udev's rules; NULL: none */
	bool first; /* vfio-pci is loaded before udev looks for devices */
	bool named; /* its ID is given to vfio-pci */
	const char *no; /* why vfio-pci would not take it: a sentence's end, or NULL */
	enum act_stage from; /* what is before has no say */
};

/* ret: as all else leaves it; changed where the acts change that. */
void forecast_acts(const struct forecast_boot *boot, const struct device *d,
	const struct acts_base *base, struct driver_forecast *ret);

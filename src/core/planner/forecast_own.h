/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driver that a device has when vfio-pci has it not. */
#pragma once

#include "core/planner/forecast_boot.h"

/* The driver it has now, or had before it was claimed. "-" is none, NULL is not known. */
const char *forecast_own(const struct draft *draft, const struct device *d);
/* Whether that is a part of this kernel. */
bool forecast_builtin(const struct forecast_boot *boot, const char *driver);
/* The modules that want the device in this kernel, loaded or not; see strv.h. */
char **forecast_wanting(
	const struct forecast_boot *boot, const struct device *d) MUST_CHECK;
/* The driver that the module which wants the device makes; NULL where none is known. */
const char *forecast_native(const struct host *host, const struct device *d);
/* What takes it where vfio-pci does not; before as in forecast_device(). ret->why may be
 * there already. */
void forecast_without_vfio(const struct forecast_boot *boot,
	const struct forecast_boot *before, const struct device *d,
	struct driver_forecast *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which driver one device gets from one boot. */
#pragma once

#include "core/planner/forecast_boot.h"

void driver_forecast_done(struct driver_forecast *o);

/* before, if not NULL: the same kernel without the plan. What a device has now is
 * believed but for what differs from that. */
void forecast_device(const struct forecast_boot *boot, const struct forecast_boot *before,
	const struct device *d, struct driver_forecast *ret);

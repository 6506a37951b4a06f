/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The method that goes by IDs, and what others share of it. */
#pragma once

#include "core/method/method.h"

/* What every method that goes by IDs needs, as applies(); FIT without a reason. */
enum fit method_applies_by_id(
	const struct draft *draft, const struct device *d, char **why) MUST_CHECK;

/* What ids= is given for the device: "10de:2684", or with its subsystem where a twin
 * stays with the host; buf holds at least METHOD_ID_SIZE. */
#define METHOD_ID_SIZE (2 * DEVICE_ID_SIZE)
const char *method_id(const struct draft *draft, const struct device *d, char *buf);

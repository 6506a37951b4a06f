/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that is known of one device. */
#pragma once

#include "core/host/probe.h"

/*
 * Everything list knows and what sysfs and (with rights to it) the configuration space
 * add. Missing files are left out.
 */
void scan_details(const struct probe *p, const struct device *d);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOMMU groups, from sysfs. */
#pragma once

#include "core/host/probe.h"

/* Needs the devices. Groups are read from /sys/kernel/iommu_groups. */
void scan_groups(const struct probe *p);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware, the processor and the kernel say of the IOMMU, and what a host runs
 * on: host->firmware. */
#pragma once

#include "core/host/probe.h"

/* Before the groups, which add those of vfio's no-IOMMU mode. */
void scan_firmware(const struct probe *p);
/* Why the kernel's log says that the IOMMU is off; needs host->iommu. */
void scan_complaint(const struct probe *p);

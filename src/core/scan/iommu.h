/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the IOMMU is there and on, and whose processor this is. */
#pragma once

#include "core/host/probe.h"

/* Needs the groups and scan_firmware(). */
void scan_iommu(const struct probe *p);
/* By /proc/cpuinfo, else by the host bridge among the devices, else by the firmware's
 * table. */
void scan_cpu(const struct probe *p);
/*
 * Looks in /proc/kallsyms for the patch that reads pcie_acs_override=: that is 10 MiB, so
 * a scan does it only where the claims or this boot's command line have the word. Later
 * it is scan_more()'s.
 */
void scan_acs(const struct probe *p);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading PCI devices and IOMMU groups from sysfs into struct host. */
#pragma once

#include "core/host/host.h"

/*
 * Six system calls a device (open, read, close of its uevent and driver_override) and two
 * links (where it hangs, its physical function); more only where uevent is missing. Odd
 * entries become notes, never errors: 0 or -ENOMEM.
 */
int scan_devices(struct host *host) MUST_CHECK;
/* Needs the devices. Groups are read from /sys/kernel/iommu_groups. */
int scan_groups(struct host *host) MUST_CHECK;
/* The drivers that devices have: which module, built in or not. */
int scan_drivers(struct host *host) MUST_CHECK;
/* Which device the firmware's framebuffer is on, by /proc/iomem, which shows it to root.
 */
int scan_framebuffer(struct host *host) MUST_CHECK;
/* Sets mark and why of every group; needs lifelines. */
int groups_judge(struct host *host) MUST_CHECK;
/* Adds a sentence to host.notes. */
int host_note(struct host *host, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;

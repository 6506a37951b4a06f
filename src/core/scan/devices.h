/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI devices and their drivers, from sysfs. */
#pragma once

#include "core/host/probe.h"

/*
 * Six system calls a device (open, read, close of its uevent and driver_override) and two
 * links (where it hangs, its physical function); more only where uevent is missing. Odd
 * entries become notes, never errors.
 */
void scan_devices(const struct probe *p);
/* The drivers that devices have: which module, built in or not. */
void scan_drivers(const struct probe *p);

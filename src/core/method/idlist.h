/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of vfio-pci's ids=, as the kernel reads them: vendor, device and, where given,
 * subsystem vendor and device, class and class mask; hexadecimal of either case, with or
 * without 0x; ffffffff stands for any (drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids).
 */
#pragma once

#include "core/host/device.h"

/* The kernel skips what lacks a vendor or a device. */
bool id_valid(const char *entry);
/* Whether the entry, or one of a list (see strv.h), names the device. */
bool id_names(const char *entry, const struct device *d);
bool id_list_names(char *const *list, const struct device *d);

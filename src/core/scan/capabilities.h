/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capabilities in a device's configuration space: PCI's own, chained in its first 256
 * bytes, and PCI Express's extended ones, from 0x100 on. Hardware that fails and trees
 * that people make hold anything: no chain is followed in a circle or past the file's
 * end, which is at 64 bytes for a user other than root.
 */
#pragma once

#include "core/base/root.h"
#include "core/host/device.h"

/*
 * The names of the device's capabilities ("MSI-X", "SR-IOV"), an empty list where its
 * configuration space cannot be read; see strv.h.
 */
char **pci_capabilities(const struct root *root, const struct device *d) MUST_CHECK;
/*
 * The same of an open configuration space. Only the headers of the chain are read, never
 * the whole space, which some devices do not survive (kernel, drivers/pci/pci-sysfs.c,
 * pci_read_config).
 */
char **capabilities_read(int fd) MUST_CHECK;

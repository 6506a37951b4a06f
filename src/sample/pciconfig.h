/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up PCI configuration space: a header and lists of capabilities with the right
 * IDs at plausible places, enough for their lists to be walked. Registers beyond that are
 * zero.
 *
 * Names: pm vpd msi ssvid pcie pcie-root pcie-up pcie-down pcie-bridge pcie-integrated
 * msix af, and above 0xff aer dsn acs ari ats sriov pri rebar ltr secpci pasid dpc l1ss
 * ptm.
 */
#pragma once

#include <stdint.h>

#include "core/base/util.h"

#define PCI_CONFIG_MAX 4096

struct pci_config {
	unsigned vendor, device, subvendor, subdevice, class, revision;
	bool bridge; /* header type 1, with the three bus numbers */
	unsigned primary, secondary, subordinate;
};

/*
 * Builds the space with the capabilities named (strv.h). Its size is 64 bytes without
 * any, 256 or 4096 with them, as sysfs has it. NULL, or the first name that cannot be
 * had.
 */
const char *pci_config_build(const struct pci_config *header, char *const *caps,
	uint8_t out[static PCI_CONFIG_MAX], size_t *ret_size) MUST_CHECK;

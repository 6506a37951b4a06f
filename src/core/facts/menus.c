// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/menus.h"

static const struct {
	const char *name, *where;
} vendors[] = {
	[CPU_UNKNOWN] = { "the IOMMU (Intel: VT-d; AMD: IOMMU, AMD-Vi)", "" },
	[CPU_INTEL] = { "VT-d (Intel Virtualization Technology for Directed I/O)",
		" It often is under Advanced, Chipset or System Agent. For virtual functions look for SR-IOV too." },
	[CPU_AMD] = { "IOMMU (AMD-Vi)",
		" It often is under Advanced, AMD CBS, NBIO; there \"Auto\" may mean off. SVM is the processor's own virtualization; for virtual functions look for SR-IOV too." },
	[CPU_ARM] = { "the SMMU", "" },
};

const char *menu_iommu(const struct host *host)
{
	return vendors[host->cpu].name;
}

const char *menu_place(const struct host *host)
{
	return vendors[host->cpu].where;
}

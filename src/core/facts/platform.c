// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/platform.h"

static const struct {
	const char *what, *fix;
} places[] = {
	[PLACE_XEN] = { "This is Xen's dom0: Xen has the IOMMU, and vfio-pci cannot be used",
		"Hand devices over with Xen's own xen-pciback." },
	[PLACE_WSL] = { "This is Linux on Windows (WSL): it has no devices to hand over",
		NULL },
	[PLACE_CONTAINER] = { "This is a container: its host has the devices",
		"Run pciferry on the host." },
};

void facts_platform(
	const struct host *host, const struct claims *claims UNUSED, struct facts *ret)
{
	const struct firmware *f = &host->firmware;
	struct fact *fact;

	if (f->place) {
		fact = fact_add(ret, FOUND_PLATFORM, FACT_DOOMS, NULL, "%s (%s).",
			places[f->place].what, f->place_path);
		if (places[f->place].fix)
			fact_fix(fact, "%s", places[f->place].fix);
	} else if (f->guest) {
		(void)fact_add(ret, FOUND_PLATFORM, FACT_NOTE, NULL,
			"This is a virtual machine (hypervisor in /proc/cpuinfo): what it has can go to guests of its own where it was given an IOMMU.");
	}
}

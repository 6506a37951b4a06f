// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Physical functions with active virtual ones: vfio-pci refuses those
 * (drivers/vfio/pci/vfio_pci_core.c, "Cannot bind to PF with SR-IOV enabled").
 */
#include "core/lifeline/sriov.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

void trace_physical_functions(struct trace *t)
{
	for (size_t i = 0; i < t->host->n_devices; i++) {
		const struct device *vf = &t->host->devices[i];
		struct device *pf = vf->physfn ? host_device(t->host, vf->physfn) : NULL;

		if (pf)
			lifeline_add(pf, t->lifeline, "its virtual function %s is active",
				vf->address);
	}
}

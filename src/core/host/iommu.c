// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/iommu.h"
#include "core/format/kargs.h"

/* Which vendors they concern. */
static const struct {
	const char *name;
	enum cpu_vendor cpu; /* CPU_UNKNOWN: any */
} off[] = {
	{ "intel_iommu", CPU_INTEL },
	{ "amd_iommu", CPU_AMD },
	{ "iommu", CPU_UNKNOWN },
};

const char *host_iommu_off_karg(const struct host *host, char *const *kargs)
{
	for (size_t i = 0; i < ARRAY_SIZE(off); i++)
		if ((!host->cpu || !off[i].cpu || host->cpu == off[i].cpu) &&
			kargs_value_has(kargs, off[i].name, "off"))
			return off[i].name;
	return NULL;
}

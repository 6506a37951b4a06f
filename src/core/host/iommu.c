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

const char *kargs_igfx_off(char *const *kargs)
{
	strv_foreach (word, kargs) {
		char *const one[] = { word, NULL };

		if (kargs_value_has(one, "intel_iommu", "igfx_off"))
			return word;
	}
	return NULL;
}

enum intel_default kernel_intel_default(const struct kernel *k)
{
	if (!k || !k->config)
		return INTEL_NOT_KNOWN;
	if (kernel_config(k, "CONFIG_INTEL_IOMMU_DEFAULT_ON") == 'y')
		return INTEL_ON;
	if (kernel_config(k, "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF") == 'y')
		return INTEL_ON_BUT_GPU;
	return INTEL_OFF;
}

const struct kernel *host_running_kernel(const struct host *host)
{
	for (size_t i = 0; i < host->n_kernels; i++)
		if (streq_null(host->kernels[i].release, host->running))
			return &host->kernels[i];
	return NULL;
}

#define DISPLAY_CLASS 0x03

bool device_is_intel_gpu(const struct device *d)
{
	return d->vendor == 0x8086 && d->class >> 16 == DISPLAY_CLASS && !d->at.bus;
}

static bool gpu_is_wanted(const struct host *host, const struct claims *claims)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];
		const struct claim *claim = claims_find(claims, d->address);
		char id[DEVICE_ID_SIZE];

		if (device_is_intel_gpu(d) &&
			(claims->iommu_on ||
				(claim && streq(claim->id, device_id(d, id)))))
			return true;
	}
	return false;
}

static bool kernel_needs_on(
	const struct host *host, const struct claims *claims, const struct kernel *k)
{
	autostrv char **running = NULL;

	switch (kernel_intel_default(k)) {
	case INTEL_ON:
		return false;
	case INTEL_ON_BUT_GPU:
		return gpu_is_wanted(host, claims);
	case INTEL_OFF:
		return true;
	case INTEL_NOT_KNOWN:
		break;
	}
	if (host->iommu != IOMMU_ACTIVE)
		return true;
	if (host->cmdline)
		running = kargs_split(host->cmdline);
	return kargs_value_has(running, "intel_iommu", "on");
}

bool host_needs_intel_on(const struct host *host, const struct claims *claims)
{
	for (size_t i = 0; i < host->n_kernels; i++)
		if (kernel_needs_on(host, claims, &host->kernels[i]))
			return true;
	return !host->n_kernels && host->iommu != IOMMU_ACTIVE;
}

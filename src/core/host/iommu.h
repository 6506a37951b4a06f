/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What switches a host's IOMMU on and off: kernel arguments, and the kernels' defaults.
 */
#pragma once

#include "core/host/host.h"

/* The name of the one among them that switches it off on this host ("intel_iommu"), or
 * NULL. */
const char *host_iommu_off_karg(const struct host *host, char *const *kargs);
/* The first word that keeps the integrated GPU out of it, "intel_iommu=on,igfx_off"; each
 * occurrence counts (drivers/iommu/intel/iommu.c, intel_iommu_setup). NULL: none. */
const char *kargs_igfx_off(char *const *kargs);

/* What a kernel does with Intel's IOMMU unless told. Debian's has a default of its own:
 * on for all but the integrated GPU. */
enum intel_default { INTEL_NOT_KNOWN, INTEL_OFF, INTEL_ON, INTEL_ON_BUT_GPU };

/* As its configuration says; NULL is not known. */
enum intel_default kernel_intel_default(const struct kernel *k);
const struct kernel *host_running_kernel(const struct host *host);
/* Intel's integrated graphics is a display controller on bus 0. */
bool device_is_intel_gpu(const struct device *d);
/*
 * Whether some kernel here leaves Intel's IOMMU off unless told; off for the integrated
 * GPU counts where that is claimed, or the IOMMU was asked for. Without a configuration
 * file what is active now decides.
 */
bool host_needs_intel_on(const struct host *host, const struct claims *claims);

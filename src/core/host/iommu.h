/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel arguments switch a host's IOMMU off. */
#pragma once

#include "core/host/host.h"

/* The name of the one among them that does so on this host ("intel_iommu"), or NULL. */
const char *host_iommu_off_karg(const struct host *host, char *const *kargs);

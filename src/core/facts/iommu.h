/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the IOMMU is off in this boot. */
#pragma once

#include "core/facts/fact.h"

void facts_iommu(const struct host *host, const struct claims *claims, struct facts *ret);

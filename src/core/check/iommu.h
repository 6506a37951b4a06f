/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on the IOMMU and its interrupts. */
#pragma once

#include "core/check/check.h"

void check_iommu(const struct host *host, const struct facts *facts, struct check *c);
void check_groupless(const struct host *host, const struct facts *facts, struct check *c);
void check_interrupts(
	const struct host *host, const struct facts *facts, struct check *c);
void check_noiommu(const struct host *host, const struct facts *facts, struct check *c);

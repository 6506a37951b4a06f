/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that the IOMMU does not translate for, although it is on. */
#pragma once

#include "core/facts/fact.h"

void facts_groupless(
	const struct host *host, const struct claims *claims, struct facts *ret);

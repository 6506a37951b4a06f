/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that vfio-pci refuses by a list of its own. */
#pragma once

#include "core/facts/fact.h"

void facts_denylist(
	const struct host *host, const struct claims *claims, struct facts *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether interrupts are remapped, and what vfio was told of that. */
#pragma once

#include "core/facts/fact.h"

void facts_interrupts(
	const struct host *host, const struct claims *claims, struct facts *ret);

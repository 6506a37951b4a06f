/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this host runs on: Xen, Windows, a container, another host. */
#pragma once

#include "core/facts/fact.h"

void facts_platform(
	const struct host *host, const struct claims *claims, struct facts *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcie_acs_override= in force. */
#pragma once

#include "core/facts/fact.h"

void facts_acs(const struct host *host, const struct claims *claims, struct facts *ret);

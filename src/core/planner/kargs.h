/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments that this host needs on its kernel command line. */
#pragma once

#include "core/plan/draft.h"

/* Whether some installed kernel leaves Intel's IOMMU off unless told, and nobody tells
 * it. */
bool plan_needs_intel_on(const struct draft *draft);

/* Ours on the kernel command line, NULL for none; and whether the user's
 * own work against them. */
char **plan_kargs(struct draft *draft) MUST_CHECK;

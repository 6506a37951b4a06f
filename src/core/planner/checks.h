/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands against a plan. */
#pragma once

#include "core/plan/draft.h"

/* Lifelines, and whether its group can go: findings on one device of the claims. */
void plan_check_device(struct draft *draft, const struct device *d);

/* Lifelines, the IOMMU, the kernels, groups: findings on the claims. */
void plan_checks(struct draft *draft);

/* Refuses what dooms every plan on this host; true where something does. What the next
 * boot, or a plan, puts right counts only for what is to happen now. */
bool plan_refuse_doomed(struct draft *draft, bool now);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which driver each device will have, with and without the plan. */
#pragma once

#include "core/plan/draft.h"

/* Fills plan->forecasts, and tells what changes for devices nobody chose. */
void plan_forecast(struct draft *draft);

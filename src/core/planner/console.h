/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a way in is left, by screen or network. */
#pragma once

#include "core/plan/draft.h"

/* Findings where no way in would be left. */
void plan_console(struct draft *draft);

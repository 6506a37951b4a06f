/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what a plan writes outlives the reboot that it needs. */
#pragma once

struct draft;

void plan_lasting(struct draft *draft);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How our kernel arguments get onto the command line. */
#pragma once

#include "core/plan/draft.h"

/* Adds the changes that give every boot our arguments, or takes them out. */
void plan_cmdline(struct draft *draft);

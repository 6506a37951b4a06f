/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Freeing a claimed display of the boot's picture. */
#pragma once

#include "core/plan/draft.h"

/* Adds those that free a claimed display of the boot's picture. */
void plan_framebuffer_kargs(struct draft *draft, char ***kargs);

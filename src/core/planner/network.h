/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration that names a network interface which has another name now. */
#pragma once

#include "core/plan/draft.h"

/* Tells of such names, and changes them where the request asks for that. */
void plan_network(struct draft *draft);

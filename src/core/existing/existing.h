/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the user has set up by hand: recognised, told with file and line, merged, and not
 * written twice. It is left as it is; what does nothing can go where that is asked for.
 */
#pragma once

#include "core/plan/draft.h"

void existing_watch(struct watches *watches);
/* Tells what else is there, and what of it has no effect. */
void existing_tell(struct draft *draft);

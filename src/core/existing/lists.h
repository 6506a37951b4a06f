/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own lists of modules. */
#pragma once

#include "core/existing/existing.h"

void existing_watch_lists(struct watches *watches);
/* Its parts: the lists of modules, the words of the kernel command line. */
void existing_tell_lists(struct draft *draft);

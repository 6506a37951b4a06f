/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own lists of modules. */
#pragma once

#include "core/existing/existing.h"

int existing_watch_lists(struct watches *watches) MUST_CHECK;
/* Its parts: the lists of modules, the words of the kernel command line. */
int existing_tell_lists(struct draft *draft) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that methods share. */
#pragma once

#include "core/plan/draft.h"

int dropins_watch(struct watches *watches) MUST_CHECK;
/* modprobe.d, udev rules, modules at boot; fills draft->early. 0 or -ENOMEM. */
int dropins_write(struct draft *draft) MUST_CHECK;

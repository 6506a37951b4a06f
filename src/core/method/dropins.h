/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that methods share. */
#pragma once

#include "core/plan/draft.h"

void dropins_watch(struct watches *watches);
/* modprobe.d, udev rules, modules at boot; fills draft->early. */
void dropins_write(struct draft *draft);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own overrides of single devices. */
#pragma once

#include "core/existing/existing.h"

void existing_watch_devices(struct watches *watches);
/* Tells of the user's own overrides, and which devices of a release they keep. */
void existing_tell_devices(struct draft *draft);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own overrides of single devices. */
#pragma once

#include "core/existing/existing.h"

int existing_watch_devices(struct watches *watches) MUST_CHECK;
/* Tells of the user's own overrides, and which devices of a release they keep. */
int existing_tell_devices(struct draft *draft) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Letting a user who is not root have claimed devices: the node in /dev/vfio of their
 * group, and the right to lock a guest's memory. Only what was asked for.
 */
#pragma once

#include "core/plan/draft.h"

void access_watch(struct watches *watches);
/* Comes after the images, which need none of it. */
void access_write(struct draft *draft);

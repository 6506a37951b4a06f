/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Letting a user who is not root have claimed devices: the node in /dev/vfio of their
 * group, and the right to lock a guest's memory. Only what was asked for.
 */
#pragma once

#include "core/base/util.h"

/* A line of passwd(5) or group(5): whether the name is there, and its number. */
bool account_find(const char *text, const char *name, unsigned long *ret_id);

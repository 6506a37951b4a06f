/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups by the files of a host. */
#pragma once

#include "core/access/access.h"

/* A line of passwd(5) or group(5): whether the name is there, and its number. */
bool account_find(const char *text, const char *name, unsigned long *ret_id);

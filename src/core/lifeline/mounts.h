/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what is mounted. */
#pragma once

#include "core/base/root.h"
#include "core/host/mounts.h"

/* 0, or a negative errno where /proc/self/mountinfo cannot be read. */
int mounts_read(const struct root *root, struct mounts *ret) MUST_CHECK;

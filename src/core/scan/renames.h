/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which network interfaces have other names now than the files say. */
#pragma once

#include "core/host/probe.h"

/* From the files of the host, which must have been scanned, and /sys/class/net. */
void scan_renames(const struct probe *p);

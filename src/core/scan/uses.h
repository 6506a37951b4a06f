/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses devices: mounts, interfaces, programs. */
#pragma once

#include "core/host/probe.h"

/* What uses the devices of the claims that are there. */
void scan_uses(const struct probe *p, const struct claims *devices);

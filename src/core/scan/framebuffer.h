/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device shows the boot's picture. */
#pragma once

#include "core/host/probe.h"

/* Which device the firmware's framebuffer is on, by /proc/iomem, which shows it to root.
 */
void scan_framebuffer(const struct probe *p);

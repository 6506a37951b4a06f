/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernels are installed. */
#pragma once

#include "core/host/probe.h"

/* Reads what is installed under /lib/modules, newest first. */
void scan_kernels(const struct probe *p);

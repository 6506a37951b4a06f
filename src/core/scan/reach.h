/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether somebody can log in over the network. */
#pragma once

#include "core/host/probe.h"

/* What cannot be read is not there. */
void scan_reach(const struct probe *p);

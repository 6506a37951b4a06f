/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether somebody can log in over the network. */
#pragma once

#include "core/host/probe.h"

/* 0 or -ENOMEM; what cannot be read is not there. */
int scan_reach(const struct probe *p) MUST_CHECK;

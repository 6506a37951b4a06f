/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on where the host runs, and how it was booted. */
#pragma once

#include "core/check/check.h"

/* The rows, one function each. */
void check_platform(const struct host *host, const struct facts *facts, struct check *c);
void check_secure_boot(const struct probe *p, struct check *c);
void check_lockdown(const struct probe *p, struct check *c);

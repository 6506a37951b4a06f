/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on the kernels. */
#pragma once

#include "core/check/check.h"

void check_vfio(const struct probe *p, struct check *c);
void check_acs(const struct probe *p, struct check *c);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on processor, memory and virtual functions. */
#pragma once

#include "core/check/check.h"

void check_virtualization(const struct probe *p, struct check *c);
void check_sriov(const struct probe *p, struct check *c);
void check_memlock(const struct probe *p, struct check *c);

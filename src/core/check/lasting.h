/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question whether what is written here lasts. */
#pragma once

#include "core/check/check.h"

void check_lasting(const struct probe *p, struct check *c);

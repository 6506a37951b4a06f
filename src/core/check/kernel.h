/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on the kernels. */
#pragma once

#include "core/check/check.h"

int check_vfio(const struct probe *p, struct check *c); /* kernel.c */
int check_acs(const struct probe *p, struct check *c);

int check_vfio(const struct probe *p, struct check *c); /* kernel.c */
int check_acs(const struct probe *p, struct check *c);

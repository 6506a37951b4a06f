/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on where the host runs, and how it was booted. */
#pragma once

#include "core/check/check.h"

/* The rows, one function each; 0 or -ENOMEM. */
int check_platform(const struct probe *p, struct check *c); /* platform.c */
int check_secure_boot(const struct probe *p, struct check *c);

/* The rows, one function each; 0 or -ENOMEM. */
int check_platform(const struct probe *p, struct check *c); /* platform.c */
int check_secure_boot(const struct probe *p, struct check *c);

int check_lockdown(const struct probe *p, struct check *c);

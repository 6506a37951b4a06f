/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd-boot. */
#pragma once

#include "core/loader/loader.h"

/* Whether systemd-boot is there, and what keeps its entries where others may not. */
bool systemd_boot_installed(const struct probe *p, struct evidence *e);

/* Programs that keep its entries, where others may not. */
extern const char *const systemd_boot_others[];

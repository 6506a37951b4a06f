/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries that kernel-install made. */
#pragma once

#include "core/loader/loader.h"

/* Whether kernel-install made some of them. */
bool kernel_install_in_use(const struct host *host);

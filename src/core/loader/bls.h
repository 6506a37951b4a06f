/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB with entries of the Boot Loader Specification. */
#pragma once

#include "core/loader/loader.h"

/* Whether GRUB boots entries of the Boot Loader Specification. */
bool bls_in_use(const struct host *host);

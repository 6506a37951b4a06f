/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What firmware setups call what must be on, and where it stands there. */
#pragma once

#include "core/host/host.h"

/* "VT-d (Intel ...)" */
const char *menu_iommu(const struct host *host);
/* Sentences with a blank before them, "" where nothing is known. */
const char *menu_place(const struct host *host);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices page_export shows. */
#pragma once

#include "core/plan/plan.h"

struct export_arg {
	const struct plan *plan; /* what has just been applied; NULL: ... */
	const struct device *device; /* ... this one's group; NULL: there is none */
};

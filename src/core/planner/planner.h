/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a host and what the user wants of it to a plan. */
#pragma once

#include "core/plan/plan.h"

struct plan *plan_build(
	const struct host *host, const struct request *request) RETURNS_MEMORY;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a host and what the user wants of it to a plan. */
#pragma once

#include "core/plan/plan.h"

int plan_build(const struct host *host, const struct request *request, struct plan **ret,
	struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual functions (SR-IOV). */
#pragma once

#include "core/plan/draft.h"

/* How many virtual functions d shall have, 0 for none. -EPERM, -EINVAL: it cannot. */
int request_set_vfs(const struct host *host, struct request *request,
	const struct device *d, unsigned count, struct err *err) MUST_CHECK;

/* Whether a physical function can go, with regard to its virtual ones. */
void plan_check_vfs(struct draft *draft, const struct device *pf);
/* The rule that makes them at boot, and their number now. */
void plan_vfs(struct draft *draft);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of facts: one row a question. */
#pragma once

#include "core/facts/fact.h"
#include "core/plan/request.h"

/* Claims are what is wanted, the host's own or a plan's: the choice of a boot loader
 * among them. */
void facts_find(const struct host *host, const struct claims *claims, struct facts *ret);
void facts_done(struct facts *facts);

/* What request_choose() does, where no fact says that it cannot be: -EPERM. */
int facts_choose(const struct host *host, struct request *request, const struct device *d,
	const char *method, struct err *err) MUST_CHECK;

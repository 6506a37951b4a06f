/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a host and what the user wants of it to a plan. */
#pragma once

#include "core/plan/draft.h"

struct plan *plan_build(
	const struct host *host, const struct request *request) RETURNS_MEMORY;

/* Steps that bring back other claims (an undo): what of the user's own keeps the devices
 * which these release on vfio-pci, or without a driver. Sentences, or NULL; see strv.h.
 */
char **plan_users_keep(const struct host *host, const struct steps *steps) MUST_CHECK;

/* A draft of which host, request and plan are set gets what all steps go by; what it
 * holds then is freed by draft_done(). */
void draft_start(struct draft *draft);
void draft_done(struct draft *draft);

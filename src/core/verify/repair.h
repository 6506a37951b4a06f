/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims that do not point at their device any more: cards added or taken out shift the
 * addresses of others. A repair is a request like any other: its plan is reviewed and
 * undone as all are.
 */
#pragma once

#include "core/plan/plan.h"
#include "core/verify/verify.h"

struct lost_claim {
	const char *address; /* borrowed from the claims that were looked at */
	const struct claim *claim; /* likewise; NULL: a number of virtual functions */
	const struct vfs *vfs; /* that */
	const struct device *now; /* where its device is; NULL: gone, or not to be told */
	char *why; /* one sentence without its full stop */
};

struct lost_claims {
	struct lost_claim *list;
	size_t n;
};

/*
 * Which claims do not hold, but for virtual functions that are not made now, nor numbers
 * of virtual functions. A device is recognised by its IDs, the subsystem's too. Among
 * identical cards of which the host kept some, none can be told from another once their
 * addresses have changed: then even a claim that seems to hold is in the list. known is
 * what was there when the claims were made, or NULL.
 */
void claims_lost(const struct host *host, const struct claims *claims,
	const struct expectations *known, struct lost_claims *ret);
void lost_claims_done(struct lost_claims *lost);

/* The claim at the address among them, or NULL. */
const struct lost_claim *lost_claims_find(
	const struct lost_claims *lost, const char *address);

/* Points the request's claims at where their devices are now; those of no known place are
 * taken out. Network interfaces get their new names in the files, too. */
int request_repair(const struct host *host, const struct lost_claims *lost,
	struct request *request, struct err *err) MUST_CHECK;

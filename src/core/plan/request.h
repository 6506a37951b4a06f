/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user wants of a host. */
#pragma once

#include "core/plan/plan.h"

/*
 * Starts a request from what the host has claimed now.
 * request_choose() adds a device and every endpoint of its group; request_drop() takes
 * them out. method NULL is "auto", or as it is where the device is in the wish already.
 * -EPERM: a bridge, or one without IDs; whether the IOMMU translates for it
 * facts_choose() asks first. request_has() tells whether the address is in the request.
 */
void request_start(const struct host *host, struct request *ret);

void request_done(struct request *request);

int request_choose(const struct host *host, struct request *request,
	const struct device *d, const char *method, struct err *err) MUST_CHECK;

int request_drop(const struct host *host, struct request *request, const char *address,
	struct err *err) MUST_CHECK;

bool request_has(const struct request *request, const char *address);

/* Lets a user or a group have the claimed devices of d's group and its claimed virtual
 * functions, all claimed devices where d is NULL; both names NULL takes it back. Where
 * none of d's is claimed, the plan says so. */
void request_give(const struct host *host, struct request *request,
	const struct device *d, const char *user, const char *group);

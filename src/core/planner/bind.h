/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing drivers without a reboot: which devices move, in what order, and what stands
 * against it. A plan like any other, with moves in place of changes; pure.
 */
#pragma once

#include "core/plan/plan.h"

struct bind_request {
	struct request request; /* the devices, whole groups, and what is accepted */
	char **homes; /* "0000:01:00.0=nvme": the drivers they had, by what was recorded;
		       * see strv.h */
	bool back; /* from vfio-pci to the driver of before; else to vfio-pci */
	bool rescan; /* back by removing the device and looking for it anew */
};

void bind_request_done(struct bind_request *request);
/* Adds a device and every endpoint of its group; as request_choose(). */
int bind_choose(const struct host *host, struct bind_request *request,
	const struct device *d, struct err *err) MUST_CHECK;
/* Goes by host->uses: scan_more() for the request's claims comes before it. */
struct plan *bind_build(
	const struct host *host, const struct bind_request *request) RETURNS_MEMORY;

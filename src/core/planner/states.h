/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three states of a device: wanted, by the claims; written, what the files as they
 * are now give it at the next boot; running, the driver it has.
 */
#pragma once

#include "core/host/host.h"

struct device_state {
	bool wanted; /* claimed: for vfio-pci */
	const char *running; /* driver, NULL for none; the host's */
	char *at_boot; /* by the newest kernel, NULL for none */
	bool unknown; /* what acts on it is not understood; or it is not vfio-pci any
			 more, but what takes it then is not known */
	bool changes; /* at_boot is not what runs now */
	bool differs; /* other kernels give it another one */
};

struct device_states {
	struct device_state *list; /* as host->devices; NULL on a disk */
	size_t n;
};

void device_states_find(const struct host *host, struct device_states *ret);
void device_states_done(struct device_states *states);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read for one device on demand: the wizard's detail pane. */
#pragma once

#include "core/host/host.h"

struct detail {
	char *label; /* "Reset methods", "Link", "NUMA node", "Capabilities", ... */
	char *value; /* not escaped: see text.h */
};

/*
 * Everything list knows and what sysfs and (with rights to it) the configuration space
 * add, as label and value in the order to show. Missing files are left out.
 */
int device_details(const struct host *host, const struct device *d, struct detail **ret,
	size_t *ret_n) MUST_CHECK;
void details_free(struct detail *details, size_t n);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read for one device on demand: the wizard's details. */
#pragma once

#include "core/base/util.h"

struct device;

struct detail {
	char *label; /* "Reset methods", "Link", "NUMA node", "Capabilities", ... */
	char *value; /* not escaped: see text.h */
};

struct details {
	const struct device *of; /* borrowed from the host; NULL: nobody has asked */
	struct detail *list; /* in the order to show */
	size_t n;
};

void details_done(struct details *details);

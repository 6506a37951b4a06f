/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a host: the only reader of everything that a mark or a plan depends on. */
#pragma once

#include "core/host/probe.h"

/* Reads the host; only a broken claims file and a root_fault() are errors. */
int host_scan(const struct root *root, struct host **ret, struct err *err) MUST_CHECK;

/*
 * What is read only where somebody asks for it. No mark and no plan of files depends on
 * it; what it finds is host->uses, host->details, host->acs_patch.
 */
struct more {
	const struct claims
		*uses_of; /* what uses these devices now, NULL: not asked for */
	const struct device *details_of; /* everything about this one, likewise */
	bool acs; /* whether the kernel reads pcie_acs_override= */
};

/* What cannot be read is left out, or unknown. */
void scan_more(const struct probe *p, const struct more *what);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what a plan promised came true: its forecast against the host as it is now. */
#pragma once

#include "core/host/probe.h"
#include "core/plan/plan.h"

/* A row of a forecast as it is kept with a backup set. */
struct expectation {
	char *kernel; /* a release; "" for any */
	char *address;
	char *id; /* "10de:2684", "" where unknown */
	char *subsystem; /* "1043:88e2", "" likewise */
	char *before, *after; /* drivers; NULL for none, and after where it is not certain
			       */
	bool certain; /* else nothing was promised of it */
	bool chosen;
};

struct expectations {
	struct expectation *list;
	size_t n;
	char **kargs; /* ours on the kernel command line; see strv.h */
	char *way_out; /* the plan's words for one boot without vfio-pci; NULL where a set
			  was read */
};

struct result {
	const char *address, *expected, *actual; /* borrowed; drivers, NULL for none */
	bool certain; /* false: no driver was promised, and whichever it has is right */
	const char *moved_to; /* where the device of a claim is now, or NULL; borrowed */
	char *why; /* where it is not as expected: the likely reason and what to do */
};

struct results {
	/* Chosen devices, and every other one that is not as expected, or of which that
	 * was not known and that has changed. */
	struct result *list;
	size_t n;
	size_t n_wrong;
	size_t n_unknown; /* of those, devices of which nothing was promised */
	size_t n_lost; /* of those, claims that do not hold: see repair.h */
	char **missing; /* words that the running kernel was not given */
	char *iommu; /* why there are no groups, a sentence; NULL where there are */
	bool later; /* the running kernel was installed since: judged as the newest then
		     */
	/* Step one of two came true: the IOMMU is on, and the devices that were chosen
	 * can be handed over. */
	bool second_step;
};

/* Every promise was kept. */
bool results_good(const struct results *v);

void results_done(struct results *v);
/*
 * Compares the rows of the running kernel, and looks for reasons in its log, which is
 * read through the probe. -ENODATA where the host does not tell which kernel runs, or is
 * a disk.
 */
int verify(const struct probe *p, const struct expectations *e, struct results *ret,
	struct err *err) MUST_CHECK;

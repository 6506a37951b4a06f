/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: the desired state of a host for a set of claims, as whole file texts before
 * and after, the commands that make it effective, and what the host will look like.
 * Pure: made from struct host alone, with no reading, writing or running.
 */
#pragma once

#include "core/host/host.h"
#include "core/plan/findings.h"
#include "core/plan/steps.h"

enum severity {
	FINDING_INFO,
	FINDING_WARNING,
	FINDING_REFUSAL, /* the plan must not be applied */
};

struct finding {
	enum finding_id id;
	enum severity severity;
	char *address; /* of the device it is about; NULL: of none, or of several */
	char *text; /* for people; names file and line where there is one */
};

/* How a claimed device gets to vfio-pci, and why so. */
struct plan_claim {
	char *address;
	char *method; /* a row of method_table */
	char *why; /* one sentence */
	bool present; /* false: claimed, but no such device is there now */
};

struct forecast {
	const char *kernel; /* a release, owned by the host; "" where none is known */
	char *address;
	char *now; /* driver, NULL for none */
	char *after; /* likewise, and where it is not certain */
	bool certain;
	char *doubt; /* why it is not, a sentence without its full stop; or NULL */
	bool chosen;
	char *entry; /* of the boot menu, where those of a kernel differ in words that
			matter; else NULL */
	bool by_default; /* that entry is known to be what boots by itself */
	bool stays; /* on its own driver: in another kernel that may be another, or none
		     */
	char *why;
};

struct plan {
	struct claims claims; /* the desired set, methods resolved */
	struct plan_claim *chosen; /* the same, with reasons, by address */
	size_t n_chosen;
	struct finding *findings; /* worst first */
	size_t n_findings;
	struct steps steps; /* what it does to the host */
	char **instructions; /* what the user has to do by hand: sentences, commands,
				texts for files; see strv.h */
	char **kargs; /* ours on the kernel command line; see strv.h */
	char *way_out; /* what to type at the boot menu for one boot without vfio-pci */
	bool existing_pt; /* the user's own part of that line has iommu=pt */
	struct forecast *forecasts; /* per kernel, then per device */
	size_t n_forecasts;
};

#define autoplan CLEANUP(plan_freep)

struct request {
	struct claims claims; /* devices; a method of "auto" is resolved by the plan */
	char **accepted; /* names of lifelines the user accepts to lose; see strv.h */
	char **grown; /* addresses of devices that nobody chose, but whose group the IOMMU
			 showed to hold a claimed one since; see strv.h */
	const char *given_nothing; /* address of a device that somebody was to have, but
				      nothing of it is claimed; the host's, or NULL */
	bool rename; /* network interfaces in the files, to the names they have now */
	bool acs_off; /* pcie_acs_override= goes, the user's own too */
	bool clean; /* take out lines and words of the user's that do nothing */
};

void plan_free(struct plan *plan);
void plan_freep(struct plan **plan);

/* Worst first, else as they came. */
void plan_sort_findings(struct plan *plan);
/* Nothing to write and nothing to run. */
bool plan_is_empty(const struct plan *plan);
/* Whether two rows say the same of a device. */
bool forecast_same(const struct forecast *a, const struct forecast *b);
/* It keeps its own driver for certain, which in another kernel may be another. */
bool forecast_stays(const struct forecast *f);
/* The first finding of severity refusal, or NULL. */
const struct finding *plan_refusal(const struct plan *plan);
/* The first of that id about the device, about any or none where address is NULL; or
 * NULL. */
const struct finding *plan_find(
	const struct plan *plan, enum finding_id id, const char *address);
void finding_done(struct finding *f);
/* "lifeline:disk" */
const char *finding_name(const struct finding *f);
/* What is typed, or given to --accept, to take it all the same: "disk", "collateral";
 * NULL where the finding is no refusal or cannot be accepted. */
const char *finding_accept_name(const struct finding *f);
/* "info", "warning", "refusal". */
const char *severity_to_string(enum severity severity);
/* What a set is called in history: "claim 0000:01:00.0, 0000:01:00.1; release ..." */
char *plan_summary(const struct host *host, const struct plan *plan) RETURNS_MEMORY;

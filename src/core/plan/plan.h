/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: the desired state of a host for a set of claims, as whole file texts before
 * and after, the commands that make it effective, and what the host will look like.
 * Pure: made from struct host alone, with no reading, writing or running.
 */
#pragma once

#include <sys/types.h>

#include "core/host/host.h"

enum severity {
	FINDING_INFO,
	FINDING_WARNING,
	FINDING_REFUSAL, /* the plan must not be applied */
};

struct finding {
	enum severity severity;
	char *name; /* stable, for scripts and --accept: "lifeline:disk", "iommu-off", ...
		     */
	char *text; /* for people; names file and line where there is one */
};

/* How a claimed device gets to vfio-pci, and why so. */
struct plan_claim {
	char *address;
	char *method; /* a row of method_table */
	char *why; /* one sentence */
	bool present; /* false: claimed, but no such device is there now */
};

/* One file, whole. NULL is "absent". Equal before and after is never in a plan. */
struct change {
	char *path; /* as in DESIGN.md; links in it are followed when it is written */
	char *before;
	char *after;
	mode_t mode; /* of before where there is one, else of the new file */
	uid_t uid;
	gid_t gid;
	char *why;
};

struct command {
	char **argv; /* program by absolute path in the root */
	char **undo; /* run instead where the change is undone; NULL: argv again */
	char *why;
};

/* What the commands must have made; else everything is put back. */
struct artifact {
	size_t command; /* the index of the one that makes it */
	char *path; /* an image, or a text file: grub.cfg */
	char **list; /* the program, the path appended, that lists the content of an
			image; NULL: the file is read as it is */
	char **holds; /* each must stand in that; no list: it must only be there */
	bool replaced; /* removed or cut before it is written anew: there is no room for
			  both */
	char *why;
};

/* A device that changes drivers while the host runs, or its number of virtual functions.
 */
struct move {
	char *address;
	char *id; /* "10de:2684" */
	bool vfs; /* before and after are numbers of virtual functions */
	char *before, *after; /* drivers; NULL for none */
	char *override_before, *override_after; /* driver_override; NULL for none */
	bool rescan; /* by removing the device and looking for it anew */
};

struct forecast {
	const char *kernel; /* a release, owned by the host; "" where none is known */
	char *address;
	char *now; /* driver, NULL for none */
	char *after;
	bool chosen;
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
	struct change *changes; /* in the order they are written */
	size_t n_changes;
	struct command *commands; /* in the order they run, after all changes */
	size_t n_commands;
	struct artifact *artifacts; /* of those commands */
	size_t n_artifacts;
	struct move *moves; /* in their order, after all commands */
	size_t n_moves;
	char **instructions; /* what the user has to do by hand: sentences, commands,
				texts for files; see strv.h */
	char **kargs; /* ours on the kernel command line; see strv.h */
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
	bool rename; /* network interfaces in the files, to the names they have now */
	bool clean; /* take out lines and words of the user's that do nothing */
};

void plan_free(struct plan *plan);
void plan_freep(struct plan **plan);
void change_done(struct change *c);
void changes_free(struct change *changes, size_t n);
/* back: the copy runs what undoes it, and is undone by it. */
int command_copy(const struct command *from, bool back, struct command *to) MUST_CHECK;
void commands_free(struct command *commands, size_t n);
/* Into an empty one; -ENOMEM may leave it half-filled, for artifact_done(). */
int artifact_copy(const struct artifact *from, struct artifact *to) MUST_CHECK;
void artifact_done(struct artifact *artifact);
void artifacts_free(struct artifact *artifacts, size_t n);
void moves_free(struct move *moves, size_t n);

/* Worst first, else as they came. */
void plan_sort_findings(struct plan *plan);
/* Nothing to write and nothing to run. */
bool plan_is_empty(const struct plan *plan);
/* The first finding of severity refusal, or NULL. */
const struct finding *plan_refusal(const struct plan *plan);
bool plan_has_finding(const struct plan *plan, const char *name);
/* What is typed, or given to --accept, to take it all the same: "disk", "collateral";
 * NULL where the finding is no refusal or cannot be accepted. */
const char *finding_accept_name(const struct finding *f);
/* "info", "warning", "refusal". */
const char *severity_to_string(enum severity severity);
/* What a set is called in history: "claim 0000:01:00.0, 0000:01:00.1; release ..." */
int plan_summary(const struct host *host, const struct plan *plan, char **ret) MUST_CHECK;

/* Worst first, else as they came. */
void plan_sort_findings(struct plan *plan);

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
struct product {
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
	struct product *products; /* of those commands */
	size_t n_products;
	struct move *moves; /* in their order, after all commands */
	size_t n_moves;
	char **instructions; /* what the user has to do by hand: sentences, commands,
				texts for files; see strv.h */
	char **words; /* ours on the kernel command line; see strv.h */
	bool users_pt; /* the user's own part of that line has iommu=pt */
	struct forecast *forecasts; /* per kernel, then per device */
	size_t n_forecasts;
};

#define autoplan CLEANUP(plan_freep)

struct plan_wish {
	struct claims claims; /* devices; a method of "auto" is resolved by the plan */
	char **accepted; /* names of lifelines the user accepts to lose; see strv.h */
	char **grown; /* addresses of devices that nobody chose, but whose group the IOMMU
			 showed to hold a claimed one since; see strv.h */
	bool rename; /* network interfaces in the files, to the names they have now */
	bool clean; /* take out lines and words of the user's that do nothing */
};

/*
 * Starts a wish from what the host has claimed now.
 * wish_choose() adds a device and every endpoint of its group; wish_drop() takes them
 * out. method NULL is "auto", or as it is where the device is in the wish already.
 * -EPERM: a bridge, or a device the IOMMU does not translate for. wish_chosen() tells
 * whether the address is in the wish.
 */
int wish_start(const struct host *host, struct plan_wish *ret) MUST_CHECK;
void wish_done(struct plan_wish *wish);
int wish_choose(const struct host *host, struct plan_wish *wish, const struct device *d,
	const char *method, struct err *err) MUST_CHECK;
int wish_drop(const struct host *host, struct plan_wish *wish, const char *address,
	struct err *err) MUST_CHECK;
bool wish_chosen(const struct plan_wish *wish, const char *address);
/* Lets a user or a group have the claimed devices of d's group, all of them where d is
 * NULL; both names NULL takes it back. 0 or -ENOMEM. */
int wish_give(const struct host *host, struct plan_wish *wish, const struct device *d,
	const char *user, const char *group) MUST_CHECK;

/* How many virtual functions d shall have, 0 for none. -EPERM, -EINVAL: it cannot. */
int wish_set_vfs(const struct host *host, struct plan_wish *wish, const struct device *d,
	unsigned count, struct err *err) MUST_CHECK;

void plan_free(struct plan *plan);
void plan_freep(struct plan **plan);
void change_done(struct change *c);
void changes_free(struct change *changes, size_t n);
/* back: the copy runs what undoes it, and is undone by it. */
int command_copy(const struct command *from, bool back, struct command *to) MUST_CHECK;
void commands_free(struct command *commands, size_t n);
/* Into an empty one; -ENOMEM may leave it half-filled, for product_done(). */
int product_copy(const struct product *from, struct product *to) MUST_CHECK;
void product_done(struct product *product);
void products_free(struct product *products, size_t n);
void moves_free(struct move *moves, size_t n);

/* Nothing to write and nothing to run. */
bool plan_is_empty(const struct plan *plan);
/* Adds a warning of what is not the plan's to know. 0 or -ENOMEM. */
int plan_warn(struct plan *plan, const char *name, const char *fmt, ...)
	PRINTF(3, 4) MUST_CHECK;
/* The first finding of severity refusal, or NULL. */
const struct finding *plan_refusal(const struct plan *plan);
bool plan_has_finding(const struct plan *plan, const char *name);
/* What is typed, or given to --accept, to take it all the same: "disk", "collateral";
 * NULL where the finding is no refusal or cannot be accepted. */
const char *finding_word(const struct finding *f);
/* "info", "warning", "refusal". */
const char *severity_word(enum severity severity);
/* What a set is called in history: "claim 0000:01:00.0, 0000:01:00.1; release ..." */
int plan_summary(const struct host *host, const struct plan *plan, char **ret) MUST_CHECK;

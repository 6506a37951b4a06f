/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a plan share while it is being built. */
#pragma once

#include "core/format/modprobe.h"
#include "core/plan/plan.h"

struct boot_entries;
struct evidence;
struct facts;

/* The first line of files that are ours alone. */
#define MADE_BY "# Made by pciferry(8) from " CLAIMS_PATH "; changes here are lost.\n"

struct draft {
	const struct host *host;
	const struct request *request;
	struct plan *plan; /* being filled */
	const struct facts *facts; /* of the host, for this plan's claims */
	const struct generator *generator; /* of the images; NULL: not known which */
	struct modprobe_lines modprobe; /* what the host's modprobe.d says now */
	const struct evidence *loader; /* what boots the host; NULL: not known */
	char **user_kargs; /* that kernels get from the loader but for ours; see strv.h */
	struct boot_entries *boots; /* the loader's entries for this system, their words
				       without ours; see core/loader/boots.h */
	char **line_ids; /* what an ids= that only some entries have lacks for the claims;
			    see strv.h */
	char *kargs_problem; /* why user_kargs could not be read, a sentence, or NULL */
	char **ids; /* the one list for vfio-pci: the user's own first, then ours */
	char **existing_ids; /* the user's own, where ours is not written */
	bool now; /* without a reboot: no earlier plan's consent counts */
	char **unwanted; /* words of the user's that are to go */
	char **early; /* addresses of devices that a script in the initramfs has to take
			 from their drivers */
	bool vfio_loadable; /* vfio-pci is a module of some kernel here, or none is known
			     */
	bool vfio_builtin; /* it is part of some kernel: no module line reaches it there
			    */
	bool enable_only; /* step one of two: turn the IOMMU on, claim after the reboot */
};

/* Each adds to the plan. The address of a finding is that of the device it is about; NULL
 * where that is none, or are several. */
void draft_finding(struct draft *draft, enum severity severity, enum finding_id id,
	const char *address, const char *fmt, ...) PRINTF(5, 6);
/* What the user is to do by hand: whole lines, a command or a text to be copied. */
void draft_instruction(struct draft *draft, const char *fmt, ...) PRINTF(2, 3);
/*
 * after NULL removes the file. Nothing is added where the file is so already; a change
 * the plan has for it is replaced. A file the scan could not read becomes a refusal; of
 * one that nobody watches (core/host/file.h) no change is taken: that is asserted.
 */
void draft_change(
	struct draft *draft, const char *path, const char *after, const char *why);
/* The same for a file that is ours alone: without text no claim needs it any more. */
void draft_own(struct draft *draft, const char *path, const char *text, const char *why);
/* draft_change() for a script: a new one is executable. */
void draft_script(
	struct draft *draft, const char *path, const char *after, const char *why);
void draft_command(struct draft *draft, const char *const *argv, const char *why);
/* The same with another way back than to run it again. */
void draft_command_undo(struct draft *draft, const char *const *argv,
	const char *const *undo, const char *why);
/* The index of the plan's command, or the number of all. */
size_t draft_find_command(const struct draft *draft, const char *const *argv);
/*
 * What the command of that index makes. list is the argv that lists the content of
 * path, which is appended to it, or NULL for a text file; each string of holds must stand
 * in that. A path that is there neither before nor after is passed over. A command
 * without artifacts is run again when it all has to be put back; artifacts are put back
 * themselves.
 */
void draft_artifact(struct draft *draft, size_t command, const char *path,
	const char *const *list, char *const *holds, const char *why);
/* Whether the plan changes the path, or any path that starts with it where it ends in /.
 */
bool draft_changes(const struct draft *draft, const char *path);
/* The file's text once the plan so far is applied, NULL for absent; and whether it will
 * be there. */
const char *draft_text(const struct draft *draft, const char *path);
bool draft_leaves(const struct draft *draft, const char *path);

/* vfio-pci keeps ids= in a char[1024] and refuses to load with more (kernel/params.c). */
#define VFIO_IDS_MAX 1023

/* The device of a claim, or NULL where no such device (address and ID) is there. */
struct device *draft_device(const struct draft *draft, const struct claim *claim);

/* Adds a warning of what is not the plan's to know. */
void plan_warn(struct plan *plan, enum finding_id id, const char *address,
	const char *fmt, ...) PRINTF(4, 5);

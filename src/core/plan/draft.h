/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a plan share while it is being built. */
#pragma once

#include "core/format/modprobe.h"
#include "core/plan/plan.h"

struct evidence;

/* The first line of files that are ours alone. */
#define MADE_BY "# Made by pciferry(8) from " CLAIMS_PATH "; changes here are lost.\n"

struct build {
	const struct host *host;
	const struct plan_wish *wish;
	struct plan *plan; /* being filled */
	const struct generator *generator; /* of the images; NULL: not known which */
	struct modprobe_lines modprobe; /* what the host's modprobe.d says now */
	const struct evidence *loader; /* what boots the host; NULL: not known */
	char **user_words; /* that kernels get from the loader but for ours; see strv.h */
	char *words_problem; /* why user_words could not be read, a sentence, or NULL */
	char **ids; /* the one list for vfio-pci: the user's own first, then ours */
	char **users_ids; /* the user's own, where ours is not written */
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

/* Each adds to b->plan; 0 or -ENOMEM. */
int build_finding(struct build *b, enum severity severity, const char *name,
	const char *fmt, ...) PRINTF(4, 5) MUST_CHECK;
/* What the user is to do by hand: whole lines, a command or a text to be copied. */
int build_instruction(struct build *b, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;
/*
 * after NULL removes the file. Nothing is added where the file is so already; a change
 * the plan has for it is replaced. A file the scan could not read becomes a refusal.
 */
int build_change(
	struct build *b, const char *path, const char *after, const char *why) MUST_CHECK;
/* The same for a file that is ours alone: without text no claim needs it any more. */
int build_own(
	struct build *b, const char *path, const char *text, const char *why) MUST_CHECK;
/* build_change() for a script: a new one is executable. */
int build_script(
	struct build *b, const char *path, const char *after, const char *why) MUST_CHECK;
int build_command(struct build *b, const char *const *argv, const char *why) MUST_CHECK;
/* The same with another way back than to run it again. */
int build_command_undo(struct build *b, const char *const *argv, const char *const *undo,
	const char *why) MUST_CHECK;
/* The index of the plan's command, or the number of all. */
size_t build_find_command(const struct build *b, const char *const *argv);
/*
 * What the command of that index makes. list is the argv that lists the content of
 * path, which is appended to it, or NULL for a text file; each string of holds must stand
 * in that. A path that is there neither before nor after is passed over. A command
 * without products is run again when it all has to be put back; products are put back
 * themselves.
 */
int build_product(struct build *b, size_t command, const char *path,
	const char *const *list, char *const *holds, const char *why) MUST_CHECK;
/* Whether the plan changes the path, or any path that starts with it where it ends in /.
 */
bool build_changes(const struct build *b, const char *path);
/* The file's text once the plan so far is applied, NULL for absent; and whether it will
 * be there. */
const char *build_text(const struct build *b, const char *path);
bool build_leaves(const struct build *b, const char *path);

/* vfio-pci keeps ids= in a char[1024] and refuses to load with more (kernel/params.c). */
#define VFIO_IDS_MAX 1023

/* The device of a claim, or NULL where no such device (address and ID) is there. */
struct device *build_device(const struct build *b, const struct claim *claim);

/* The driver that the module which wants the device makes; NULL where none is known. */
const char *forecast_native(const struct host *host, const struct device *d);

/* Whether some installed kernel leaves Intel's IOMMU off unless told, and nobody tells
 * it. */
bool build_needs_intel_on(const struct build *b);

/* Lifelines, and whether its group can go: findings on one device of the claims. */
int build_check_device(struct build *b, const struct device *d) MUST_CHECK;
/* Whether a physical function can go, with regard to its virtual ones. */
int build_check_vfs(struct build *b, const struct device *pf) MUST_CHECK;
/* Worst first, else as they came. */
void plan_sort_findings(struct plan *plan);
/* plan/words.c: ours on the kernel command line, NULL for none; and whether the user's
 * own work against them. */
int build_words(struct build *b, char ***ret) MUST_CHECK;

/* plan/framebuffer.c: adds those that free a claimed display of the boot's picture. */
int build_framebuffer_words(struct build *b, char ***words) MUST_CHECK;

/* The parts, in the order plan_build() runs them. */
int build_methods(
	struct build *b) MUST_CHECK; /* method/: resolves "auto", gives reasons */
int build_checks(
	struct build *b) MUST_CHECK; /* plan/checks.c: lifelines, IOMMU, groups */
int build_console(struct build *b)
	MUST_CHECK; /* plan/console.c: is a way in left, by screen or network */
int build_vfio(
	struct build *b) MUST_CHECK; /* method/: modprobe.d, udev, modules at boot */
int build_initramfs(struct build *b) MUST_CHECK; /* initramfs/ */
int build_vfs(struct build *b) MUST_CHECK; /* plan/vfs.c: virtual functions */
int build_access(struct build *b)
	MUST_CHECK; /* access/: after the images, which need none of it */
int build_cmdline(struct build *b)
	MUST_CHECK; /* plan/cmdline.c and loader/: the words' way there */
int build_forecast(struct build *b) MUST_CHECK; /* plan/forecast.c */
int build_network(struct build *b) MUST_CHECK; /* plan/network.c: interfaces' names */

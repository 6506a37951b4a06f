/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods: how vfio-pci gets a device. One row for each, one file for each. "auto" takes
 * the first that suits.
 */
#pragma once

#include "core/base/buf.h"
#include "core/plan/draft.h"

enum fit {
	UNFIT,
	FIT_IF_ASKED, /* it would do, but "auto" looks for a better one first */
	FIT,
};

struct method {
	const char *name;
	const char *summary; /* for help: one line */
	/*
	 * Whether it is right for the device, an enum fit, and in *why the reason in one
	 * sentence; -ENOMEM. Devices of the wish are all known.
	 */
	int (*suits)(const struct build *b, const struct device *d, char **why);
	/*
	 * Why a boot with pciferry.off module_blacklist=vfio_pci does not give the device
	 * its own driver, a sentence's end; NULL where it does.
	 */
	const char *no_way_out;
	/* Whether a script in the initramfs must take the device from its driver; NULL:
	 * none does. */
	bool (*needs_early)(const struct build *b, const struct device *d);
	bool by_id; /* the device's ID goes into vfio-pci's ids= */
	/* Adds the device's lines to our modprobe.d file or udev rules; NULL: none. */
	int (*modprobe)(const struct build *b, const struct device *d, struct buf *conf);
	int (*udev)(const struct build *b, const struct device *d, struct buf *rules);
};

extern const struct method method_ids;
extern const struct method method_override;
extern const struct method method_alias;
extern const struct method method_blacklist;

/* The rows, ended by NULL. */
extern const struct method *const method_table[];
const struct method *method_find(const char *name);

/* The modules that want the device: its own list, and that of the driver it has now (the
 * driver's own name where sysfs does not tell its module and nothing else is known). NULL
 * where nothing wants it; see strv.h. */
int method_modules(const struct build *b, const struct device *d, char ***ret) MUST_CHECK;
/* The driver the device has now is part of the kernel: no module to order. */
bool method_driver_builtin(const struct build *b, const struct device *d);
/* Adds "softdep MODULE pre: vfio-pci" for each of them, once in the file. */
int method_softdeps(
	const struct build *b, const struct device *d, struct buf *conf) MUST_CHECK;
/* Whether this softdep of the user's is all that its module needs: it loads vfio-pci
 * first, no other counts before it, and the images have its file too. */
bool method_softdep_counts(const struct build *b, const struct modprobe_line *line);
/* What every method that goes by IDs needs, as suits(); FIT without a reason. */
int method_suits_ids(
	const struct build *b, const struct device *d, char **why) MUST_CHECK;
/* The same for every method that adds softdeps. */
int method_suits_softdep(
	const struct build *b, const struct device *d, char **why) MUST_CHECK;
/* What ids= is given for the device: "10de:2684", or with its subsystem where a twin
 * stays with the host; buf holds at least METHOD_ID_SIZE. */
#define METHOD_ID_SIZE (2 * DEVICE_ID_SIZE)
const char *method_id(const struct build *b, const struct device *d, char *buf);
/* A sentence for suits(): -ENOMEM, or verdict. */
int method_because(int verdict, char **why, const char *fmt, ...) PRINTF(3, 4);

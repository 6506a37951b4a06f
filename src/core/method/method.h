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
	 * Whether it is right for the device, and in *why the reason in one sentence.
	 * Devices of the request are all known.
	 */
	enum fit (*applies)(
		const struct draft *draft, const struct device *d, char **why);
	/*
	 * Why a boot with pciferry.off module_blacklist=vfio_pci does not give the device
	 * its own driver, a sentence's end; NULL where it does.
	 */
	const char *no_rescue;
	/* Whether a script in the initramfs must take the device from its driver; NULL:
	 * none does. */
	bool (*needs_early)(const struct draft *draft, const struct device *d);
	bool by_id; /* the device's ID goes into vfio-pci's ids= */
	/* Adds the device's lines to our modprobe.d file or udev rules; NULL: none. */
	void (*modprobe)(
		const struct draft *draft, const struct device *d, struct buf *conf);
	void (*udev)(
		const struct draft *draft, const struct device *d, struct buf *rules);
};

/* The modules that want the device: its own list, and that of the driver it has now (the
 * driver's own name where sysfs does not tell its module and nothing else is known). NULL
 * where nothing wants it; see strv.h. */
char **method_modules(const struct draft *draft, const struct device *d) MUST_CHECK;
/* The driver the device has now is part of the kernel: no module to order. */
bool method_driver_builtin(const struct draft *draft, const struct device *d);
/* Whether what happens in the initramfs goes by this file of the user's: a line that the
 * image lacks does there nothing, so that ours is written too. */
bool method_in_image(const struct draft *draft, const char *path);
/* A sentence for applies(), which it is. */
enum fit method_because(enum fit fit, char **why, const char *fmt, ...) PRINTF(3, 4);

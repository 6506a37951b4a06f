/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders of modules: vfio-pci before those that want the device. */
#pragma once

#include "core/method/method.h"

/* Adds "softdep MODULE pre: vfio-pci" for each of them, once in the file. */
void method_softdeps(const struct draft *draft, const struct device *d, struct buf *conf);

/* Whether this softdep of the user's is all that its module needs: it loads vfio-pci
 * first, no other counts before it, and the images have its file too. */
bool method_softdep_counts(const struct draft *draft, const struct modprobe_line *line);

/* The same for every method that adds softdeps. */
bool method_applies_by_softdep(
	const struct draft *draft, const struct device *d, char **why) MUST_CHECK;

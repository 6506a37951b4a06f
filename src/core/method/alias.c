// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * alias: the device's exact modalias names vfio-pci, so that udev does not even load the
 * native module for it. By itself that binds nothing, and whatever else loads the native
 * module makes it take the device: so ids= and the softdeps go with it.
 */
#include "core/method/method.h"

/* Subsystem IDs are part of the modalias: twins of one maker share it. */
static int suits(const struct build *b, const struct device *d, char **why)
{
	int fit = method_suits_softdep(b, d, why);

	if (fit > 0)
		fit = method_suits_ids(b, d, why);
	if (fit != FIT)
		return fit;
	if (!d->modalias)
		return method_because(UNFIT, why, "its modalias is not known");
	return method_because(FIT_IF_ASKED, why,
		"its modalias is given to vfio-pci, with ids and softdeps");
}

static int modprobe(const struct build *b, const struct device *d, struct buf *conf)
{
	buf_printf(conf, "alias %s vfio-pci\n", d->modalias);
	return method_softdeps(b, d, conf);
}

const struct method method_alias = {
	.name = "alias",
	.summary = "ids, and the device's modalias given to vfio-pci (modprobe.d)",
	.suits = suits,
	.by_id = true,
	.modprobe = modprobe,
};

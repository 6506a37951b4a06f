// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * alias: the device's exact modalias names vfio-pci, so that udev does not even load the
 * native module for it. By itself that binds nothing, and whatever else loads the native
 * module makes it take the device: so ids= and the softdeps go with it.
 */
#include "core/method/ids.h"
#include "core/method/method.h"
#include "core/existing/existing.h"
#include "core/method/softdep.h"

#include <fnmatch.h>

/* Subsystem IDs are part of the modalias: twins of one maker share it. */
static enum fit alias_applies(
	const struct draft *draft, const struct device *d, char **why)
{
	enum fit fit = UNFIT;

	if (method_applies_by_softdep(draft, d, why))
		fit = method_applies_by_id(draft, d, why);
	if (fit != FIT)
		return fit;
	if (!d->modalias)
		return method_because(UNFIT, why, "its modalias is not known");
	return method_because(FIT_IF_ASKED, why,
		"its modalias is given to vfio-pci, with ids and softdeps");
}

/* The user's own alias for it, a pattern mostly. */
static bool has_alias(const struct draft *draft, const struct device *d)
{
	for (size_t i = 0; i < draft->modprobe.n; i++) {
		char *const *tokens = draft->modprobe.list[i].tokens;

		if (streq(tokens[0], "alias") && tokens[1] && tokens[2] &&
			module_name_equal(tokens[2], "vfio-pci") &&
			path_is_users(draft->modprobe.list[i].path) &&
			method_in_image(draft, draft->modprobe.list[i].path) &&
			fnmatch(tokens[1], d->modalias, 0) == 0)
			return true;
	}
	return false;
}

static void modprobe(const struct draft *draft, const struct device *d, struct buf *conf)
{
	if (!has_alias(draft, d))
		buf_printf(conf, "alias %s vfio-pci\n", d->modalias);
	method_softdeps(draft, d, conf);
}

const struct method method_alias = {
	.name = "alias",
	.summary = "ids, and the device's modalias given to vfio-pci (modprobe.d)",
	.applies = alias_applies,
	.no_rescue = "its alias keeps udev from loading its modules",
	.by_id = true,
	.modprobe = modprobe,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * override: a udev rule sets driver_override for one address, in the initramfs and after.
 * The assignment happens while the rules are processed, before 80-drivers.rules loads a
 * module, so there is no race. Vendor and device ID guard it: where addresses have moved,
 * whatever sits there now is left alone.
 */
#include "core/method/method.h"

static int suits(const struct build *b, const struct device *d, char **why)
{
	if (method_driver_builtin(b, d))
		return method_because(0, why,
			"its driver %s is part of the kernel and has the device before any rule can act",
			d->driver);
	if (d->vendor < 0 || d->device < 0)
		return method_because(0, why, "its vendor and device ID are not known");
	return method_because(1, why, "a udev rule picks this one by its address");
}

static int udev(const struct build *b UNUSED, const struct device *d, struct buf *rules)
{
	buf_printf(rules,
		"KERNEL==\"%s\", ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", ATTR{driver_override}=\"vfio-pci\"\n",
		d->address, (unsigned)d->vendor, (unsigned)d->device);
	return 0;
}

const struct method method_override = {
	.name = "override",
	.summary = "by address, with a udev rule that sets driver_override",
	.suits = suits,
	.udev = udev,
};

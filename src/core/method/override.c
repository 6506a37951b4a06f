// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * override: a udev rule sets driver_override for one address, in the initramfs and after.
 * The assignment happens while the rules are processed, before 80-drivers.rules loads a
 * module, so there is no race. Vendor and device ID guard it: where addresses have moved,
 * whatever sits there now is left alone. A driver that is part of the kernel has the
 * device before udev runs: then a script in the initramfs unbinds it.
 */
#include "core/initramfs/initramfs.h"
#include "core/method/method.h"

bool method_needs_early(
	const struct build *b, const struct claim *claim, const struct device *d)
{
	const struct initramfs *generator = b->host->initramfs;
	const char *script;

	if (!streq(claim->method, method_override.name) || !generator ||
		!generator->early_script)
		return false;
	if (method_driver_builtin(b, d))
		return true;
	script = host_text(b->host, generator->early_script);
	return script && strstr(script, d->address) && d->driver &&
	       streq(d->driver, "vfio-pci");
}

static int suits(const struct build *b, const struct device *d, char **why)
{
	const struct initramfs *generator = b->host->initramfs;

	if (method_driver_builtin(b, d) && generator && generator->early_script)
		return method_because(1, why, "a script in the initramfs takes it away");
	if (method_driver_builtin(b, d))
		return method_because(0, why,
			"its driver %s is part of the kernel and has the device before "
			"any rule can act",
			d->driver);
	if (d->vendor < 0 || d->device < 0)
		return method_because(0, why, "its vendor and device ID are not known");
	return method_because(1, why, "a udev rule picks this one by its address");
}

static int udev(const struct build *b UNUSED, const struct device *d, struct buf *rules)
{
	buf_printf(rules,
		"KERNEL==\"%s\", ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", "
		"ATTR{driver_override}=\"vfio-pci\"\n",
		d->address, (unsigned)d->vendor, (unsigned)d->device);
	return 0;
}

const struct method method_override = {
	.name = "override",
	.summary = "by address, with a udev rule that sets driver_override",
	.suits = suits,
	.udev = udev,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * override: a udev rule sets driver_override for one address, in the initramfs and after.
 * The assignment happens while the rules are processed, before 80-drivers.rules loads a
 * module. Two races are closed so: the first event of any PCI device already sets it, for
 * a twin's event may load the driver of both; and the device's own event has the drivers
 * asked once more, for vfio-pci may have been there before the rule. Vendor and device ID
 * guard it: where addresses have moved, whatever sits there now is left alone; and so is
 * all where the IOMMU is off, for vfio-pci would refuse it and nobody else get it. A
 * driver that is part of the kernel has the device before udev runs: then a script in the
 * initramfs unbinds it.
 */
#include "core/initramfs/initramfs.h"
#include "core/method/method.h"

/* Once vfio-pci has it that no longer shows, so a script that names it already counts. */
static bool needs_early(const struct draft *draft, const struct device *d)
{
	const char *path = draft->generator ? draft->generator->row->early_script : NULL;
	const char *script;

	if (!path)
		return false;
	if (method_driver_builtin(draft, d))
		return true;
	script = host_text(draft->host, path);
	return script && strstr(script, d->address) && d->driver &&
	       streq(d->driver, "vfio-pci");
}

static enum fit override_applies(
	const struct draft *draft, const struct device *d, char **why)
{
	if (method_driver_builtin(draft, d) && draft->generator &&
		draft->generator->row->early_script)
		return method_because(
			FIT, why, "a script in the initramfs takes it away");
	if (method_driver_builtin(draft, d))
		return method_because(UNFIT, why,
			"its driver %s is part of the kernel and has the device before any rule can act",
			d->driver);
	if (d->vendor < 0 || d->device < 0)
		return method_because(
			UNFIT, why, "its vendor and device ID are not known");
	return method_because(FIT, why, "a udev rule picks this one by its address");
}

/* "[pci/ADDRESS]" and "[subsystem/pci]" are udev(7)'s way to another device. */
static void udev(
	const struct draft *draft UNUSED, const struct device *d, struct buf *rules)
{
	unsigned vendor = (unsigned)d->vendor, device = (unsigned)d->device;
	const char *at = d->address;

	buf_printf(rules,
		"ATTR{[pci/%s]vendor}==\"0x%04x\", ATTR{[pci/%s]device}==\"0x%04x\", TEST==\"[pci/%s]iommu_group\", ATTR{[pci/%s]driver_override}=\"vfio-pci\"\n",
		at, vendor, at, device, at, at);
	buf_printf(rules,
		"KERNEL==\"%s\", ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", TEST==\"iommu_group\", ATTR{driver_override}=\"vfio-pci\"\n",
		at, vendor, device);
	buf_printf(rules,
		"KERNEL==\"%s\", ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", ATTR{[subsystem/pci]drivers_probe}=\"%s\"\n",
		at, vendor, device, at);
}

const struct method method_override = {
	.name = "override",
	.summary = "by address, with a udev rule that sets driver_override",
	.applies = override_applies,
	.needs_early = needs_early,
	.udev = udev,
};

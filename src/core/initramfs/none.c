// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No initramfs: the kernel mounts the root file system itself, as Gentoo's may. Modules,
 * modprobe.d and udev rules are those of the root file system then, so all methods work
 * without an image. Nothing can run before udev: a driver that is part of the kernel
 * cannot be made to give way.
 */
#include "core/base/strv.h"
#include "core/initramfs/initramfs.h"

/* There are kernels in /boot, and nothing that could be an image for one. */
static bool detect(const struct probe *p)
{
	autostrv char **names = NULL;
	bool kernels = false;

	if (root_list(p->root, "/boot", &names) < 0)
		return false;
	strv_foreach (name, names) {
		kernels |= after_prefix(name, "vmlinuz") || after_prefix(name, "kernel");
		if (strstr(name, "initr") || after_prefix(name, "booster"))
			return false;
	}
	return kernels && !(p->host->cmdline && strstr(p->host->cmdline, "initrd="));
}

static bool none_holds(const struct host *host UNUSED, const char *path UNUSED)
{
	return true;
}

static enum image_load none_loads(
	const struct host *host UNUSED, char *const *kargs UNUSED)
{
	return IMAGE_LOADS_NOT;
}

static const char *const needs[] = { NULL };

const struct initramfs initramfs_none = {
	.id = "none",
	.title = "No program (the kernel boots without one)",
	.needs = needs,
	.detect = detect,
	.holds = none_holds,
	.loads = none_loads,
};

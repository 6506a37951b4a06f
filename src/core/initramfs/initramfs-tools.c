// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * initramfs-tools (Debian, Ubuntu). /etc/modprobe.d and /etc/udev/rules.d are copied into
 * the image by itself; the module is listed so that it is in the image whatever else is.
 * The list is loaded after udev has settled, too late to be what wins a race: softdep or
 * driver_override do that (init, scripts/init-top/udev, hook-functions of 0.142).
 */
#include "core/format/block.h"
#include "core/format/modlist.h"
#include "core/initramfs/initramfs.h"

/* Sorted before "udev": scripts without prerequisites run in the order of their names. */
#define EARLY "/etc/initramfs-tools/scripts/init-top/00-pciferry"
#define MODULES "/etc/initramfs-tools/modules"

static void tools_write(struct draft *draft, bool wanted)
{
	const char *text = draft_text(draft, MODULES);
	autofree char *users = block_without(text);
	bool add = wanted && draft->vfio_loadable && !module_list_has(users, "vfio-pci");
	autofree char *after = block_set(text, add ? "vfio-pci\n" : NULL);

	draft_change(draft, MODULES, after,
		wanted ? "vfio-pci in every initramfs"
		       : "vfio-pci is not needed there any more");
}

/* hooks/udev and mkinitramfs copy both directories whole. */
static bool tools_holds(const struct host *host UNUSED, const char *path)
{
	return after_prefix(path, "/etc/modprobe.d/") ||
	       after_prefix(path, "/lib/modprobe.d/") ||
	       after_prefix(path, "/usr/lib/modprobe.d/") || /* the same one */
	       after_prefix(path, "/etc/udev/rules.d/");
}

static enum image_load tools_loads(const struct host *host, char *const *kargs UNUSED)
{
	return module_list_has(host_text(host, MODULES), "vfio-pci") ? IMAGE_LOADS
								     : IMAGE_LOADS_NOT;
}

static const struct watched watched[] = { { .path = MODULES }, { 0 } };

static const char *const update_initramfs[] = { "/usr/sbin/update-initramfs", "-u", "-k",
	"all", NULL };

static const char *const lsinitramfs[] = { "/usr/bin/lsinitramfs", NULL };
static const char *const images[] = { "/boot/initrd.img-@", NULL };
static const char *const needs[] = { "/usr/sbin/update-initramfs", "/etc/initramfs-tools",
	NULL };
/* Its record of images it made, and what the kernel's packages run. */
static const char *const signs[] = { "/var/lib/initramfs-tools",
	"/etc/kernel/postinst.d/initramfs-tools", NULL };

const struct initramfs initramfs_tools = {
	.id = "initramfs-tools",
	.title = "initramfs-tools",
	.needs = needs,
	.signs = signs,
	.images = images,
	.list = lsinitramfs,
	.early_script = EARLY,
	.watched = watched,
	.write = tools_write,
	.holds = tools_holds,
	.loads = tools_loads,
	.refresh = update_initramfs,
	.refresh_why =
		"puts vfio-pci and its configuration into the initramfs of every kernel",
};

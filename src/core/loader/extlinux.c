// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extlinux.conf, syslinux.cfg: Syslinux's file, which U-Boot reads too (syslinux.cfg(5)
 * of Syslinux 6.04; U-Boot, doc/README.pxe). The APPEND line of each LABEL is edited, and
 * one before all labels, which those without get; what they INCLUDE is not. Where a
 * program makes the file an edit would be lost with the next kernel.
 */
#include "core/base/strv.h"
#include "core/loader/entries.h"
#include "core/loader/inplace.h"
#include "core/loader/loader.h"

/* Where it is installed, /boot/syslinux, /syslinux and /, each with both names, on the
 * partition that is mounted here; /extlinux and /boot/extlinux are U-Boot's, too. */
static const struct loader_file files[] = {
	{ .path = "/boot/extlinux/extlinux.conf", .format = &format_append },
	{ .path = "/boot/extlinux/syslinux.cfg", .format = &format_append },
	{ .path = "/boot/syslinux/extlinux.conf", .format = &format_append },
	{ .path = "/boot/syslinux/syslinux.cfg", .format = &format_append },
	{ .path = "/boot/extlinux.conf", .format = &format_append },
	{ .path = "/boot/syslinux.cfg", .format = &format_append },
	{ .path = "/boot/EFI/syslinux/syslinux.cfg", .format = &format_append },
	{ .path = "/boot/efi/EFI/syslinux/syslinux.cfg", .format = &format_append },
	{ .path = "/efi/EFI/syslinux/syslinux.cfg", .format = &format_append },
	{ .path = "/extlinux/extlinux.conf", .format = &format_append },
	{ .path = "/syslinux/syslinux.cfg", .format = &format_append },
	{ 0 },
};

/* u-boot-menu; Debian's extlinux before 6.03; Alpine's. */
static const char *const makers[] = { "/usr/sbin/u-boot-update",
	"/usr/sbin/extlinux-update", "/sbin/update-extlinux", NULL };

/* A file may be there for installers and chain loaders alone. */
static bool extlinux_look(const struct probe *p, struct evidence *e)
{
	autostrv char **kargs = NULL;

	return inplace_kargs(p->host, e, true, &kargs, NULL) == 0 && kargs &&
	       inplace_detect(p, e);
}

const struct loader loader_extlinux = {
	.id = "extlinux",
	.title = "Syslinux, or U-Boot with extlinux.conf",
	.by = BY_SYSLINUX,
	.absent = makers,
	.detect = extlinux_look,
	.files = files,
	.kargs = inplace_kargs,
	.entries = inplace_entries,
	.edit = inplace_edit,
};

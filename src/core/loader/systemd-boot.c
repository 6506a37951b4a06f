// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * systemd-boot with entries that people keep by hand (those that kernel-install makes:
 * kernel-install.c), and openSUSE's sdbootutil. "bootctl update" makes no entries: they
 * are edited themselves.
 */
#include "core/loader/systemd-boot.h"
#include "core/loader/entries.h"
#include "core/loader/inplace.h"
#include "core/loader/kernel-install.h"
#include "core/loader/loader.h"

static const char *const installed[] = { "/efi/EFI/systemd", "/boot/efi/EFI/systemd",
	"/boot/EFI/systemd", "/efi/loader/loader.conf", "/boot/efi/loader/loader.conf",
	"/boot/loader/loader.conf", NULL };

bool systemd_boot_installed(const struct probe *p, struct evidence *e)
{
	for (const char *const *path = installed; *path; path++)
		if (root_exists(p->root, *path)) {
			evidence_say(e, CONFIDENCE_FILES, "%s is here.", *path);
			return true;
		}
	return false;
}

static bool look_by_hand(const struct probe *p, struct evidence *e)
{
	return !kernel_install_in_use(p->host) && systemd_boot_installed(p, e) &&
	       inplace_detect(p, e);
}

static const struct loader_file by_hand[] = { ENTRIES, { 0 } };
const char *const systemd_boot_others[] = { "/usr/bin/sdbootutil", PROXMOX_UUIDS,
	"/etc/kernelstub/configuration", NULL };

const struct loader loader_systemd_boot = {
	.id = "systemd-boot",
	.title = "systemd-boot with entries kept by hand",
	.by = BY_SYSTEMD_BOOT,
	.absent = systemd_boot_others,
	.detect = look_by_hand,
	.files = by_hand,
	.kargs = inplace_kargs,
	.entries = inplace_entries,
	.edit = inplace_edit,
};

/* openSUSE, with systemd-boot or with GRUB that reads the same entries. */
static const struct loader_file suse[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline },
	{ 0 },
};
static const char *const suse_needs[] = { "/usr/bin/sdbootutil", KERNEL_CMDLINE, NULL };
static const char *const update_entries[] = { "/usr/bin/sdbootutil", "update-all-entries",
	NULL };

const struct loader loader_sdbootutil = {
	.id = "sdbootutil",
	.title = "A loader kept by sdbootutil (openSUSE)",
	.by = BY_SYSTEMD_BOOT,
	.needs = suse_needs,
	.files = suse,
	.kargs = inplace_kargs,
	.edit = inplace_edit,
	.refresh = update_entries,
	.refresh_why = "writes the kernel command line into every entry",
};

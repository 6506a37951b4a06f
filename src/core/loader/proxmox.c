// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Proxmox VE where proxmox-boot-tool keeps the ESPs: each has GRUB or systemd-boot on it,
 * and that decides which file counts, not which files are there. The ESPs are not
 * mounted, so the firmware and this boot's command line tell (proxmox-kernel-helper,
 * proxmox-boot/functions and zz-proxmox-boot).
 */
#include "core/loader/inplace.h"
#include "core/loader/loader.h"
#include "core/loader/shellvar.h"

static const char *const tool[] = { "/usr/sbin/proxmox-boot-tool", "refresh", NULL };
/* Its name before Proxmox VE 6.4. */
static const char *const old_tool[] = { "/usr/sbin/pve-efiboot-tool", "refresh", NULL };

static bool find_tool(const struct probe *p, struct evidence *e)
{
	e->refresh = root_exists(p->root, tool[0]) ? tool : old_tool;
	return root_exists(p->root, e->refresh[0]);
}

static const char *const grub_esp[] = { "/boot/efi/EFI/proxmox/grubx64.efi",
	"/efi/EFI/proxmox/grubx64.efi", NULL };

static bool is_bios(const struct probe *p)
{
	return root_exists(p->root, "/sys/firmware") &&
	       !root_exists(p->root, "/sys/firmware/efi");
}

static bool look_grub(const struct probe *p, struct evidence *e)
{
	if (!find_tool(p, e) || !shellvar_detect(p, e))
		return false;
	if (is_bios(p))
		evidence_say(e, CONFIDENCE_FIRMWARE,
			"This host boots by BIOS (/sys/firmware/efi is not there), which only GRUB does.");
	else if (root_has_any(p->root, grub_esp))
		evidence_say(
			e, CONFIDENCE_FIRMWARE, "The ESP has EFI/proxmox/grubx64.efi.");
	else if (!root_exists(p->root, KERNEL_CMDLINE))
		evidence_say(e, CONFIDENCE_CMDLINE,
			"There is no " KERNEL_CMDLINE ", which systemd-boot needs.");
	return true;
}

static bool look_systemd_boot(const struct probe *p, struct evidence *e)
{
	return find_tool(p, e) && !is_bios(p) && !root_has_any(p->root, grub_esp) &&
	       inplace_detect(p, e);
}

static const struct loader_variable grub = {
	.script = "/usr/sbin/grub-mkconfig",
	GRUB_VARIABLE,
};

static const char *const grub_needs[] = { PROXMOX_UUIDS, "/etc/default/grub", NULL };

const struct loader loader_proxmox_grub = {
	.id = "proxmox-grub",
	.title = "Proxmox VE's GRUB on the ESPs",
	.by = BY_GRUB,
	.needs = grub_needs,
	.detect = look_grub,
	.variable = &grub,
	.kargs = shellvar_kargs,
	.edit = shellvar_edit,
	.refresh_why = "writes the kernel command line to the ESPs",
};

static const char *const uuids[] = { PROXMOX_UUIDS, NULL };
static const struct loader_file files[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_first_line },
	{ 0 },
};

const struct loader loader_proxmox_systemd_boot = {
	.id = "proxmox-systemd-boot",
	.title = "Proxmox VE's systemd-boot on the ESPs",
	.by = BY_SYSTEMD_BOOT,
	.needs = uuids,
	.detect = look_systemd_boot,
	.files = files,
	.kargs = inplace_kargs,
	.edit = inplace_edit,
	.refresh_why = "writes the kernel command line to the ESPs",
};

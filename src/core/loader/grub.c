// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GRUB with a grub.cfg that grub-mkconfig makes: it sources /etc/default/grub and, as
 * Debian and Ubuntu patch it, then every /etc/default/grub.d/ *.cfg in the order of their
 * names. GRUB_CMDLINE_LINUX_DEFAULT goes to the normal entries but not to the recovery
 * ones (grub-mkconfig, 10_linux), whose own words Debian's 10_linux sets itself (2.06:
 * GRUB_CMDLINE_LINUX_RECOVERY), so that no file of ours gets the way out there.
 */
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/loader/bls.h"
#include "core/loader/loader.h"
#include "core/loader/shellvar.h"

static const struct loader_variable grub = { .script = "/usr/sbin/grub-mkconfig",
	GRUB_VARIABLE };
static const struct loader_variable grub2 = { .script = "/usr/sbin/grub2-mkconfig",
	GRUB_VARIABLE };

#define GRUB_CFG "/boot/grub/grub.cfg"
#define GRUB2_CFG "/boot/grub2/grub.cfg"

/*
 * The menu of a GRUB that was started from the ESP is beside it: a few lines that lead to
 * /boot/grub with "configfile", as Debian, Ubuntu, Fedora and openSUSE have it there; or
 * the whole menu, as Fedora had it up to 33, which grub-mkconfig does not write unless
 * told.
 */
static const struct watched menus[] = {
	{ .path = "/boot/efi/EFI/", .suffix = "/grub.cfg" },
	{ .path = "/efi/EFI/", .suffix = "/grub.cfg" },
	{ .path = "/boot/EFI/", .suffix = "/grub.cfg" },
	{ 0 },
};

static bool is_menu(const struct file *f)
{
	for (size_t i = 0; menus[i].path; i++)
		if (f->text && after_prefix(f->path, menus[i].path) &&
			has_suffix(f->path, menus[i].suffix))
			return true;
	return false;
}

/* The one there with entries of this very root file system; NULL: there is none, or some
 * menu there leads to another. */
static const struct file *whole_menu(const struct host *host)
{
	autostrv char **kargs = kargs_split(host->cmdline ?: "");
	const char *root = kargs_value(kargs, "root");
	const struct file *found = NULL;

	for (size_t i = 0; root && host->efi && i < host->n_files; i++) {
		const struct file *f = &host->files[i];

		if (!is_menu(f))
			continue;
		if (strstr(f->text, "configfile"))
			return NULL;
		if (strstr(f->text, "menuentry ") && strstr(f->text, root))
			found = f;
	}
	return found;
}

static void grub_edit(struct draft *draft, const struct evidence *e, char *const *kargs)
{
	const struct file *menu = kargs ? whole_menu(draft->host) : NULL;

	if (menu)
		draft_finding(draft, FINDING_REFUSAL, FOUND_GRUB_CONFIG, NULL,
			"%s is a whole menu with entries of this system: a GRUB on the ESP reads it, and not %s, which alone is made anew. Have it lead there with \"configfile\", as grub-install of most distributions does, or take it away.",
			menu->path, e->loader->artifact);
	shellvar_edit(draft, e, kargs);
}

static const char *const debian_needs[] = { "/usr/sbin/update-grub", "/boot/grub", NULL };
static const char *const proxmox_uuids[] = { PROXMOX_UUIDS, NULL };
static const char *const update_grub[] = { "/usr/sbin/update-grub", NULL };

const struct loader loader_grub = {
	.id = "grub",
	.title = "GRUB",
	.by = BY_GRUB,
	.needs = debian_needs,
	.absent = proxmox_uuids, /* proxmox-boot-tool */
	.detect = shellvar_detect,
	.variable = &grub,
	.kargs = shellvar_kargs,
	.watched = menus,
	.edit = grub_edit,
	.refresh = update_grub,
	.refresh_why = "writes the kernel command line into " GRUB_CFG,
	.artifact = GRUB_CFG,
};

/* Arch, Gentoo, Void and others that take GRUB as it comes. */
static const char *const mkconfig_needs[] = { "/usr/sbin/grub-mkconfig", "/boot/grub",
	NULL };
static const char *const mkconfig_absent[] = { "/usr/sbin/update-grub", PROXMOX_UUIDS,
	NULL };
static const char *const grub_mkconfig[] = { "/usr/sbin/grub-mkconfig", "-o", GRUB_CFG,
	NULL };

const struct loader loader_grub_mkconfig = {
	.id = "grub-mkconfig",
	.title = "GRUB (grub-mkconfig)",
	.by = BY_GRUB,
	.needs = mkconfig_needs,
	.absent = mkconfig_absent,
	.detect = shellvar_detect,
	.variable = &grub,
	.kargs = shellvar_kargs,
	.watched = menus,
	.edit = grub_edit,
	.refresh = grub_mkconfig,
	.refresh_why = "writes the kernel command line into " GRUB_CFG,
	.artifact = GRUB_CFG,
};

/* openSUSE; Fedora and its kin where entries are not of the Boot Loader Specification. */
static const char *const mkconfig2_needs[] = { "/usr/sbin/grub2-mkconfig", "/boot/grub2",
	NULL };
static const char *const mkconfig2_absent[] = { "/usr/bin/sdbootutil", NULL };
static const char *const grub2_mkconfig[] = { "/usr/sbin/grub2-mkconfig", "-o", GRUB2_CFG,
	NULL };

static bool look_grub2(const struct probe *p, struct evidence *e)
{
	return !bls_in_use(p->host) && shellvar_detect(p, e);
}

const struct loader loader_grub2_mkconfig = {
	.id = "grub2-mkconfig",
	.title = "GRUB (grub2-mkconfig)",
	.by = BY_GRUB,
	.needs = mkconfig2_needs,
	.absent = mkconfig2_absent,
	.detect = look_grub2,
	.variable = &grub2,
	.kargs = shellvar_kargs,
	.watched = menus,
	.edit = grub_edit,
	.refresh = grub2_mkconfig,
	.refresh_why = "writes the kernel command line into " GRUB2_CFG,
	.artifact = GRUB2_CFG,
};

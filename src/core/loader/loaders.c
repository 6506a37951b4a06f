// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of boot loaders, and which of them boots this host. */
#include "core/loader/loaders.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/efi.h"
#include "core/loader/prompt.h"

#include <stdarg.h>

/* One file each. */
extern const struct loader loader_ostree, loader_nixos, loader_transactional,
	loader_truenas, loader_unraid, loader_harvester, loader_elemental,
	loader_zfsbootmenu, loader_efistub, loader_grub, loader_grub_mkconfig,
	loader_grub2_mkconfig, loader_grub_bls, loader_kernel_install,
	loader_systemd_boot, loader_sdbootutil, loader_kernelstub,
	loader_unified_mkinitcpio, loader_unified_dracut, loader_unified_kernel_install,
	loader_proxmox_grub, loader_proxmox_systemd_boot, loader_limine_entry_tool,
	loader_limine, loader_refind, loader_u_boot_menu, loader_extlinux;

const struct loader *const loader_table[] = {
	&loader_ostree,
	&loader_nixos,
	&loader_transactional,
	&loader_truenas,
	&loader_unraid,
	&loader_harvester,
	&loader_elemental,
	&loader_zfsbootmenu,
	&loader_efistub,
	&loader_grub,
	&loader_grub_mkconfig,
	&loader_grub2_mkconfig,
	&loader_grub_bls,
	&loader_kernel_install,
	&loader_systemd_boot,
	&loader_sdbootutil,
	&loader_kernelstub,
	&loader_unified_mkinitcpio,
	&loader_unified_dracut,
	&loader_unified_kernel_install,
	&loader_proxmox_grub,
	&loader_proxmox_systemd_boot,
	&loader_limine_entry_tool,
	&loader_limine,
	&loader_refind,
	&loader_u_boot_menu,
	&loader_extlinux,
	NULL,
};

/* A file that is made is made from the distribution's, or from this boot. */
static void watch_files(struct watches *watches, const struct loader_file *files)
{
	for (const struct loader_file *lf = files; lf->path; lf++) {
		const char *suffix = has_suffix(lf->path, "/") ? ".conf" : NULL;
		const struct watched list[] = { { .path = lf->path, .suffix = suffix },
			{ .path = lf->make ? DISTRIBUTION_CMDLINE : NULL }, { 0 } };

		watch(watches, list);
	}
}

static void watch_variable(struct watches *watches, const struct loader_variable *v)
{
	const struct watched list[] = { { .path = v->main }, { .path = v->dropin },
		{ .path = v->dir, .suffix = strrchr(v->dropin, '.') }, { 0 } };

	watch(watches, list);
}

void loader_watch(struct watches *watches)
{
	for (size_t i = 0; loader_table[i]; i++) {
		const struct loader *row = loader_table[i];

		if (row->files)
			watch_files(watches, row->files);
		if (row->variable)
			watch_variable(watches, row->variable);
		if (row->watched)
			watch(watches, row->watched);
	}
	loader_watch_prompt(watches);
}

/* What tells loaders apart: in LoaderInfo (Boot Loader Interface), or what they put on
 * the kernel command line. */
static const struct {
	enum loader_by by;
	enum confidence confidence;
	const char *text;
} clues[] = {
	{ BY_GRUB, CONFIDENCE_FIRMWARE, "GRUB" },
	{ BY_SYSTEMD_BOOT, CONFIDENCE_FIRMWARE, "systemd-boot" },
	{ BY_LIMINE, CONFIDENCE_FIRMWARE, "Limine" },
	{ BY_REFIND, CONFIDENCE_FIRMWARE, "rEFInd" },
	{ BY_GRUB, CONFIDENCE_CMDLINE, "BOOT_IMAGE=" },
	{ BY_SYSLINUX, CONFIDENCE_CMDLINE, "BOOT_IMAGE=" },
	{ BY_SYSTEMD_BOOT, CONFIDENCE_CMDLINE, "initrd=\\" },
	{ BY_REFIND, CONFIDENCE_CMDLINE, "initrd=" },
};

/* "/a and /b are here." */
static void say_files(struct evidence *e, const char *const *paths)
{
	autofree char *list = NULL;

	if (!paths || !*paths)
		return;
	list = strv_join((char *const *)paths, " and ");
	evidence_say(e, CONFIDENCE_FILES, "%s %s here.", list, paths[1] ? "are" : "is");
}

/* What this boot tells about what loaded it. */
struct this_boot {
	char *loader, *stub; /* LoaderInfo, StubInfo; NULL: unknown */
	const char *cmdline;
};

/* GRUB puts BOOT_IMAGE= before the words of every Linux that it boots (grub-core/loader/
 * i386/linux.c, grub_create_loader_cmdline()): files of it that this boot does not fit
 * count less than any other loader's. */
static void say_left_over(struct evidence *e, const struct this_boot *boot)
{
	if (e->loader->by != BY_GRUB || e->confidence != CONFIDENCE_FILES ||
		!boot->cmdline || strstr(boot->cmdline, "BOOT_IMAGE="))
		return;
	evidence_say(e, CONFIDENCE_LEFT,
		"But /proc/cmdline has no BOOT_IMAGE=, which it puts there.");
	e->confidence = CONFIDENCE_LEFT;
}

static void say_boot(struct evidence *e, const struct this_boot *boot)
{
	bool told = boot->loader && boot->loader[0];

	if (e->loader->by == BY_STUB && boot->stub) {
		evidence_say(e, CONFIDENCE_FIRMWARE,
			"This boot was a unified kernel image: the EFI variable StubInfo says %s.",
			boot->stub);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(clues); i++) {
		bool firmware = clues[i].confidence == CONFIDENCE_FIRMWARE;
		const char *text = firmware ? boot->loader : boot->cmdline;

		/* systemd-boot started the image, whose command line is its own. */
		if (clues[i].by != e->loader->by || !text || boot->stub ||
			!strstr(text, clues[i].text) || (told && !firmware))
			continue;
		if (firmware)
			evidence_say(e, CONFIDENCE_FIRMWARE,
				"The EFI variable LoaderInfo says %s.", text);
		else
			evidence_say(e, CONFIDENCE_CMDLINE,
				"/proc/cmdline has %s, as it puts there.", clues[i].text);
		return;
	}
	say_left_over(e, boot);
}

static void loaders_look(
	const struct probe *p, const struct loader *loader, const struct this_boot *boot)
{
	struct evidence *e;

	if (!root_has_all(p->root, loader->needs) ||
		root_has_any(p->root, loader->absent))
		return;
	GROW(p->host->evidence, p->host->n_evidence);
	e = &p->host->evidence[p->host->n_evidence];
	e->loader = loader;
	e->refresh = loader->refresh;
	say_files(e, loader->needs);
	if ((!loader->detect || loader->detect(p, e)) && e->confidence) {
		p->host->n_evidence++;
		say_boot(e, boot);
		loader_check_prompt(p, e);
		e->by_default = efi_text(p->root, EFI_ENTRY_DEFAULT);
		return;
	}
	evidence_done(e);
}

/* The strongest first; of one strength, in the order of the table. */
static void sort(struct evidence *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && list[j].confidence > list[j - 1].confidence;
			j--) {
			struct evidence swap = list[j];

			list[j] = list[j - 1];
			list[j - 1] = swap;
		}
}

void loader_detect(const struct probe *p)
{
	autofree char *info = efi_text(p->root, EFI_LOADER_INFO);
	autofree char *stub = efi_text(p->root, EFI_STUB_INFO);
	const struct this_boot boot = {
		.loader = info, .stub = stub, .cmdline = p->host->cmdline
	};

	for (size_t i = 0; loader_table[i]; i++)
		loaders_look(p, loader_table[i], &boot);
	sort(p->host->evidence, p->host->n_evidence);
}

bool loader_conflict(const struct host *host)
{
	return host->n_evidence > 1 &&
	       host->evidence[1].confidence == host->evidence[0].confidence;
}

const struct evidence *loader_pick(const struct host *host, const char *choice)
{
	if (!host->n_evidence)
		return NULL;
	for (size_t i = 0; choice && i < host->n_evidence; i++)
		if (streq(host->evidence[i].loader->id, choice) &&
			host->evidence[0].confidence < CONFIDENCE_ALONE)
			return &host->evidence[i];
	return loader_conflict(host) ? NULL : &host->evidence[0];
}

int loader_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	if (e && e->loader->kargs)
		return e->loader->kargs(host, e, with_ours, ret, err);
	/* What this boot had is the next best. */
	*ret = kargs_split(host->cmdline ?: "");
	return 0;
}

bool loader_known(const char *id)
{
	for (size_t i = 0; loader_table[i]; i++)
		if (streq(loader_table[i]->id, id))
			return true;
	return false;
}

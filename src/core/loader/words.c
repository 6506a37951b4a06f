// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loaders whose words for the kernel are in no file: ZFSBootMenu has them in a property
 * of a ZFS file system, the firmware in an EFI variable. The other files of a plan are
 * the host's own; for the words the plan says what to do.
 */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/efi.h"
#include "core/loader/loader.h"

static const char *const zbm_signs[] = { "/etc/zfsbootmenu/config.yaml",
	"/boot/efi/EFI/ZBM", "/boot/efi/EFI/zbm", "/efi/EFI/ZBM", "/efi/EFI/zbm",
	"/boot/EFI/ZBM", "/boot/EFI/zbm" };

/* The ZFS file system that is /, or NULL; by the mounts, else by what this boot was
 * told. */
static char *zfs_root(const struct host *host)
{
	static const char *const words[] = { "root=zfs:", "root=ZFS=" };
	const struct mount *m = mounts_find(&host->places.mounts, "/");
	autostrv char **kargs = NULL;

	if (m && streq(m->type, "zfs"))
		return xstrdup(m->source);
	kargs = kargs_split(host->cmdline ?: "");
	strv_foreach (word, kargs)
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			if (after_prefix(word, words[i]))
				return xstrdup(after_prefix(word, words[i]));
	return NULL;
}

/* It starts the kernel by kexec, with its own root=zfs: and spl_hostid= before the
 * property's words (zfsbootmenu-core.sh, load_be_cmdline and kexec_kernel). */
static bool look_zfsbootmenu(const struct probe *p, struct evidence *e)
{
	autofree char *root = zfs_root(p->host);
	const char *cmdline = p->host->cmdline;

	if (!root)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(zbm_signs); i++)
		if (root_exists(p->root, zbm_signs[i]))
			evidence_say(e, CONFIDENCE_FILES, "%s is here.", zbm_signs[i]);
	if (!e->confidence)
		return false;
	if (cmdline && strstr(cmdline, "spl_hostid=") && strstr(cmdline, "root=zfs:") &&
		!strstr(cmdline, "BOOT_IMAGE="))
		evidence_say(e, CONFIDENCE_CMDLINE,
			"/proc/cmdline has root=zfs: and spl_hostid=, as it puts there.");
	return true;
}

/* zfsbootmenu(7), org.zfsbootmenu:commandline; zbm-kcl(8). */
static void instruct_zfsbootmenu(struct draft *draft, char *const *kargs)
{
	autofree char *root = zfs_root(draft->host), *line = strv_join(kargs, " ");

	draft_instruction(draft,
		"# the words that are there already, to be kept:\n"
		"zfs get -H -o value org.zfsbootmenu:commandline %s\n"
		"# them, and these behind them:\n"
		"zfs set org.zfsbootmenu:commandline=\"... %s\" %s\n"
		"# (zbm-kcl -a WORD %s, where it is installed, adds one WORD)",
		root, line, root, root);
}

/*
 * Whether the firmware started the kernel itself, as an entry of efibootmgr(8) has it:
 * what this boot was told is in the entry's own variable. Between firmware and kernel no
 * loader leaves LoaderInfo or StubInfo.
 */
static bool look_efistub(const struct probe *p, struct evidence *e)
{
	autofree char *info = efi_text(p->root, EFI_LOADER_INFO);
	autofree char *stub = efi_text(p->root, EFI_STUB_INFO);
	autofree char *name = NULL, *words = NULL;

	if (info || stub || !p->host->cmdline ||
		efi_boot_current(p->root, &name, &words) < 0 || !strstr(words, "root=") ||
		!strstr(p->host->cmdline, words))
		return false;
	evidence_say(e, CONFIDENCE_FIRMWARE,
		"The firmware started the kernel itself: the EFI variable %s has the words of /proc/cmdline.",
		name);
	return true;
}

static void instruct_efistub(struct draft *draft, char *const *kargs)
{
	autofree char *line = strv_join(kargs, " ");

	draft_instruction(draft,
		"# BootCurrent, and the words that this entry has:\n"
		"efibootmgr -u\n"
		"# a new one like it, of the same disk, partition and loader, with these behind them; delete the old one once the new one has booted:\n"
		"efibootmgr --create --disk DISK --part N --label LABEL --loader 'LOADER' --unicode 'WORDS %s'",
		line);
}

const struct loader loader_zfsbootmenu = {
	.id = "zfsbootmenu",
	.title = "ZFSBootMenu",
	.detect = look_zfsbootmenu,
	.instruct = instruct_zfsbootmenu,
	.words_only = true,
};

const struct loader loader_efistub = {
	.id = "efistub",
	.title = "The firmware (EFI stub)",
	.detect = look_efistub,
	.instruct = instruct_efistub,
	.words_only = true,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of boot loaders, and which of them boots this host. */
#include "core/loader/loader.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <stdarg.h>

const struct loader *const loader_table[] = {
	&loader_ostree,
	&loader_nixos,
	&loader_transactional,
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
	NULL,
};

/* EFI variables of this boot. The first four bytes are attributes (efivarfs). */
#define EFI_VARIABLE(name, guid) "/sys/firmware/efi/efivars/" name "-" guid
#define LOADER_INFO EFI_VARIABLE("LoaderInfo", "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f")
#define STUB_INFO EFI_VARIABLE("StubInfo", "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f")
#define SECURE_BOOT EFI_VARIABLE("SecureBoot", "8be4df61-93ca-11d2-aa0d-00e098032b8c")
#define EFI_MAX ((size_t)4096)

/* What tells loaders apart: in LoaderInfo (Boot Loader Interface), or what they put on
 * the kernel command line. */
static const struct {
	enum loader_by by;
	enum strength strength;
	const char *text;
} clues[] = {
	{ BY_GRUB, SPEAKS_FIRMWARE, "GRUB" },
	{ BY_SYSTEMD_BOOT, SPEAKS_FIRMWARE, "systemd-boot" },
	{ BY_LIMINE, SPEAKS_FIRMWARE, "Limine" },
	{ BY_REFIND, SPEAKS_FIRMWARE, "rEFInd" },
	{ BY_GRUB, SPEAKS_CMDLINE, "BOOT_IMAGE=" },
	{ BY_SYSTEMD_BOOT, SPEAKS_CMDLINE, "initrd=\\" },
	{ BY_REFIND, SPEAKS_CMDLINE, "initrd=" },
};

/* An EFI variable's text, its UTF-16 taken for ASCII; NULL where there is none. */
static int read_efi(const struct root *root, const char *path, char **ret)
{
	autofree char *data = NULL;
	size_t len, n = 0;
	int r = root_read(root, path, EFI_MAX, &data, &len);

	if (r < 0)
		return *ret = NULL, r == -ENOMEM ? r : 0;
	for (size_t i = 4; i + 1 < len && data[i]; i += 2)
		data[n++] = data[i];
	data[n] = '\0';
	*ret = TAKE(data);
	return 0;
}

/* Four bytes of attributes, then 1 where it is on (UEFI specification, 3.3). */
bool efi_secure_boot(const struct root *root)
{
	autofree char *data = NULL;
	size_t len;

	return root_read(root, SECURE_BOOT, EFI_MAX, &data, &len) == 0 && len == 5 &&
	       data[4] == 1;
}

int evidence_say(struct evidence *e, enum strength strength, const char *fmt, ...)
{
	autofree char *text = NULL;
	char *both;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	if (!text || text_set(&both, "%s%s%s", e->why ?: "", e->why ? " " : "", text) < 0)
		return -ENOMEM;
	free(e->why);
	e->why = both;
	if (strength > e->strength)
		e->strength = strength;
	return 0;
}

bool any_exists(const struct host *host, const char *const *paths)
{
	for (; paths && *paths; paths++)
		if (root_exists(host->root, *paths))
			return true;
	return false;
}

static bool all_exist(const struct host *host, const char *const *paths)
{
	for (; paths && *paths; paths++)
		if (!root_exists(host->root, *paths))
			return false;
	return true;
}

/* "/a and /b are here." */
static int say_files(struct evidence *e, const char *const *paths)
{
	autofree char *list = NULL;

	if (!paths || !*paths)
		return 0;
	if (strv_join((char *const *)paths, " and ", &list) < 0)
		return -ENOMEM;
	return evidence_say(
		e, SPEAKS_FILES, "%s %s here.", list, paths[1] ? "are" : "is");
}

/* What this boot tells about what loaded it. */
struct boot {
	char *loader, *stub; /* LoaderInfo, StubInfo; NULL: unknown */
	const char *cmdline;
};

static int say_boot(struct evidence *e, const struct boot *boot)
{
	bool told = boot->loader && boot->loader[0];

	if (e->loader->by == BY_STUB && boot->stub)
		return evidence_say(e, SPEAKS_FIRMWARE,
			"This boot was a unified kernel image: the EFI variable StubInfo "
			"says %s.",
			boot->stub);
	for (size_t i = 0; i < ARRAY_SIZE(clues); i++) {
		bool firmware = clues[i].strength == SPEAKS_FIRMWARE;
		const char *text = firmware ? boot->loader : boot->cmdline;

		/* systemd-boot started the image, whose command line is its own. */
		if (clues[i].by != e->loader->by || !text || boot->stub ||
			!strstr(text, clues[i].text) || (told && !firmware))
			continue;
		return firmware ? evidence_say(e, SPEAKS_FIRMWARE,
					  "The EFI variable LoaderInfo says %s.", text)
				: evidence_say(e, SPEAKS_CMDLINE,
					  "/proc/cmdline has %s, as it puts there.",
					  clues[i].text);
	}
	return 0;
}

static void evidence_done(struct evidence *e)
{
	free(e->why);
	free(e->no_prompt);
	copies_free(e->copies, e->n_copies);
	*e = (struct evidence){ 0 };
}

static int look(struct host *host, const struct loader *loader, const struct boot *boot)
{
	struct evidence *e;
	int r;

	if (!all_exist(host, loader->needs) || any_exists(host, loader->absent))
		return 0;
	if (GROW(host->evidence, host->n_evidence) < 0)
		return -ENOMEM;
	e = &host->evidence[host->n_evidence];
	e->loader = loader;
	e->refresh = loader->refresh;
	r = say_files(e, loader->needs);
	if (r == 0 && (!loader->look || loader->look(host, e)) && e->strength) {
		host->n_evidence++;
		r = say_boot(e, boot);
		return r < 0 ? r : loader_check_prompt(host, e);
	}
	evidence_done(e);
	return r;
}

/* The strongest first; of one strength, in the order of the table. */
static void sort(struct evidence *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && list[j].strength > list[j - 1].strength;
			j--) {
			struct evidence swap = list[j];

			list[j] = list[j - 1];
			list[j - 1] = swap;
		}
}

int loader_detect(struct host *host)
{
	autofree char *info = NULL, *stub = NULL;
	struct boot boot = { .cmdline = host->cmdline };

	if (read_efi(host->root, LOADER_INFO, &info) < 0 ||
		read_efi(host->root, STUB_INFO, &stub) < 0)
		return -ENOMEM;
	boot.loader = info;
	boot.stub = stub;
	for (size_t i = 0; loader_table[i]; i++)
		if (look(host, loader_table[i], &boot) < 0)
			return -ENOMEM;
	sort(host->evidence, host->n_evidence);
	return 0;
}

void evidence_free(struct evidence *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		evidence_done(&list[i]);
	free(list);
}

bool loader_conflict(const struct host *host)
{
	return host->n_evidence > 1 &&
	       host->evidence[1].strength == host->evidence[0].strength;
}

const struct evidence *loader_pick(const struct host *host, const char *choice)
{
	if (!host->n_evidence)
		return NULL;
	for (size_t i = 0; choice && i < host->n_evidence; i++)
		if (streq(host->evidence[i].loader->id, choice) &&
			host->evidence[0].strength < SPEAKS_ALONE)
			return &host->evidence[i];
	return loader_conflict(host) ? NULL : &host->evidence[0];
}

int loader_words(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	if (e && e->loader->words)
		return e->loader->words(host, e, with_ours, ret, err);
	/* What this boot had is the next best. */
	if (words_split(host->cmdline ?: "", ret) < 0)
		return err_oom(err);
	return 0;
}

bool loader_known(const char *id)
{
	for (size_t i = 0; loader_table[i]; i++)
		if (streq(loader_table[i]->id, id))
			return true;
	return false;
}

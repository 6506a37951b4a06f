// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * systemd-boot, with entries that kernel-install makes from /etc/kernel/cmdline or that
 * people keep by hand, and openSUSE's sdbootutil. "bootctl update" makes no entries: they
 * are edited themselves, and kernel-install's source beside them.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/loader/loader.h"

#define ENTRIES                                                                          \
	{ .path = "/efi/loader/entries/", .format = &format_entry },                     \
		{ .path = "/boot/efi/loader/entries/", .format = &format_entry },        \
	{                                                                                \
		.path = "/boot/loader/entries/", .format = &format_entry                 \
	}

static const char *const installed[] = { "/efi/EFI/systemd", "/boot/efi/EFI/systemd",
	"/boot/EFI/systemd", "/efi/loader/loader.conf", "/boot/efi/loader/loader.conf",
	"/boot/loader/loader.conf", NULL };

/* "TOKEN-RELEASE.conf" for an installed kernel: kernel-install's names. */
static bool is_generated(const struct host *host, const struct file *f)
{
	const char *name = strrchr(f->path, '/') + 1;

	if (!strstr(f->path, "/loader/entries/") || !f->text)
		return false;
	for (size_t i = 0; i < host->n_kernels; i++) {
		const char *at = strstr(name, host->kernels[i].release);

		if (at && at > name && at[-1] == '-')
			return true;
	}
	return false;
}

static bool any_generated(const struct host *host)
{
	for (size_t i = 0; i < host->n_files; i++)
		if (is_generated(host, &host->files[i]))
			return true;
	return false;
}

static bool is_installed(const struct host *host, struct evidence *e)
{
	for (const char *const *path = installed; *path; path++)
		if (root_exists(host->root, *path))
			return evidence_say(e, SPEAKS_FILES, "%s is here.", *path) == 0;
	return false;
}

static bool look_kernel_install(const struct host *host, struct evidence *e)
{
	return any_generated(host) && is_installed(host, e) && inplace_look(host, e);
}

static bool look_by_hand(const struct host *host, struct evidence *e)
{
	return !any_generated(host) && is_installed(host, e) && inplace_look(host, e);
}

/* A word in sed's basic regular expressions. */
static void add_pattern(struct buf *b, const char *word)
{
	for (; *word; word++)
		buf_printf(b, strchr(".*[]\\/^$&", *word) ? "\\%c" : "%c", *word);
}

/* "s/ WORD$//;..." from the last word to the first: they are at the end of the line. */
static int cut_script(char *const *words, char **ret)
{
	autobuf struct buf b = { 0 };

	buf_puts(&b, "/^options/{");
	for (size_t i = strv_len(words); i-- > 0;) {
		buf_puts(&b, "s/ ");
		add_pattern(&b, words[i]);
		/* kernel-install may add systemd.machine_id= behind them. */
		buf_puts(&b, "\\( \\|$\\)/\\1/;");
	}
	buf_puts(&b, "}");
	return buf_take(&b, ret);
}

/* sed with these options, on every entry that kernel-install made. */
static int sed_entries(
	const struct host *host, const char *option, const char *script, char ***ret)
{
	autostrv char **argv = NULL;

	if (strv_add(&argv, "/usr/bin/sed") < 0 || strv_add(&argv, option) < 0 ||
		strv_add(&argv, script) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < host->n_files; i++)
		if (is_generated(host, &host->files[i]) &&
			strv_add(&argv, host->files[i].path) < 0)
			return -ENOMEM;
	*ret = TAKE(argv);
	return 0;
}

/*
 * Without /etc/kernel/cmdline kernel-install takes the running kernel's command line, and
 * a hook of the initramfs may call it: once the file that was made for our words is gone
 * again, they have to be taken out of what it has made of a boot that still had them.
 */
static int cut_again(struct build *b, char *const *words, bool made)
{
	autofree char *script = NULL;
	autostrv char **show = NULL, **cut = NULL;
	struct command *c;

	if (cut_script(words, &script) < 0 ||
		sed_entries(b->host, "-n", "/^options/p", &show) < 0 ||
		sed_entries(b->host, "-i", script, &cut) < 0 ||
		build_command(b, (const char *const *)(made ? show : cut),
			made ? "shows the command lines that the entries have now"
			     : "takes the words out of entries that were made of this "
			       "boot's command line") < 0)
		return -ENOMEM;
	c = &b->plan->commands[b->plan->n_commands - 1];
	return strv_copy(made ? cut : show, &c->undo);
}

static int set_kernel_install(
	struct build *b, const struct evidence *e, char *const *words)
{
	bool was_made = strv_has(b->host->claims.made, KERNEL_CMDLINE);
	size_t before = b->plan->n_changes;
	int r = inplace_set(b, e, words);
	bool made = strv_has(b->plan->claims.made, KERNEL_CMDLINE);

	if (r < 0 || b->plan->n_changes == before || made == was_made)
		return r;
	return cut_again(b, made ? words : b->host->claims.added, made);
}

static const struct loader_file generated[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline, .make = true },
	ENTRIES,
	{ 0 },
};
static const char *const kernel_install_needs[] = { "/usr/bin/kernel-install", NULL };
static const char *const others[] = { "/usr/bin/sdbootutil", PROXMOX_UUIDS,
	"/etc/kernelstub/configuration", NULL };

const struct loader loader_kernel_install = {
	.id = "kernel-install",
	.title = "systemd-boot with kernel-install",
	.by = BY_SYSTEMD_BOOT,
	.needs = kernel_install_needs,
	.absent = others,
	.look = look_kernel_install,
	.files = generated,
	.words = inplace_words,
	.set = set_kernel_install,
};

static const struct loader_file by_hand[] = { ENTRIES, { 0 } };

const struct loader loader_systemd_boot = {
	.id = "systemd-boot",
	.title = "systemd-boot with entries kept by hand",
	.by = BY_SYSTEMD_BOOT,
	.absent = others,
	.look = look_by_hand,
	.files = by_hand,
	.words = inplace_words,
	.set = inplace_set,
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
	.words = inplace_words,
	.set = inplace_set,
	.refresh = update_entries,
	.refresh_why = "writes the kernel command line into every entry",
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * systemd-boot with entries that kernel-install makes from /etc/kernel/cmdline. They are
 * edited themselves, and that source beside them. Beside each it keeps a kernel and an
 * image of its own, copies of those in /boot: they are what the host boots.
 */
#include "core/loader/kernel-install.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/copies.h"
#include "core/loader/entries.h"
#include "core/loader/inplace.h"
#include "core/loader/loader.h"
#include "core/loader/systemd-boot.h"

/* Whether a name is "TOKEN-RELEASE.conf", or "TOKEN-RELEASE+3-0.conf" where boots are
 * counted. */
static bool is_entry_of(const char *name, const struct kernel *k)
{
	const char *at = strstr(name, k->release);
	const char *end = at ? at + strlen(k->release) : "";

	return at && at > name && at[-1] == '-' && (*end == '+' || streq(end, ".conf"));
}

/* For an installed kernel: kernel-install's names. NULL: it is none of these. Where one
 * release begins with another, the longer one is meant. */
static const struct kernel *kernel_of(const struct host *host, const struct file *f)
{
	const struct kernel *found = NULL;

	if (!strstr(f->path, "/loader/entries/") || !f->text)
		return NULL;
	for (size_t i = 0; i < host->n_kernels; i++) {
		const struct kernel *k = &host->kernels[i];

		if (is_entry_of(strrchr(f->path, '/') + 1, k) &&
			(!found || strlen(k->release) > strlen(found->release)))
			found = k;
	}
	return found;
}

bool kernel_install_in_use(const struct host *host)
{
	for (size_t i = 0; i < host->n_files; i++)
		if (kernel_of(host, &host->files[i]))
			return true;
	return false;
}

/* What update-initramfs runs, of Debian's package systemd-boot: kernel-install then
 * copies the kernel and the image, and writes the entry. */
static const char *const hooks[] = { "/etc/initramfs/post-update.d/systemd-boot", NULL };

static bool kernel_install_look(const struct probe *p, struct evidence *e)
{
	for (size_t i = 0; i < p->host->n_files; i++) {
		const struct kernel *k = kernel_of(p->host, &p->host->files[i]);

		if (k)
			copies_of_entry(
				p, &p->host->files[i], (size_t)(k - p->host->kernels), e);
	}
	e->renewed = root_has_any(p->root, hooks);
	return kernel_install_in_use(p->host) && systemd_boot_installed(p, e) &&
	       inplace_detect(p, e);
}

/* A word in sed's basic regular expressions. */
static void add_pattern(struct buf *b, const char *word)
{
	for (; *word; word++)
		buf_printf(b, strchr(".*[]\\/^$&", *word) ? "\\%c" : "%c", *word);
}

/* "s/ WORD$//;..." from the last word to the first: they are at the end of the line. */
static char *cut_script(char *const *kargs)
{
	autobuf struct buf b = { 0 };

	buf_puts(&b, "/^options/{");
	for (size_t i = strv_len(kargs); i-- > 0;) {
		buf_puts(&b, "s/ ");
		add_pattern(&b, kargs[i]);
		/* kernel-install may add systemd.machine_id= behind them. */
		buf_puts(&b, "\\( \\|$\\)/\\1/;");
	}
	buf_puts(&b, "}");
	return buf_take(&b);
}

/* sed with these options, on every entry that kernel-install made. */
static char **sed_entries(const struct host *host, const char *option, const char *script)
{
	char **argv = NULL;

	strv_add(&argv, "/usr/bin/sed");
	strv_add(&argv, option);
	strv_add(&argv, script);
	for (size_t i = 0; i < host->n_files; i++)
		if (kernel_of(host, &host->files[i]))
			strv_add(&argv, host->files[i].path);
	return argv;
}

/*
 * Without /etc/kernel/cmdline kernel-install takes the running kernel's command line, and
 * a hook of the initramfs may call it: once the file that was made for our words is gone
 * again, they have to be taken out of what it has made of a boot that still had them.
 */
static void cut_again(struct draft *draft, char *const *kargs, bool made)
{
	autofree char *script = cut_script(kargs);
	autostrv char **show = sed_entries(draft->host, "-n", "/^options/p");
	autostrv char **cut = sed_entries(draft->host, "-i", script);

	draft_command_undo(draft, (const char *const *)(made ? show : cut),
		(const char *const *)(made ? cut : show),
		made ? "shows the command lines that the entries have now"
		     : "takes the words out of entries that were made of this boot's command line");
}

static void kernel_install_edit(
	struct draft *draft, const struct evidence *e, char *const *kargs)
{
	bool was_made = strv_has(draft->host->claims.made, KERNEL_CMDLINE);
	size_t before = draft->plan->steps.n_changes;
	bool made;

	inplace_edit(draft, e, kargs);
	made = strv_has(draft->plan->claims.made, KERNEL_CMDLINE);
	if (draft->plan->steps.n_changes != before && made != was_made)
		cut_again(draft, made ? kargs : draft->host->claims.added, made);
}

/* The words that the plan leaves in the entry are there afterwards, too. */
static void add_entry(
	struct draft *draft, size_t command, const char *path, char *const *kargs)
{
	autofree char *options = entry_value(draft_text(draft, path), "options");
	autostrv char **holds = NULL;

	strv_foreach (word, kargs)
		if (options && kargs_in_line(options, WORDS_BLANK, word))
			strv_add(&holds, word);
	copies_artifact(draft, command, path, NULL, holds, "an entry of the boot loader");
}

static void warn_of_copy(struct draft *draft, const struct boot_copy *c)
{
	if (plan_find(draft->plan, FOUND_IMAGE_COPY, NULL)) /* one for all kernels */
		return;
	draft_finding(draft, FINDING_WARNING, FOUND_IMAGE_COPY, NULL,
		"%s boots %s, which %s is not known to renew: run kernel-install add for each kernel afterwards, and see that vfio-pci is in that image.",
		c->entry, c->image, draft->generator->row->title);
}

/* image is the index of the artifact that this is a copy of. */
static void kernel_install_add_copy(
	struct draft *draft, const struct boot_copy *c, size_t image, char *const *kargs)
{
	const struct artifact original =
		draft->plan->steps.artifacts[image]; /* the list may move */

	if (streq(c->image, original.path))
		return;
	if (!streq(draft->generator->row->id, "initramfs-tools") ||
		!draft->loader->renewed) {
		warn_of_copy(draft, c);
		return;
	}
	copies_artifact(draft, original.command, c->image, original.list, original.holds,
		"the image that the boot loader takes");
	if (c->linux_image)
		copies_artifact(draft, original.command, c->linux_image, NULL, NULL,
			"the kernel that the boot loader takes");
	add_entry(draft, original.command, c->entry, kargs);
}

static void artifacts(struct draft *draft, char *const *kargs)
{
	size_t images = draft->plan->steps.n_artifacts;

	for (size_t i = 0; draft->generator && i < draft->loader->n_copies; i++) {
		const struct boot_copy *c = &draft->loader->copies[i];

		for (size_t j = 0; j < images; j++)
			if (streq(draft->plan->steps.artifacts[j].path,
				    draft->generator->images[c->kernel]))
				kernel_install_add_copy(draft, c, j, kargs);
	}
}

static const struct loader_file files[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline, .make = true },
	ENTRIES,
	{ 0 },
};
static const char *const needs[] = { "/usr/bin/kernel-install", NULL };

const struct loader loader_kernel_install = {
	.id = "kernel-install",
	.title = "systemd-boot with kernel-install",
	.by = BY_SYSTEMD_BOOT,
	.needs = needs,
	.absent = systemd_boot_others,
	.detect = kernel_install_look,
	.files = files,
	.kargs = inplace_kargs,
	.entries = inplace_entries,
	.edit = kernel_install_edit,
	.artifacts = artifacts,
};

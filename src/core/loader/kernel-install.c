// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * systemd-boot with entries that kernel-install makes from /etc/kernel/cmdline. They are
 * edited themselves, and that source beside them. Beside each it keeps a kernel and an
 * image of its own, copies of those in /boot: they are what the host boots.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"

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

static bool look(const struct probe *p, struct evidence *e)
{
	for (size_t i = 0; i < p->host->n_files; i++) {
		const struct kernel *k = kernel_of(p->host, &p->host->files[i]);

		if (k && copies_of_entry(p, &p->host->files[i],
				 (size_t)(k - p->host->kernels), e) < 0)
			return false;
	}
	e->renewed = root_has_any(p->root, hooks);
	return kernel_install_in_use(p->host) && systemd_boot_installed(p, e) &&
	       inplace_look(p, e);
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
		if (kernel_of(host, &host->files[i]) &&
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

static int set(struct build *b, const struct evidence *e, char *const *words)
{
	bool was_made = strv_has(b->host->claims.made, KERNEL_CMDLINE);
	size_t before = b->plan->n_changes;
	int r = inplace_set(b, e, words);
	bool made = strv_has(b->plan->claims.made, KERNEL_CMDLINE);

	if (r < 0 || b->plan->n_changes == before || made == was_made)
		return r;
	return cut_again(b, made ? words : b->host->claims.added, made);
}

/* The words that the plan leaves in the entry are there afterwards, too. */
static int add_entry(
	struct build *b, size_t command, const char *path, char *const *words)
{
	autofree char *options = NULL;
	autostrv char **holds = NULL;

	if (entry_value(build_text(b, path), "options", &options) < 0)
		return -ENOMEM;
	strv_foreach (word, words)
		if (options && words_in_line(options, WORDS_BLANK, word) &&
			strv_add(&holds, word) < 0)
			return -ENOMEM;
	return copies_product(
		b, command, path, NULL, holds, "an entry of the boot loader");
}

static int warn_of_copy(struct build *b, const struct boot_copy *c)
{
	if (plan_has_finding(b->plan, "image-copy")) /* one for all kernels */
		return 0;
	return build_finding(b, FINDING_WARNING, "image-copy",
		"%s boots %s, which %s is not known to renew: run kernel-install add for "
		"each kernel afterwards, and see that vfio-pci is in that image.",
		c->entry, c->image, b->generator->row->title);
}

/* image is the index of the product that this is a copy of. */
static int add_copy(
	struct build *b, const struct boot_copy *c, size_t image, char *const *words)
{
	const struct product original = b->plan->products[image]; /* the list may move */

	if (streq(c->image, original.path))
		return 0;
	if (b->generator->row != &initramfs_tools || !b->loader->renewed)
		return warn_of_copy(b, c);
	if (copies_product(b, original.command, c->image, original.list, original.holds,
		    "the image that the boot loader takes") < 0)
		return -ENOMEM;
	if (c->linux_image && copies_product(b, original.command, c->linux_image, NULL,
				      NULL, "the kernel that the boot loader takes") < 0)
		return -ENOMEM;
	return add_entry(b, original.command, c->entry, words);
}

static int products(struct build *b, char *const *words)
{
	size_t images = b->plan->n_products;

	for (size_t i = 0; b->generator && i < b->loader->n_copies; i++) {
		const struct boot_copy *c = &b->loader->copies[i];

		for (size_t j = 0; j < images; j++)
			if (streq(b->plan->products[j].path,
				    b->generator->images[c->kernel]) &&
				add_copy(b, c, j, words) < 0)
				return -ENOMEM;
	}
	return 0;
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
	.detect = look,
	.files = files,
	.words = inplace_words,
	.set = set,
	.products = products,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * systemd-boot with entries that kernel-install makes from /etc/kernel/cmdline. They are
 * edited themselves, and that source beside them. Beside each it keeps a kernel and an
 * image of its own, copies of those in /boot: they are what the host boots.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/edit/words.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"

#define DIR "/loader/entries/"

/* "TOKEN-RELEASE.conf" for an installed kernel: kernel-install's names. */
static const struct kernel *kernel_of(const struct host *host, const struct file *f)
{
	const char *name = strrchr(f->path, '/') + 1;

	if (!strstr(f->path, DIR) || !f->text)
		return NULL;
	for (size_t i = 0; i < host->n_kernels; i++) {
		const char *at = strstr(name, host->kernels[i].release);

		if (at && at > name && at[-1] == '-')
			return &host->kernels[i];
	}
	return NULL;
}

bool kernel_install_in_use(const struct host *host)
{
	for (size_t i = 0; i < host->n_files; i++)
		if (kernel_of(host, &host->files[i]))
			return true;
	return false;
}

static bool look(const struct host *host, struct evidence *e)
{
	return kernel_install_in_use(host) && systemd_boot_installed(host, e) &&
	       inplace_look(host, e);
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

/* What the key has in an entry, the last time; NULL for nothing. The caller's. */
static int entry_value(const char *text, const char *key, char **ret)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n'), line += !!line) {
		const char *value = line + len;

		if (strncmp(line, key, len) != 0 || !strchr(" \t", *value) || !*value)
			continue;
		value += strspn(value, " \t");
		free(*ret);
		*ret = strndup(value, strcspn(value, "\r\n"));
		if (!*ret)
			return -ENOMEM;
	}
	return 0;
}

/* Where a file is that the entry names, on the partition it is on; NULL for none. */
static int entry_file(
	const struct host *host, const struct file *entry, const char *key, char **ret)
{
	autofree char *value = NULL, *path = NULL;
	int top = (int)(strstr(entry->path, DIR) - entry->path);

	if (entry_value(entry->text, key, &value) < 0)
		return -ENOMEM;
	if (!value)
		return 0;
	if (text_set(&path, "%.*s/%s", top, entry->path, value + strspn(value, "/")) < 0)
		return -ENOMEM;
	*ret = root_exists(host->root, path) ? TAKE(path) : NULL;
	return 0;
}

static int add_product(struct build *b, size_t command, const char *path,
	char *const *list, char *const *holds, const char *why)
{
	struct plan *plan = b->plan;

	for (size_t i = 0; i < plan->n_products; i++)
		if (streq(plan->products[i].path, path)) /* of two entries */
			return 0;
	if (build_product(b, path, (const char *const *)list, holds, why) < 0)
		return -ENOMEM;
	plan->products[plan->n_products - 1].command = command;
	return 0;
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
	return add_product(b, command, path, NULL, holds, "an entry of the boot loader");
}

/* What update-initramfs runs, of Debian's package systemd-boot: kernel-install then
 * copies the kernel and the image, and writes the entry. */
static const char *const hooks[] = { "/etc/initramfs/post-update.d/systemd-boot", NULL };

static int warn_of_copy(struct build *b, const struct file *entry, const char *copy)
{
	return build_finding(b, FINDING_WARNING, "image-copy",
		"%s boots %s, which %s is not known to renew: run kernel-install add for "
		"that kernel afterwards, and see that vfio-pci is in that image.",
		entry->path, copy, b->generator->row->title);
}

/* image is the index of the product that the entry has a copy of. */
static int add_copies(
	struct build *b, const struct file *entry, size_t image, char *const *words)
{
	const struct product original = b->plan->products[image]; /* the list may move */
	autofree char *copy = NULL, *kernel = NULL;

	if (entry_file(b->host, entry, "initrd", &copy) < 0 ||
		entry_file(b->host, entry, "linux", &kernel) < 0)
		return -ENOMEM;
	/* Microcode may be the only one. */
	if (!copy || streq(copy, original.path) ||
		!after_prefix(strrchr(copy, '/') + 1, "init"))
		return 0;
	if (b->generator->row != &initramfs_tools || !any_exists(b->host, hooks))
		return warn_of_copy(b, entry, copy);
	if (add_product(b, original.command, copy, original.list, original.holds,
		    "the image that the boot loader takes") < 0)
		return -ENOMEM;
	if (kernel && add_product(b, original.command, kernel, NULL, NULL,
			      "the kernel that the boot loader takes") < 0)
		return -ENOMEM;
	return add_entry(b, original.command, entry->path, words);
}

static int copies(struct build *b, char *const *words)
{
	size_t images = b->plan->n_products;

	for (size_t i = 0; i < b->host->n_files; i++) {
		const struct file *entry = &b->host->files[i];
		const struct kernel *k = kernel_of(b->host, entry);
		const char *path = k && b->generator
					   ? b->generator->images[k - b->host->kernels]
					   : NULL;

		for (size_t j = 0; path && j < images; j++)
			if (streq(b->plan->products[j].path, path) &&
				add_copies(b, entry, j, words) < 0)
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
	.look = look,
	.files = files,
	.words = inplace_words,
	.set = set,
	.copies = copies,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Entries in the files of loaders: a text is cut into blocks, from one line that begins
 * an entry to the next, and each is read by itself. Keys as in the Boot Loader
 * Specification (type 1), Limine's CONFIG.md, rEFInd's "Configuring the boot manager",
 * syslinux.cfg(5).
 */
#include "core/loader/entries.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/linux.h"
#include "core/loader/inplace.h"

static const struct kind {
	const struct cmdline_format *format;
	const char
		*begin; /* how the first line of an entry begins; NULL: the file is one */
	const char *title; /* a key; NULL: it is in the first line */
	const char *of_linux[3]; /* keys that only entries of Linux have; their file */
	const char *image[4]; /* keys of what is started, Linux or not */
	const char *hidden; /* a key that takes the entry out of the menu */
} kinds[] = {
	{ &format_entry, NULL, "title", { "linux", "uki" }, { "efi" }, NULL },
	{ &format_limine, "/", NULL, { "kernel_path" }, { "path" }, NULL },
	{ &format_refind, "\"", NULL, { NULL }, { NULL }, NULL },
	{ &format_stanza, "menuentry ", NULL, { NULL }, { "loader" }, "disabled" },
	{ &format_append, "label ", "menu label", { "linux" },
		{ "kernel", "com32", "localboot" }, NULL },
};

void boot_entry_done(struct boot_entry *entry)
{
	free(entry->id);
	free(entry->title);
	strv_free(entry->kargs);
	*entry = (struct boot_entry){ 0 };
}

void boot_entries_done(struct boot_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		boot_entry_done(&entries->list[i]);
	free(entries->list);
	*entries = (struct boot_entries){ 0 };
}

static const char *next_of(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* The title that the first line has, behind what begins it: in quotes, or to its end. */
static char *first_title(const struct kind *kind, const char *block)
{
	const char *s = line_value(block, kind->begin), *end = "\r\n";
	char *title;

	if (kind->format == &format_limine)
		s += strspn(s, "/+ \t");
	if (kind->format == &format_stanza)
		end = "{\r\n";
	if (kind->format == &format_refind || *s == '"') {
		s += *s == '"';
		end = "\"\r\n";
	}
	title = xstrndup(s, strcspn(s, end));
	for (size_t n = strlen(title); n && strchr(" \t", title[n - 1]); n--)
		title[n - 1] = '\0';
	return title;
}

/* Whether the path's name is that of the kernel: its release, or its package on Arch. */
static bool names_kernel(const char *path, const struct kernel *k)
{
	const char *names[] = { k->release, k->package };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *at = names[i] ? strstr(path, names[i]) : NULL;

		if (at && at > path && strchr("-/", at[-1]) &&
			strchr("/#", at[strlen(names[i])]))
			return true;
	}
	return false;
}

static const struct kernel *kernel_of_path(const struct host *host, const char *path)
{
	for (size_t i = 0; path && i < host->n_kernels; i++)
		if (names_kernel(path, &host->kernels[i]))
			return &host->kernels[i];
	return NULL;
}

static void first_value(const char *block, const char *const *keys, char **ret)
{
	for (; !*ret && *keys; keys++)
		*ret = block_value(block, *keys);
}

/* The file that the block starts; *ret_linux: a key says that it is Linux. */
static void block_image(
	const struct kind *kind, const char *block, char **ret, bool *ret_linux)
{
	first_value(block, kind->of_linux, ret);
	*ret_linux = *ret || kind->format == &format_refind;
	first_value(block, kind->image, ret);
}

/* Reads a block as an entry, if it is one; id is its own unless the title is. */
static bool read_block(const struct host *host, const struct kind *kind,
	const char *block, struct boot_entry *entry)
{
	autofree char *image = NULL, *hidden = NULL;

	entry->kargs = cmdlines_first(block, kind->format, &entry->rescue);
	block_image(kind, block, &image, &entry->is_linux);
	if (kind->title)
		entry->title = block_value(block, kind->title);
	hidden = block_value(block, kind->hidden);
	entry->kernel = kernel_of_path(host, image);
	entry->is_linux |= entry->kernel || kargs_value(entry->kargs, "root");
	if (kind->format->boots_linux && !kind->format->boots_linux(block, entry->kargs))
		entry->is_linux = false;
	return !hidden && (image || entry->kargs);
}

/* "arch+3-0.conf" is "arch": boots are counted in the name. */
static char *id_of_file(const char *path)
{
	const char *name = strrchr(path, '/') + 1, *counter = strrchr(name, '+');
	size_t len = strlen(name) - strlen(".conf");

	if (counter && streq(counter + 1 + strspn(counter + 1, "0123456789-"), ".conf"))
		len = (size_t)(counter - name);
	return xstrndup(name, len);
}

/* The file's own word for what boots by itself, before all labels; NULL: none. */
static char *default_of(const struct kind *kind, const char *text)
{
	autofree char *by_menu = NULL;

	if (kind->format != &format_append)
		return NULL;
	by_menu = block_value(text, "menu default");
	return by_menu ? NULL : block_value(text, "default");
}

static void name_entry(const struct kind *kind, const struct file *f, const char *block,
	const char *by_itself, struct boot_entry *entry)
{
	entry->path = f->path;
	entry->id = kind->begin ? first_title(kind, block) : id_of_file(f->path);
	if (!kind->title)
		entry->title = xstrdup(entry->id);
	entry->is_default = by_itself && streq(by_itself, entry->id);
}

/* Adds the entry of the text's bytes up to end, if they are one. */
static void add_block(const struct host *host, const struct kind *kind,
	const struct file *f, const char *start, const char *end, const char *by_itself,
	struct boot_entries *ret)
{
	autofree char *block = xstrndup(start, (size_t)(end - start));
	CLEANUP(boot_entry_done) struct boot_entry entry = { 0 };

	if (!read_block(host, kind, block, &entry))
		return;
	name_entry(kind, f, block, by_itself, &entry);
	GROW(ret->list, ret->n);
	ret->list[ret->n++] = entry;
	entry = (struct boot_entry){ 0 };
}

static void add_file(const struct host *host, const struct kind *kind,
	const struct file *f, struct boot_entries *ret)
{
	autofree char *by_itself = default_of(kind, f->text);
	const char *start = kind->begin ? NULL : f->text;

	for (const char *line = f->text; *line; line = next_of(line)) {
		if (!kind->begin || !line_value(line, kind->begin))
			continue;
		if (start)
			add_block(host, kind, f, start, line, by_itself, ret);
		start = line;
	}
	if (start)
		add_block(host, kind, f, start, start + strlen(start), by_itself, ret);
}

void inplace_entries(
	const struct host *host, const struct evidence *e, struct boot_entries *ret)
{
	*ret = (struct boot_entries){ 0 };
	for (const struct loader_file *lf = e->loader->files; lf->path; lf++)
		for (size_t i = 0; i < host->n_files; i++)
			for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
				if (kinds[k].format == lf->format &&
					host->files[i].text &&
					loader_file_is(lf, &host->files[i]))
					add_file(host, &kinds[k], &host->files[i], ret);
}

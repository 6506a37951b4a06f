// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Limine: limine.conf itself, or, where limine-entry-tool makes that file (CachyOS,
 * Omarchy), what it reads: /etc/limine-entry-tool.d, then /etc/default/limine, which has
 * the last word. A line there is KERNEL_CMDLINE[default]="...", or += on top.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/block.h"
#include "core/loader/entries.h"
#include "core/loader/inplace.h"
#include "core/loader/loader.h"

#define DEFAULTS "/etc/default/limine"
#define DIR "/etc/limine-entry-tool.d/"
#define DROPIN DIR "zz-pciferry.conf"
#define VARIABLE "KERNEL_CMDLINE[default]"

/* What a line adds to the variable, between its quotes; *ret_anew: or sets it to. */
static const char *limine_value_of(const char *line, size_t *ret_len, bool *ret_anew)
{
	const char *s = after_prefix(line + strspn(line, " \t"), VARIABLE);

	if (!s)
		return NULL;
	s += strspn(s, " \t");
	*ret_anew = *s != '+';
	s += *s == '+';
	if (*s != '=')
		return NULL;
	s += 1 + strspn(s + 1, " \t");
	if (*s == '"' || *s == '\'') {
		const char quote[] = { *s, '\n', '\0' };

		*ret_len = strcspn(s + 1, quote);
		return s + 1;
	}
	*ret_len = strcspn(s, "\n");
	return s;
}

static void read_text(struct buf *b, const char *text)
{
	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len;
		bool anew;
		const char *value = limine_value_of(line, &len, &anew);

		if (!value)
			continue;
		if (anew)
			b->len = 0;
		buf_puts(b, " ");
		buf_add(b, value, len);
	}
}

static int limine_read_file(
	struct buf *b, const struct file *f, bool with_ours, struct err *err)
{
	autofree char *users = NULL;

	if (f->problem)
		return err_set(err, -EIO, "%s", f->problem);
	if (!f->text || (!with_ours && streq(f->path, DROPIN)))
		return 0;
	users = block_without(f->text);
	read_text(b, with_ours ? f->text : users);
	return 0;
}

static int tool_words(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	autobuf struct buf b = { 0 };
	autofree char *line = NULL;
	int r = 0;

	(void)e;
	for (size_t i = 0; r == 0 && i < host->n_files; i++)
		if (after_prefix(host->files[i].path, DIR))
			r = limine_read_file(&b, &host->files[i], with_ours, err);
	if (r == 0)
		r = limine_read_file(&b, host_file(host, DEFAULTS), with_ours, err);
	if (r < 0)
		return r;
	line = buf_take(&b);
	*ret = kargs_split(line);
	return 0;
}

/* Ours alone would be a command line without root=. */
static void refuse_unset(struct draft *draft)
{
	draft_finding(draft, FINDING_REFUSAL, FOUND_UNSET_CMDLINE, NULL,
		"Neither " DEFAULTS " nor a file in " DIR " sets " VARIABLE
		": write your whole kernel command line there first, so that it can be added to.");
}

static void tool_set(struct draft *draft, const struct evidence *e, char *const *wanted)
{
	bool defaults = host_text(draft->host, DEFAULTS);
	const char *path = defaults ? DEFAULTS : DROPIN;
	autofree char *joined = NULL, *line = NULL, *after = NULL;

	(void)e;
	if (wanted && !kargs_value(draft->user_kargs, "root")) {
		refuse_unset(draft);
		return;
	}
	joined = strv_join(wanted, " ");
	if (wanted)
		line = text_printf(VARIABLE "+=\" %s\"\n", joined);
	after = block_set(host_text(draft->host, path), line);
	draft_change(draft, path, after,
		wanted ? "kernel command line" : "no words are needed any more");
}

static const char *const limine_update[] = { "/usr/bin/limine-update", NULL };
static const char *const limine_mkinitcpio[] = { "/usr/bin/limine-mkinitcpio", NULL };

static bool tool_look(const struct probe *p, struct evidence *e)
{
	e->refresh = root_exists(p->root, limine_update[0]) ? limine_update
							    : limine_mkinitcpio;
	return root_exists(p->root, e->refresh[0]);
}

static const struct watched tool_watched[] = {
	{ .path = DEFAULTS },
	{ .path = DROPIN },
	{ .path = DIR, .suffix = ".conf" },
	{ 0 },
};
static const char *const tool_needs[] = { "/usr/bin/limine-entry-tool", NULL };

const struct loader loader_limine_entry_tool = {
	.id = "limine-entry-tool",
	.title = "Limine with limine-entry-tool",
	.by = BY_LIMINE,
	.needs = tool_needs,
	.detect = tool_look,
	.watched = tool_watched,
	.kargs = tool_words,
	.edit = tool_set,
	.refresh_why = "writes the kernel command line into limine.conf",
};

/* Where Limine looks for it, with the ESP at its usual mount points (limine, USAGE.md).
 */
static const struct loader_file files[] = {
	{ .path = "/boot/limine.conf", .format = &format_limine },
	{ .path = "/boot/limine/limine.conf", .format = &format_limine },
	{ .path = "/boot/EFI/limine/limine.conf", .format = &format_limine },
	{ .path = "/boot/EFI/BOOT/limine.conf", .format = &format_limine },
	{ .path = "/boot/efi/limine.conf", .format = &format_limine },
	{ .path = "/boot/efi/EFI/limine/limine.conf", .format = &format_limine },
	{ .path = "/boot/efi/EFI/BOOT/limine.conf", .format = &format_limine },
	{ .path = "/efi/limine.conf", .format = &format_limine },
	{ .path = "/efi/EFI/limine/limine.conf", .format = &format_limine },
	{ .path = "/efi/EFI/BOOT/limine.conf", .format = &format_limine },
	{ 0 },
};

const struct loader loader_limine = {
	.id = "limine",
	.title = "Limine",
	.by = BY_LIMINE,
	.absent = tool_needs,
	.detect = inplace_detect,
	.files = files,
	.kargs = inplace_kargs,
	.entries = inplace_entries,
	.edit = inplace_edit,
};

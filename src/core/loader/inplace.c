// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Command lines that stand in files which others write too: entries of loaders,
 * /etc/kernel/cmdline and the like. A word goes to every command line of this system; the
 * claims remember it, so that a release takes out what we put in and nothing else.
 */
#include "core/loader/inplace.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/loader.h"
#include "core/loader/shellvar.h"

/*
 * What this boot says: a command line with another root= boots another system; and where
 * the host runs from a fallback image, names do not tell what is for recovery.
 */
static char *look_at_boot(const struct host *host, struct cmdline_edit *edit)
{
	autostrv char **kargs = NULL;
	const char *root;
	char *copy;

	kargs = kargs_split(host->cmdline ?: "");
	strv_foreach (word, kargs)
		if (after_prefix(word, "initrd=") && strstr(word, "fallback"))
			edit->by_words = true;
	root = kargs_value(kargs, "root");
	edit->root = copy = root ? xstrdup(root) : NULL;
	return copy;
}

bool loader_file_is(const struct loader_file *lf, const struct file *f)
{
	const char *rest = after_prefix(f->path, lf->path);

	if (!lf->format || !rest)
		return false;
	return has_suffix(lf->path, "/") ? !strchr(rest, '/') : !*rest;
}

static int file_words(const struct file *f, const struct loader_file *lf,
	const struct cmdline_edit *edit, char ***list, size_t *n, struct err *err)
{
	if (f->problem)
		return err_set(err, -EIO, "%s", f->problem);
	if (!f->text)
		return 0;
	cmdlines_kargs(f->text, lf->format, edit, list, n);
	return 0;
}

/* What all command lines have; where a name makes every one of them one for recovery,
 * names tell nothing: edit->by_words is set then. */
static int all_kargs(const struct host *host, const struct loader *loader,
	struct cmdline_edit *edit, char ***ret, struct err *err)
{
	autostrv char **list = NULL;
	size_t n = 0;
	int r = 0;

	for (const struct loader_file *lf = loader->files; lf->path; lf++)
		for (size_t i = 0; r == 0 && i < host->n_files; i++)
			if (loader_file_is(lf, &host->files[i]))
				r = file_words(&host->files[i], lf, edit, &list, &n, err);
	if (r == 0 && !n && !edit->by_words) {
		edit->by_words = true;
		return all_kargs(host, loader, edit, ret, err);
	}
	if (r == 0)
		*ret = TAKE(list);
	return r;
}

int inplace_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	struct cmdline_edit edit = { .ours = with_ours ? NULL : host->claims.added };
	autofree char *root UNUSED = look_at_boot(host, &edit); /* edit borrows it */

	return all_kargs(host, e->loader, &edit, ret, err);
}

bool inplace_detect(const struct probe *p, struct evidence *e)
{
	for (const struct loader_file *lf = e->loader->files; lf->path; lf++)
		for (size_t i = 0; i < p->host->n_files; i++)
			if (loader_file_is(lf, &p->host->files[i]) &&
				p->host->files[i].text) {
				evidence_say(e, CONFIDENCE_FILES,
					"%s has its command line.",
					p->host->files[i].path);
				return true;
			}
	return false;
}

/* proxmox-boot-tool makes no entry from a line without it (proxmox-boot/functions). */
static void check_root(struct draft *draft, const char *path, const char *text)
{
	autostrv char **kargs = NULL;
	autofree char *line = xstrndup(text, strcspn(text, "\n"));

	kargs = kargs_split(line);
	if (kargs_value(kargs, "root"))
		return;
	draft_finding(draft, FINDING_REFUSAL, FOUND_NO_ROOT, NULL,
		"The first line of %s has no root=, and no other line counts: the boot loader would get no entries. Write the whole kernel command line there, in one line.",
		path);
}

char *loader_running_line(const struct host *host)
{
	const char *distribution = host_text(host, DISTRIBUTION_CMDLINE);
	autostrv char **kargs = NULL, **kept = NULL;
	size_t n = 0;

	if (distribution)
		cmdlines_kargs(distribution, &format_cmdline, &(struct cmdline_edit){ 0 },
			&kargs, &n);
	if (!kargs)
		kargs = kargs_split(host->cmdline);
	strv_foreach (word, kargs)
		if (!after_prefix(word, "BOOT_IMAGE=") && !after_prefix(word, "initrd="))
			strv_add(&kept, word);
	if (kept)
		kargs_without(kept, host->claims.added);
	return strv_join(kept, " ");
}

/* The file that is not there yet, with the whole line in it: the words alone would be a
 * command line without root=. */
static void make_file(struct draft *draft, const char *path, char *const *wanted)
{
	autofree char *line = NULL, *text = NULL;

	if (!draft->host->cmdline) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_CMDLINE, NULL,
			"%s is not there and /proc/cmdline cannot be read: write the whole kernel command line into that file first.",
			path);
		return;
	}
	line = loader_running_line(draft->host);
	strv_foreach (word, wanted)
		kargs_append(&line, WORDS_BLANK, word);
	text = text_printf("%s\n", line);
	strv_add(&draft->plan->claims.made, path);
	draft_change(draft, path, text, "the kernel command line so far, and more");
}

/* Whether the file was made by us and holds nothing that this boot does not have, too. */
static bool is_made(const struct host *host, const char *path, const char *text)
{
	autofree char *line = NULL;
	size_t n;

	if (!strv_has(host->claims.made, path) || !host->cmdline)
		return false;
	line = loader_running_line(host);
	n = strlen(line);
	return strncmp(text, line, n) == 0 && streq(text + n, "\n");
}

static void set_file(struct draft *draft, const struct file *f,
	const struct loader_file *lf, const struct cmdline_edit *edit, size_t *n_lines)
{
	autofree char *after = NULL;
	size_t n;

	if (f->problem) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNREADABLE_CONFIG, NULL, "%s",
			f->problem);
		return;
	}
	if (!f->text && lf->make && edit->wanted) {
		++*n_lines;
		make_file(draft, f->path, edit->wanted);
		return;
	}
	if (!f->text)
		return;
	if (edit->wanted && strv_has(draft->host->claims.made, f->path))
		strv_add(&draft->plan->claims.made, f->path);
	after = cmdlines_set(f->text, lf->format, edit, &n);
	*n_lines += n;
	if (lf->format == &format_first_line && edit->wanted)
		check_root(draft, f->path, f->text);
	if (!edit->wanted && is_made(draft->host, f->path, after)) {
		draft_change(draft, f->path, NULL, "it was made for the words");
		return;
	}
	draft_change(draft, f->path, after,
		edit->wanted || edit->ids ? "kernel command line"
					  : "the words are not needed any more");
}

/*
 * Command lines for recovery get what keeps vfio-pci out, as a user would type it: they
 * boot with the host's own drivers. Where the user has done so nothing is ours.
 */
static void edit_rescue(struct draft *draft, const struct file *f,
	const struct loader_file *lf, const struct cmdline_edit *others)
{
	static const char *const some[] = { WAY_OUT_WORD, NULL };
	bool was = strv_has(draft->host->claims.rescue, f->path);
	const char *text = draft_text(draft, f->path);
	struct cmdline_edit edit = *others;
	autofree char *after = NULL;
	size_t n;

	edit.recovery = edit.way_out = true;
	edit.ours = was ? (char *const *)some : NULL;
	edit.wanted = draft->plan->claims.n ? (char *const *)some : NULL;
	if (!f->text || !text || !claim_driver_valid(f->path) /* a blank */ ||
		(!was && (!edit.wanted || strstr(f->text, WAY_OUT_WORD))))
		return;
	after = cmdlines_set(text, lf->format, &edit, &n);
	if (n && edit.wanted)
		strv_add(&draft->plan->claims.rescue, f->path);
	draft_change(draft, f->path, after,
		edit.wanted ? "its entry for recovery keeps vfio-pci out"
			    : "the words are not needed any more");
}

/* The words as the plan has them in that file, in its first such line. */
static char *words_in(const struct draft *draft, const char *path)
{
	const char *text = draft_text(draft, path);
	const char *at = text ? strstr(text, WAY_OUT_WORD) : NULL;

	return at ? xstrndup(at, strcspn(at, "\"\r\n")) : xstrdup(WAY_OUT_WORD);
}

static void tell_rescue(struct draft *draft)
{
	autofree char *list = NULL, *words = NULL;

	if (!draft->plan->claims.rescue)
		return;
	list = strv_join(draft->plan->claims.rescue, ", ");
	words = words_in(draft, draft->plan->claims.rescue[0]);
	draft_finding(draft, FINDING_INFO, FOUND_WAY_OUT_ENTRY, NULL,
		"The entry for recovery in %s has %s: it boots with this host's own drivers.",
		list, words);
}

void inplace_edit(struct draft *draft, const struct evidence *e, char *const *wanted)
{
	autostrv char **kargs = NULL;
	size_t n = 0;
	struct cmdline_edit edit = { .ours = draft->host->claims.added,
		.wanted = wanted,
		.ids = draft->line_ids,
		.added = &draft->plan->claims.added };
	autofree char *root UNUSED =
		look_at_boot(draft->host, &edit); /* edit borrows it */

	draft->plan->claims.added = strv_copy(wanted);
	(void)all_kargs(draft->host, e->loader, &edit, &kargs, NULL);
	for (const struct loader_file *lf = e->loader->files; lf->path; lf++) {
		for (size_t i = 0; i < draft->host->n_files; i++) {
			if (!loader_file_is(lf, &draft->host->files[i]))
				continue;
			set_file(draft, &draft->host->files[i], lf, &edit, &n);
			edit_rescue(draft, &draft->host->files[i], lf, &edit);
		}
		if (lf->variable && host_text(draft->host, lf->path))
			shellvar_edit_file(draft, lf->path, lf->variable, NULL, wanted);
	}
	if (wanted && !n) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_NO_CMDLINE, NULL,
			"No file of %s has a command line for this root file system that words can be added to (a quote may be open in it).",
			e->loader->title);
		return;
	}
	tell_rescue(draft);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The user's own ids=. Files of modprobe.d are read in the order of their names, the
 * kernel command line after them, and the kernel keeps the last value only. A vfio-pci
 * that is part of the kernel sees the command line alone. Arguments in
 * /etc/initramfs-tools/modules count where vfio-pci is loaded from that list, which is
 * late: they are taken over, not relied upon. An image that lacks the file of the user's
 * (dracut's generic ones have no /etc/modprobe.d; modules.d/90kernel-modules) has
 * vfio-pci without these IDs: what the claims need then stands in a file of ours too.
 */
#include "core/existing/ids.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/kargs.h"
#include "core/format/block.h"
#include "core/format/modlist.h"
#include "core/format/kargs.h"
#include "core/initramfs/initramfs.h"
#include "core/method/idlist.h"
#include "core/method/ids.h"
#include "core/method/method.h"
#include "core/existing/existing.h"
#include "core/loader/entries.h"
#include "core/method/methods.h"

#define LIST "/etc/initramfs-tools/modules"

struct source {
	char *place; /* "FILE:LINE", or the kernel command line */
	char *value;
	bool counts; /* false: of a list, or for a vfio-pci that does not read it */
	bool cmdline;
	const char *entry; /* the one entry that has it, the draft's; NULL: all do */
	bool outside; /* of a file that the images lack */
};

struct sources {
	struct source *list; /* in the order they are read */
	size_t n;
};

static void sources_done(struct sources *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->list[i].place);
		free(s->list[i].value);
	}
	free(s->list);
}

/* Takes the value and the place. */
static void ids_add(struct sources *s, char *value, bool counts, char *place)
{
	GROW(s->list, s->n);
	s->list[s->n++] =
		(struct source){ .place = place, .value = value, .counts = counts };
}

static char *line_place(const struct modprobe_line *line)
{
	return text_printf("%s:%zu", line->path, line->line);
}

/* "vfio_pci ids=..." in the list of the initramfs. */
static void add_list(const struct draft *draft, struct sources *s)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	const struct file *f = host_file(draft->host, LIST);

	if (f)
		module_list_read(f->path, f->text, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct modprobe_line *line = &lines.list[i];
		const char *value = kargs_value(line->tokens + 1, "ids");

		if (value && module_name_equal(line->tokens[0], "vfio-pci"))
			ids_add(s, xstrdup(value), false, line_place(line));
	}
}

static void add_modprobe(const struct draft *draft, struct sources *s)
{
	for (size_t i = 0; i < draft->modprobe.n; i++) {
		const struct modprobe_line *line = &draft->modprobe.list[i];
		char *value;

		if (!modprobe_is(line, "options", "vfio-pci") ||
			!path_is_users(line->path))
			continue;
		value = modprobe_option(line, "ids");
		if (!value)
			continue;
		ids_add(s, value, draft->vfio_loadable, line_place(line));
		s->list[s->n - 1].outside = !method_in_image(draft, line->path);
	}
}

static void add_cmdline(const struct draft *draft, struct sources *s)
{
	strv_foreach (word, draft->user_kargs) {
		char *const one[] = { word, NULL };
		const char *ids = kargs_value(one, "vfio-pci.ids");

		if (!ids)
			continue;
		ids_add(s, xstrdup(ids), true, existing_karg_place(draft->host, word));
		s->list[s->n - 1].cmdline = true;
	}
}

/* Of single entries: in those they win over all files, elsewhere they are not there. */
static void add_entries(const struct draft *draft, struct sources *s)
{
	for (size_t i = 0; draft->boots && i < draft->boots->n; i++) {
		const struct boot_entry *entry = &draft->boots->list[i];

		strv_foreach (word, entry->kargs) {
			char *const one[] = { word, NULL };
			const char *ids = kargs_value(one, "vfio-pci.ids");

			if (!ids || strv_has(draft->user_kargs, word))
				continue;
			ids_add(s, xstrdup(ids), false,
				existing_karg_place_in(draft, entry->path, word));
			s->list[s->n - 1].entry = entry->title ?: entry->id;
		}
	}
}

/* The source that the kernel keeps, or NULL. */
static const struct source *effective(const struct sources *s)
{
	for (size_t i = s->n; i-- > 0;)
		if (s->list[i].counts)
			return &s->list[i];
	return NULL;
}

/* Quoted values may hold blanks, which the kernel skips before an ID. */
static char **split(const char *value)
{
	return strv_split(value, ", \t\"");
}

/* The IDs the claims need that are not there yet. */
static char **missing_ids(const struct draft *draft, char *const *there)
{
	char **missing = NULL;

	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct claim *claim = &draft->plan->claims.list[i];
		const struct method *method = method_find(claim->method);
		const struct device *d = draft_device(draft, claim);
		char id[METHOD_ID_SIZE];

		if (!method || !method->by_id ||
			(d ? id_list_names(there, d) : strv_has(there, claim->id)))
			continue;
		strv_add_new(&missing, d ? method_id(draft, d, id) : claim->id);
	}
	return missing;
}

/* Whether images load vfio-pci by the user's own files, without what is ours there. */
static bool users_load(const struct draft *draft)
{
	struct host users = *draft->host;
	autofree struct file *files = xcalloc(users.n_files + 1, sizeof(*files));
	autostrv char **texts = xcalloc(users.n_files + 1, sizeof(*texts));
	size_t n = 0;

	for (size_t i = 0; i < draft->host->n_files; i++) {
		const struct file *f = &draft->host->files[i];

		if (!path_is_users(f->path))
			continue;
		texts[n] = block_without(f->text);
		files[n] = *f;
		files[n].text = f->text ? texts[n] : NULL;
		n++;
	}
	users.files = files;
	users.n_files = n;
	return draft->generator->row->loads(&users, draft->user_kargs);
}

/* The images load vfio-pci without these IDs, plan or no plan: they have no effect. */
static bool is_dead(const struct draft *draft, const struct source *s)
{
	return s->outside && users_load(draft);
}

static void tell_source(
	struct draft *draft, const struct source *s, const struct source *last)
{
	if (s->entry) {
		draft_finding(draft, FINDING_INFO,
			draft->line_ids ? FOUND_IDS_MERGED : FOUND_IDS_THERE, NULL,
			draft->line_ids
				? "%s has ids=%s for the boot entry \"%s\" alone: they stay, and ours are added to them in that entry, whose command line wins over all files."
				: "%s has ids=%s for the boot entry \"%s\" alone: it stays as it is.",
			s->place, s->value, s->entry);
	} else if (s == last && s->outside && draft->ids) {
		draft_finding(draft, FINDING_WARNING, FOUND_IDS_OUTSIDE, NULL,
			is_dead(draft, s)
				? "%s: ids=%s has no effect: the initramfs of %s loads vfio-pci, and does not have that file. What the chosen devices need is written into one that it has."
				: "%s has ids=%s, but the initramfs of %s does not have that file: they stay, and are written with ours into one that it has.",
			s->place, s->value, draft->generator->row->title);
	} else if (s == last || (!s->counts && draft->vfio_loadable)) {
		if (!draft->ids)
			draft_finding(draft, FINDING_INFO, FOUND_IDS_THERE, NULL,
				"%s has ids=%s: it stays as it is.", s->place, s->value);
		else
			draft_finding(draft, FINDING_INFO, FOUND_IDS_MERGED, NULL,
				"%s already has ids=%s: they stay, ours are added to them.",
				s->place, s->value);
	} else if (!s->counts) {
		draft_finding(draft, FINDING_WARNING, FOUND_OPTIONS_BUILT_IN, NULL,
			"%s: ids=%s has no effect: vfio-pci is part of the kernel here, and only the kernel command line reaches it.",
			s->place, s->value);
	} else {
		draft_finding(draft, FINDING_WARNING, FOUND_IDS_IGNORED, NULL,
			"%s: ids=%s has no effect: the kernel keeps the last ids= only, and another comes after it.",
			s->place, s->value);
	}
}

/* Entries that the kernel skips: "invalid id string". */
static void tell_invalid(struct draft *draft, const struct source *s)
{
	autostrv char **entries = split(s->value);

	strv_foreach (entry, entries)
		if (!id_valid(entry))
			draft_finding(draft, FINDING_WARNING, FOUND_IDS_INVALID, NULL,
				"%s: \"%s\" in ids= is no ID such as 10de:2684; the kernel skips it.",
				s->place, entry);
}

static void ids_tell(
	struct draft *draft, const struct sources *s, const struct source *last)
{
	for (size_t i = 0; i < s->n; i++) {
		tell_source(draft, &s->list[i], last);
		tell_invalid(draft, &s->list[i]);
	}
}

/* b->ids: the user's and ours, where ours are needed; else b->existing_ids is how it is.
 */
static void merge(struct draft *draft, const struct sources *s, const struct source *last)
{
	autostrv char **there = NULL, **missing = NULL;
	bool enough = last && !last->outside && (last->cmdline || !draft->vfio_builtin);

	/* A list that nothing reads is not brought to life. */
	if (last && !is_dead(draft, last))
		there = split(last->value);
	/* Where one kernel has vfio-pci built in, files are enough for the others only;
	 * where the images lack the file, for what comes after them only. */
	missing = missing_ids(draft, enough ? there : NULL);
	for (size_t i = 0; i < s->n; i++) { /* lists, the last word where it is alone */
		autostrv char **more = NULL;

		if (s->list[i].counts || s->list[i].entry || !draft->vfio_loadable)
			continue;
		more = split(s->list[i].value);
		strv_foreach (id, more)
			strv_add_new(&there, id);
	}
	if (!missing) {
		draft->existing_ids = TAKE(there);
		return;
	}
	strv_foreach (id, missing)
		strv_add_new(&there, id);
	draft->ids = TAKE(there);
}

/* Another generator does not read the list, and a conffile outlives its package. */
static bool list_counts(const struct draft *draft)
{
	return !draft->generator || streq(draft->generator->row->id, "initramfs-tools");
}

/* What nothing reads today must not come to life by a merge. */
static void tell_unread_list(struct draft *draft)
{
	CLEANUP(sources_done) struct sources s = { 0 };

	if (list_counts(draft))
		return;
	add_list(draft, &s);
	for (size_t i = 0; i < s.n; i++)
		draft_finding(draft, FINDING_INFO, FOUND_NOT_READ, NULL,
			"%s has ids=%s, which nothing reads here: %s builds the initramfs. It stays as it is.",
			s.list[i].place, s.list[i].value, draft->generator->row->title);
}

static void collect(const struct draft *draft, struct sources *s)
{
	if (list_counts(draft))
		add_list(draft, s);
	add_modprobe(draft, s);
	add_cmdline(draft, s);
	add_entries(draft, s);
}

static bool some_entries(const struct sources *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].entry)
			return true;
	return false;
}

void existing_ids(struct draft *draft)
{
	CLEANUP(sources_done) struct sources s = { 0 };
	const struct source *last;

	if (draft->enable_only)
		return;
	collect(draft, &s);
	last = effective(&s);
	merge(draft, &s, last);
	if (some_entries(&s))
		draft->line_ids = missing_ids(draft, NULL);
	ids_tell(draft, &s, last);
	tell_unread_list(draft);
}

char *existing_ids_place(const struct draft *draft, const struct device *d)
{
	CLEANUP(sources_done) struct sources s = { 0 };
	const struct source *last;

	collect(draft, &s);
	last = effective(&s);
	for (size_t i = 0; i < s.n; i++) {
		autostrv char **ids = NULL;

		if (&s.list[i] != last && !s.list[i].entry &&
			(s.list[i].counts || !draft->vfio_loadable))
			continue;
		ids = split(s.list[i].value);
		if (id_list_names(ids, d))
			return TAKE(s.list[i].place);
	}
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The user's own ids=. Files of modprobe.d are read in the order of their names, the
 * kernel command line after them, and the kernel keeps the last value only. A vfio-pci
 * that is part of the kernel sees the command line alone. Arguments in
 * /etc/initramfs-tools/modules count where vfio-pci is loaded from that list, which is
 * late: they are taken over, not relied upon.
 */
#include "core/existing/ids.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/kargs.h"
#include "core/format/modlist.h"
#include "core/format/kargs.h"
#include "core/method/idlist.h"
#include "core/method/ids.h"
#include "core/method/method.h"
#include "core/existing/existing.h"
#include "core/method/methods.h"

#define LIST "/etc/initramfs-tools/modules"

struct source {
	char *place; /* "FILE:LINE", or the kernel command line */
	char *value;
	bool counts; /* false: of a list, or for a vfio-pci that does not read it */
	bool cmdline;
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
static int ids_add(struct sources *s, char *value, bool counts, char *place)
{
	if (!place || GROW(s->list, s->n) < 0) {
		free(value);
		free(place);
		return -ENOMEM;
	}
	s->list[s->n++] =
		(struct source){ .place = place, .value = value, .counts = counts };
	return 0;
}

static char *line_place(const struct modprobe_line *line)
{
	return text_printf("%s:%zu", line->path, line->line);
}

/* "vfio_pci ids=..." in the list of the initramfs. */
static int add_list(const struct draft *draft, struct sources *s)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	const struct file *f = host_file(draft->host, LIST);

	if (f && module_list_read(f->path, f->text, &lines) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < lines.n; i++) {
		const struct modprobe_line *line = &lines.list[i];
		const char *value = kargs_value(line->tokens + 1, "ids");
		char *own;

		if (!value || !module_name_equal(line->tokens[0], "vfio-pci"))
			continue;
		own = strdup(value);
		if (!own || ids_add(s, own, false, line_place(line)) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_modprobe(const struct draft *draft, struct sources *s)
{
	for (size_t i = 0; i < draft->modprobe.n; i++) {
		const struct modprobe_line *line = &draft->modprobe.list[i];
		char *value = NULL;

		if (!modprobe_is(line, "options", "vfio-pci") ||
			!path_is_users(line->path))
			continue;
		if (modprobe_option(line, "ids", &value) < 0)
			return -ENOMEM;
		if (value &&
			ids_add(s, value, draft->vfio_loadable, line_place(line)) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_cmdline(const struct draft *draft, struct sources *s)
{
	char *value, *place = NULL;

	strv_foreach (word, draft->user_kargs) {
		char *const one[] = { word, NULL };
		const char *ids = kargs_value(one, "vfio-pci.ids");

		if (!ids)
			continue;
		value = strdup(ids);
		if (!value || existing_karg_place(draft, word, &place) < 0)
			return free(value), -ENOMEM;
		if (ids_add(s, value, true, place) < 0)
			return -ENOMEM;
		s->list[s->n - 1].cmdline = true;
	}
	return 0;
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
static int split(const char *value, char ***ret)
{
	return strv_split(value, ", \t\"", ret);
}

/* The IDs the claims need that are not there yet. */
static int missing_ids(const struct draft *draft, char *const *there, char ***ret)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct claim *claim = &draft->plan->claims.list[i];
		const struct method *method = method_find(claim->method);
		const struct device *d = draft_device(draft, claim);
		char id[METHOD_ID_SIZE];

		if (!method || !method->by_id ||
			(d ? id_list_names(there, d) : strv_has(there, claim->id)))
			continue;
		if (strv_add_new(ret, d ? method_id(draft, d, id) : claim->id) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int tell_source(
	struct draft *draft, const struct source *s, const struct source *last)
{
	if (s == last || (!s->counts && draft->vfio_loadable))
		return !draft->ids
			       ? draft_finding(draft, FINDING_INFO, FOUND_IDS_THERE, NULL,
					 "%s has ids=%s: it stays as it is.", s->place,
					 s->value)
			       : draft_finding(draft, FINDING_INFO, FOUND_IDS_MERGED,
					 NULL,
					 "%s already has ids=%s: they stay, ours are added to them.",
					 s->place, s->value);
	if (!s->counts)
		return draft_finding(draft, FINDING_WARNING, FOUND_OPTIONS_BUILT_IN, NULL,
			"%s: ids=%s has no effect: vfio-pci is part of the kernel here, and only the kernel command line reaches it.",
			s->place, s->value);
	return draft_finding(draft, FINDING_WARNING, FOUND_IDS_IGNORED, NULL,
		"%s: ids=%s has no effect: the kernel keeps the last ids= only, and another comes after it.",
		s->place, s->value);
}

/* Entries that the kernel skips: "invalid id string". */
static int tell_invalid(struct draft *draft, const struct source *s)
{
	autostrv char **entries = NULL;

	if (split(s->value, &entries) < 0)
		return -ENOMEM;
	strv_foreach (entry, entries)
		if (!id_valid(entry) &&
			draft_finding(draft, FINDING_WARNING, FOUND_IDS_INVALID, NULL,
				"%s: \"%s\" in ids= is no ID such as 10de:2684; the kernel skips it.",
				s->place, entry) < 0)
			return -ENOMEM;
	return 0;
}

static int ids_tell(
	struct draft *draft, const struct sources *s, const struct source *last)
{
	for (size_t i = 0; i < s->n; i++)
		if (tell_source(draft, &s->list[i], last) < 0 ||
			tell_invalid(draft, &s->list[i]) < 0)
			return -ENOMEM;
	return 0;
}

/* b->ids: the user's and ours, where ours are needed; else b->existing_ids is how it is.
 */
static int merge(struct draft *draft, const struct sources *s, const struct source *last)
{
	autostrv char **there = NULL, **missing = NULL;

	if (last && split(last->value, &there) < 0)
		return -ENOMEM;
	/* Where one kernel has vfio-pci built in, files are enough for the others only.
	 */
	if (missing_ids(draft,
		    last && draft->vfio_builtin && !last->cmdline ? NULL : there,
		    &missing) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++) { /* lists, the last word where it is alone */
		autostrv char **more = NULL;

		if (s->list[i].counts || !draft->vfio_loadable)
			continue;
		if (split(s->list[i].value, &more) < 0)
			return -ENOMEM;
		strv_foreach (id, more)
			if (strv_add_new(&there, id) < 0)
				return -ENOMEM;
	}
	if (!missing)
		return draft->existing_ids = TAKE(there), 0;
	strv_foreach (id, missing)
		if (strv_add_new(&there, id) < 0)
			return -ENOMEM;
	draft->ids = TAKE(there);
	return 0;
}

static int collect(const struct draft *draft, struct sources *s)
{
	return add_list(draft, s) < 0 || add_modprobe(draft, s) < 0 ||
			       add_cmdline(draft, s) < 0
		       ? -ENOMEM
		       : 0;
}

int existing_ids(struct draft *draft)
{
	CLEANUP(sources_done) struct sources s = { 0 };
	const struct source *last;

	if (draft->enable_only)
		return 0;
	if (collect(draft, &s) < 0)
		return -ENOMEM;
	last = effective(&s);
	return merge(draft, &s, last) < 0 ? -ENOMEM : ids_tell(draft, &s, last);
}

int existing_ids_place(const struct draft *draft, const struct device *d, char **ret)
{
	CLEANUP(sources_done) struct sources s = { 0 };
	const struct source *last;

	if (collect(draft, &s) < 0)
		return -ENOMEM;
	last = effective(&s);
	for (size_t i = 0; i < s.n && !*ret; i++) {
		autostrv char **ids = NULL;

		if (&s.list[i] != last && (s.list[i].counts || !draft->vfio_loadable))
			continue;
		if (split(s.list[i].value, &ids) < 0)
			return -ENOMEM;
		if (id_list_names(ids, d))
			*ret = TAKE(s.list[i].place);
	}
	return 0;
}

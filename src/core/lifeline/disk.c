// SPDX-License-Identifier: GPL-2.0-or-later
/* Who uses disks: mounted file systems, swap, and what /etc/fstab wants at boot. */
#include "core/lifeline/disk.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/lifeline/block.h"
#include "core/lifeline/filesystem.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

static void trace_mount(struct trace *t, const struct mount *m)
{
	autowalk struct walk w = { .trace = t, .user = m->point };

	walk_mount(&w, m);
}

/* Bind mounts and containers mount one file system many times: once is enough. */
static bool seen_before(const struct mounts *mounts, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (streq(mounts->list[i].numbers, mounts->list[j].numbers) &&
			streq(mounts->list[i].type, mounts->list[j].type) &&
			streq(mounts->list[i].source, mounts->list[j].source))
			return true;
	return false;
}

/* A host that does not run, such as a disk mounted by a rescue system: any may be its
 * root's. */
static void unknown_mounts(struct trace *t)
{
	autowalk struct walk w = { .trace = t, .user = "/" };

	host_note(t->host,
		"Cannot read /proc/self/mountinfo: which disks are in use is not known.");
	walk_lost(&w, SUSPECT_DISKS, "/proc/self/mountinfo cannot be read");
}

static void trace_mounts(struct trace *t)
{
	if (mounts_read(t->root, &t->mounts) < 0)
		unknown_mounts(t);
	for (size_t i = 0; i < t->mounts.n; i++)
		if (!seen_before(&t->mounts, i))
			trace_mount(t, &t->mounts.list[i]);
}

/* Lines of /proc/swaps: Filename Type Size Used Priority; a path may be escaped. */
static void trace_swap(struct trace *t, char *line)
{
	autowalk struct walk w = { .trace = t, .user = "swap" };

	line[strcspn(line, " \t")] = '\0';
	mounts_unescape(line);
	if (line[0] != '/')
		return; /* the heading */
	if (after_prefix(line, "/dev/"))
		walk_source(&w, line);
	else
		walk_file(&w, line);
}

static void trace_swaps(struct trace *t)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read(t->root, "/proc/swaps", ROOT_TEXT_MAX, &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines)
		trace_swap(t, line);
}

/* The links udev makes for what fstab(5) calls a tag. */
static const struct {
	const char *tag, *links;
} tags[] = {
	{ "UUID=", "/dev/disk/by-uuid/" },
	{ "LABEL=", "/dev/disk/by-label/" },
	{ "PARTUUID=", "/dev/disk/by-partuuid/" },
	{ "PARTLABEL=", "/dev/disk/by-partlabel/" },
	{ "ID=", "/dev/disk/by-id/" },
	{ "/dev/", "/dev/" },
};

/* The path in /dev of the first field of fstab; NULL where it names no disk. */
static char *device_path(const char *source)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		const char *value = after_prefix(source, tags[i].tag);

		if (!value)
			continue;
		value += *value == '"';
		return text_printf(
			"%s%.*s", tags[i].links, (int)strcspn(value, "\""), value);
	}
	return NULL;
}

/*
 * The next boot without such a disk stops at a rescue shell, mounted now or not; /boot
 * and the ESP are needed by the next update even where they are mounted only then. What
 * is bound is on what is mounted.
 */
static bool is_needed(const char *point, char *const *options)
{
	if (strv_has(options, "bind") || strv_has(options, "rbind"))
		return false;
	return after_prefix(point, "/boot") || streq(point, "/efi") ||
	       (!strv_has(options, "noauto") && !strv_has(options, "nofail"));
}

static bool is_mounted(const struct trace *t, const char *point, const char *type)
{
	for (size_t i = 0; i < t->mounts.n; i++)
		if (streq(t->mounts.list[i].point, point) &&
			streq(t->mounts.list[i].type, type))
			return true;
	return false;
}

/*
 * A line of fstab(5): SOURCE POINT TYPE OPTIONS ... Swap of it is in use, or it is not.
 * What a running host does not have is on none of its devices. Of one that does not run
 * it may be on any, unless it is mounted: behind a lock, in a volume group that sleeps,
 * or its /dev is empty.
 */
static void trace_fstab_line(struct trace *t, char *line)
{
	autowalk struct walk w = { .trace = t };
	autostrv char **f = NULL, **options = NULL;
	autofree char *path = NULL, *name = NULL, *user = NULL;
	char no_numbers[] = "0:0";
	struct mount m;

	line[strcspn(line, "#")] = '\0';
	f = strv_split(line, " \t");
	if (strv_len(f) < 4)
		return;
	options = strv_split(f[3], ",");
	mounts_unescape(f[1]);
	if (f[1][0] != '/' || !is_needed(f[1], options))
		return;
	path = device_path(mounts_unescape(f[0]));
	if (block_of_source(t->root, path ?: "", &name) < 0 &&
		(t->live || is_mounted(t, f[1], f[2])))
		return;
	user = text_printf("%s (in /etc/fstab)", f[1]);
	w.user = user;
	m = (struct mount){ .numbers = no_numbers,
		.point = f[1],
		.type = f[2],
		.source = path ?: f[0],
		.options = f[3] };
	walk_mount(&w, &m);
}

static void trace_fstab(struct trace *t)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read_text(t->root, "/etc/fstab", &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines)
		trace_fstab_line(t, line);
}

void trace_disks(struct trace *t)
{
	trace_mounts(t);
	trace_swaps(t);
	trace_fstab(t);
}

static bool is_storage(const struct device *d)
{
	return device_kind(d) == DEVICE_STORAGE ||
	       d->class >> 8 == 0x0c04; /* Fibre Channel */
}

/* Storage controllers, and the rest that has a disk now: USB, card readers. */
void suspect_disks(struct trace *t, const struct doubt *doubt)
{
	autostrv char **names = NULL;

	for (size_t i = 0; i < t->host->n_devices; i++) {
		struct device *d = &t->host->devices[i];

		if (is_storage(d) && !device_is_passed(d))
			lifeline_add(d, doubt->lifeline, "%s", doubt->why);
	}
	if (root_list(t->root, "/sys/class/block", &names) < 0)
		return;
	strv_foreach (name, names)
		doubt_path(t, doubt, "/sys/class/block", name);
}

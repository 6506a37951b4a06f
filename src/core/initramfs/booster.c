// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * booster (Arch). Of modprobe.d its images have the options alone (generator/kmod.go): no
 * softdep, no alias, no blacklist; and no udev rule acts there. It starts to load what
 * modules_force_load names before it looks for devices, but does not wait for that
 * (init/main.go): where a driver is in the image too, what comes first is not certain.
 */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/edit/block.h"
#include "core/initramfs/initramfs.h"

#define CONF "/etc/booster.yaml"
#define KEY "modules_force_load"
#define MODULE "vfio_pci"
#define NOTE                                                                             \
	"# " MODULE " in " KEY                                                           \
	" above is ours, too\n"

/* Bytes [start, end) of the list in a line "KEY: a,b" at column 0, without quotes. */
struct list {
	size_t start, end;
	bool there, quoted;
	bool odd; /* no string of names: booster takes no other */
};

static struct list find_list(const char *text)
{
	struct list list = { 0 };
	const char *line = text ?: "", *value, *s;

	while (*line && !after_prefix(line, KEY ":"))
		line += strcspn(line, "\n"), line += *line == '\n';
	if (!*line)
		return list;
	value = line + strlen(KEY ":");
	s = value + strspn(value, " \t");
	list.there = true;
	list.quoted = *s == '"' || *s == '\'';
	list.odd = *s && strchr("[{|>&*!", *s);
	if (list.quoted) {
		const char *close = strchr(s + 1, *s);

		s++;
		list.odd |= !close;
		list.start = (size_t)(s - text);
		list.end = list.start + (close ? (size_t)(close - s) : 0);
		return list;
	}
	list.start = list.end = (size_t)(value - text);
	for (; *s && !strchr("\r\n", *s) && !(*s == '#' && strchr(" \t", s[-1])); s++)
		if (!strchr(" \t", *s)) {
			list.end = (size_t)(s - text) + 1;
			if (list.start == (size_t)(value - text))
				list.start = list.end - 1;
		}
	return list;
}

static int read_list(const char *text, char ***ret)
{
	struct list list = find_list(text);
	autofree char *copy =
		list.there ? strndup(text + list.start, list.end - list.start) : NULL;

	*ret = NULL;
	if (!list.there)
		return 0;
	return copy ? strv_split(copy, " \t,", ret) : -ENOMEM;
}

static bool has_vfio(char *const *modules)
{
	strv_foreach (module, modules)
		if (module_name_equal(module, "vfio_pci"))
			return true;
	return false;
}

/* The list with our module at its end: ",vfio_pci", or alone. */
static int add_ours(const char *text, char **ret)
{
	struct list list = find_list(text);
	const char *before = list.end > list.start ? "," : list.quoted ? "" : " ";

	return text_set(
		ret, "%.*s%s" MODULE "%s", (int)list.end, text, before, text + list.end);
}

/* Takes it out again, wherever it is in the list by now. */
static void cut_ours(char *text)
{
	struct list list = find_list(text);

	for (char *at = text + list.end; list.there && at-- > text + list.start;) {
		char *end = (char *)after_prefix(at, MODULE);
		bool alone = at == text + list.start;

		if (!end || !strchr(",\"' \t\r\n", *end) ||
			(!alone && !strchr(", \t", at[-1])))
			continue;
		if (at[-1] == ',' || (alone && !list.quoted && *end != ','))
			at--;
		else
			end += *end == ',';
		memmove(at, end, strlen(end) + 1);
		return;
	}
}

/* YAML has a key once: where the user has it ours goes into that list, and a block at the
 * end of the file says so. */
static int set(struct build *b, bool wanted)
{
	const char *text = host_text(b->host, CONF), *lines = KEY
	": " MODULE "\n";
	autofree char *base = text ? strdup(text) : NULL, *users = NULL;
	autofree char *after = NULL, *added = NULL;
	autostrv char **modules = NULL;
	struct list list;

	if (text && !base)
		return -ENOMEM;
	if (base && strstr(base, NOTE))
		cut_ours(base);
	if (block_without(base, &users) < 0 || read_list(users, &modules) < 0)
		return -ENOMEM;
	list = find_list(users);
	wanted &= b->vfio_loadable;
	if (wanted && list.odd)
		return build_finding(b, FINDING_REFUSAL, "booster-config",
			CONF ": " KEY " is no list of names with commas between them, "
			     "which booster wants there: make it one.");
	wanted &= !has_vfio(modules);
	if (block_set(base,
		    !wanted	 ? NULL
		    : list.there ? NOTE
				 : lines,
		    &after) < 0 ||
		(wanted && list.there && add_ours(after, &added) < 0))
		return -ENOMEM;
	return build_change(b, CONF, added ?: after,
		wanted ? "vfio-pci in every initramfs"
		       : "vfio-pci is not needed there any more");
}

static bool holds(const struct host *host UNUSED, const char *path)
{
	return after_prefix(path, "/etc/modprobe.d/");
}

static enum image_load loads(const struct host *host, char *const *words UNUSED)
{
	autostrv char **modules = NULL;

	return read_list(host_text(host, CONF), &modules) == 0 && has_vfio(modules)
		       ? IMAGE_LOADS
		       : IMAGE_LOADS_NOT;
}

static const char *const needs[] = { "/usr/bin/booster", NULL };
static const char *const signs[] = { "/usr/share/libalpm/hooks/90-booster-install.hook",
	NULL };
static const char *const images[] = { "/boot/booster-%.img", NULL };
static const char *const list[] = { "/usr/bin/booster", "ls", NULL };
static const char *const regenerate[] = { "/usr/lib/booster/regenerate_images", NULL };

const struct initramfs initramfs_booster = {
	.id = "booster",
	.title = "booster",
	.needs = needs,
	.signs = signs,
	.images = images,
	.list = list,
	.no_files = true,
	.set = set,
	.holds = holds,
	.loads = loads,
	.refresh = regenerate,
	.refresh_why = "puts vfio-pci and its options into the images of all kernels",
};

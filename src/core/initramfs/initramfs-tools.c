// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * initramfs-tools (Debian, Ubuntu). /etc/modprobe.d and /etc/udev/rules.d are copied into
 * the image by itself; the module is listed so that it is in the image whatever else is.
 * The list is loaded after udev has settled, too late to be what wins a race: softdep or
 * driver_override do that (init, scripts/init-top/udev, hook-functions of 0.142).
 */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/block.h"
#include "core/format/modlist.h"
#include "core/initramfs/initramfs.h"

/* Sorted before "udev": scripts without prerequisites run in the order of their names. */
#define EARLY "/etc/initramfs-tools/scripts/init-top/00-pciferry"
#define PROGRAM "/usr/sbin/update-initramfs"
#define CONF "/etc/initramfs-tools/update-initramfs.conf"
#define KEY "update_initramfs="
#define MODULES "/etc/initramfs-tools/modules"

static void tools_write(struct draft *draft, bool wanted)
{
	const char *text = draft_text(draft, MODULES);
	autofree char *users = block_without(text);
	bool add = wanted && draft->vfio_loadable && !module_list_has(users, "vfio-pci");
	autofree char *after = block_set(text, add ? "vfio-pci\n" : NULL);

	draft_change(draft, MODULES, after,
		wanted ? "vfio-pci in every initramfs"
		       : "vfio-pci is not needed there any more");
}

/* hooks/udev and mkinitramfs copy both directories whole. */
static bool tools_holds(const struct host *host UNUSED, const char *path)
{
	return after_prefix(path, "/etc/modprobe.d/") ||
	       after_prefix(path, "/lib/modprobe.d/") ||
	       after_prefix(path, "/usr/lib/modprobe.d/") || /* the same one */
	       after_prefix(path, "/etc/udev/rules.d/");
}

static enum image_load tools_loads(const struct host *host, char *const *kargs UNUSED)
{
	return module_list_has(host_text(host, MODULES), "vfio-pci") ? IMAGE_LOADS
								     : IMAGE_LOADS_NOT;
}

/* update-initramfs.conf(5), a shell's file: the last line counts. With "no" an -u says
 * "Not updating initramfs." and ends with 0 (update-initramfs, update()). */
static bool look_conf(const struct probe *p, struct generator *g)
{
	autofree char *text = NULL;
	size_t number = 0, at = 0;
	bool no = false;

	if (root_read_text(p->root, CONF, &text, NULL) < 0)
		return false;
	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		autofree char *copy = xstrndup(line, strcspn(line, "\n"));
		autostrv char **words = strv_split(copy, " \t\r\"';");

		number++;
		if (!words || !after_prefix(words[0], KEY))
			continue;
		at = number;
		/* Quotes end a word here, so that a quoted value is the next one. */
		no = streq_null(
			words[0][strlen(KEY)] ? words[0] + strlen(KEY) : words[1], "no");
	}
	if (!no)
		return false;
	g->off = text_printf(CONF
		":%zu has update_initramfs=no: update-initramfs -u makes no image, and ends as if it had.",
		at);
	g->off_fix = xstrdup("Set it to yes, or to all.");
	return true;
}

/* Three lines each: the name, what it became, and the package that wants it so
 * (dpkg-divert(1)). */
static bool look_diverted(const struct probe *p, struct generator *g)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read_text(p->root, "/var/lib/dpkg/diversions", &text, NULL) < 0)
		return false;
	lines = strv_split(text, "\n");
	for (size_t i = 0; i + 2 < strv_len(lines); i += 3) {
		if (!streq(lines[i], PROGRAM))
			continue;
		g->off = text_printf(PROGRAM
			" is not initramfs-tools' own, which %s has put aside as %s (/var/lib/dpkg/diversions): on live systems what stands there makes no image, and ends as if it had.",
			streq(lines[i + 2], ":") ? "somebody" : lines[i + 2],
			lines[i + 1]);
		g->off_fix = xstrdup(
			"Remove that package, or the diversion: dpkg-divert --list shows it.");
		return true;
	}
	return false;
}

/* As images are built with it out of the way: a link to true. */
static bool look_link(const struct probe *p, struct generator *g)
{
	autofree char *target = NULL;

	if (root_readlink(p->root, PROGRAM, &target) < 0 ||
		!(has_suffix(target, "/true") || streq(target, "true")))
		return false;
	g->off = text_printf(PROGRAM " is a link to %s: it makes no image.", target);
	g->off_fix =
		xstrdup("Put initramfs-tools' own back: apt reinstall initramfs-tools.");
	return true;
}

static void tools_look_off(const struct probe *p, struct generator *g)
{
	if (!look_link(p, g) && !look_diverted(p, g))
		(void)look_conf(p, g);
}

/* dracut's package in Debian 14 and Ubuntu 25.10 has an update-initramfs of its own,
 * beside what initramfs-tools left; initramfs-tools' calls mkinitramfs. */
static bool tools_detect(const struct probe *p)
{
	autofree char *text = NULL;

	return root_read_text(p->root, PROGRAM, &text, NULL) < 0 ||
	       !strstr(text, "dracut") || strstr(text, "mkinitramfs");
}

static const struct watched watched[] = { { .path = MODULES }, { 0 } };

static const char *const update_initramfs[] = { PROGRAM, "-u", "-k", "all", NULL };

static const char *const lsinitramfs[] = { "/usr/bin/lsinitramfs", NULL };
static const char *const images[] = { "/boot/initrd.img-@", NULL };
static const char *const needs[] = { PROGRAM, "/etc/initramfs-tools", NULL };
/* Its record of images it made, and what the kernel's packages run. */
static const char *const signs[] = { "/var/lib/initramfs-tools",
	"/etc/kernel/postinst.d/initramfs-tools", NULL };

const struct initramfs initramfs_tools = {
	.id = "initramfs-tools",
	.title = "initramfs-tools",
	.needs = needs,
	.signs = signs,
	.detect = tools_detect,
	.look_off = tools_look_off,
	.images = images,
	.list = lsinitramfs,
	.early_script = EARLY,
	.watched = watched,
	.write = tools_write,
	.holds = tools_holds,
	.loads = tools_loads,
	.refresh = update_initramfs,
	.refresh_why =
		"puts vfio-pci and its configuration into the initramfs of every kernel",
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dracut (Fedora, RHEL, openSUSE, Ubuntu since 25.10; Debian's package). It reads *.conf
 * only, as shell. /etc/modprobe.d is in its images where it builds for this host alone,
 * udev rules of the user's since 106: it does not depend on that if both are named.
 * vfio-pci comes first in the list, for at the first name that it does not know dracut
 * drops the rest (dracut-install.c, install_modules). force_drivers also loads it before
 * udev; claims by address need no such order, and must not have it: their rule comes
 * first.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/shell.h"
#include "core/format/kargs.h"
#include "core/initramfs/images.h"
#include "core/initramfs/initramfs.h"

#define PROGRAM "/usr/bin/dracut"
#define MAIN "/etc/dracut.conf"
#define DIR "/etc/dracut.conf.d/"
#define CONF DIR "pciferry.conf"
#define MODULE "/usr/lib/dracut/modules.d/40pciferry/"

static char *conf_text(const struct draft *draft)
{
	const char *list = draft->ids ? "force_drivers" : "add_drivers";
	autostrv char **files = initramfs_files(draft);
	autofree char *items = strv_join(files, " ");
	autobuf struct buf conf = { 0 };

	if (!files && !draft->vfio_loadable)
		return NULL;
	buf_puts(&conf, MADE_BY);
	if (draft->vfio_loadable)
		buf_printf(&conf, "%s=\" vfio_pci $%s \"\n", list, list);
	if (files)
		buf_printf(&conf, "install_items+=\" %s \"\n", items);
	return buf_take(&conf);
}

/* What a text of the user's lists and a kernel lacks, a sentence each: nothing after it
 * gets in. */
static char **list_trouble(
	const struct host *host, const char *path, const char *text, const char *name)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	autostrv char **modules = NULL;
	const struct shell_var *var;
	char **all = NULL;

	if (!text || streq(path, CONF) || shell_source(&vars, path, text, NULL) < 0)
		return NULL;
	var = shell_get(&vars, name);
	if (var)
		modules = strv_split(var->value, " \t\n");
	strv_foreach (module, modules) {
		autofree char *without = host_kernels_without(host, module);
		autofree char *sentence = NULL;

		if (!without)
			continue;
		sentence = text_printf(
			"%s: %s names %s, which the kernel %s does not have: dracut drops what comes after it.",
			path, name, module, without);
		strv_add(&all, sentence);
	}
	return all;
}

static void check_list(struct draft *draft, const struct file *f, const char *name)
{
	autostrv char **all =
		list_trouble(draft->host, f->path, draft_text(draft, f->path), name);

	strv_foreach (sentence, all)
		draft_finding(draft, FINDING_WARNING, FOUND_UNKNOWN_MODULE, NULL,
			"%s Take it out.", sentence);
}

static const char *const lists[] = { "add_drivers", "force_drivers" };

static char **dracut_trouble(const struct host *host)
{
	char **all = NULL;

	for (size_t i = 0; i < host->n_files; i++)
		for (size_t j = 0;
			after_prefix(host->files[i].path, MAIN) && j < ARRAY_SIZE(lists);
			j++) {
			const struct file *f = &host->files[i];
			autostrv char **some =
				list_trouble(host, f->path, f->text, lists[j]);

			strv_foreach (sentence, some)
				strv_add(&all, sentence);
		}
	return all;
}

/* Sources a text as far as it can be read. */
static void source(struct shell_vars *vars, const char *path, const char *text)
{
	if (text && shell_source(vars, path, text, NULL) < 0)
		return;
}

/* All of a variable that the files in force give it. */
static char *read_list(const struct host *host, const char *name)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	size_t n;
	autofree const struct file **files =
		host_files_by_name(host, "/dracut.conf.d/", &n);
	const struct shell_var *var;

	source(&vars, MAIN, host_text(host, MAIN));
	for (size_t i = 0; i < n; i++)
		source(&vars, files[i]->path, files[i]->text);
	var = shell_get(&vars, name);
	return xstrdup(var ? var->value : "");
}

static bool list_has(const struct host *host, const char *name, const char *item)
{
	autofree char *value = read_list(host, name);
	autostrv char **items = strv_split(value, " \t\n");

	return strv_has(items, item);
}

/* A file after ours that sets a list anew drops what ours adds to it. */
static void dracut_check_survival(struct draft *draft, const char *text)
{
	static const char *const names[] = { "add_drivers", "force_drivers",
		"install_items" };
	size_t n;
	autofree const struct file **files =
		host_files_by_name(draft->host, "/dracut.conf.d/", &n);

	for (size_t i = 0; i < n * ARRAY_SIZE(names); i++) {
		CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
		const struct file *f = files[i / ARRAY_SIZE(names)];
		const char *name = names[i % ARRAY_SIZE(names)];

		if (!f->text || !shell_sets(CONF, text, name) ||
			strcmp(strrchr(f->path, '/'), strrchr(CONF, '/')) <= 0)
			continue;
		source(&vars, CONF, text);
		source(&vars, f->path, f->text);
		if (!strstr(shell_get(&vars, name)->value, "vfio_pci") &&
			!strstr(shell_get(&vars, name)->value, "pciferry"))
			draft_finding(draft, FINDING_REFUSAL, FOUND_DRACUT_CONFIG, NULL,
				"%s is read after ours and sets %s anew, so what ours adds would get lost: use %s+= there.",
				f->path, name, name);
	}
}

/* What dracut is told to leave out is in no image, whatever lists it. */
static void check_omitted(struct draft *draft)
{
	static const char *const modules[] = { "vfio_pci", "vfio-pci", "vfio_pci_core",
		"vfio-pci-core", "vfio" };
	autostrv char **omitted = NULL;
	autofree char *list = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (list_has(draft->host, "omit_drivers", modules[i]))
			strv_add(&omitted, modules[i]);
	list = strv_join(omitted, ", ");
	if (omitted)
		draft_finding(draft, FINDING_REFUSAL, FOUND_DRACUT_CONFIG, NULL,
			"omit_drivers in dracut's configuration names %s, which keeps vfio-pci out of the images: take it out.",
			list);
}

static void dracut_write(struct draft *draft, bool wanted)
{
	autofree char *text = wanted ? conf_text(draft) : NULL;

	if (text) {
		dracut_check_survival(draft, text);
		if (draft->vfio_loadable)
			check_omitted(draft);
	}
	for (size_t i = 0; wanted && i < draft->host->n_files; i++)
		for (size_t j = 0; after_prefix(draft->host->files[i].path, MAIN) &&
				   j < ARRAY_SIZE(lists);
			j++)
			check_list(draft, &draft->host->files[i], lists[j]);
	draft_change(draft, CONF, text,
		text ? "vfio-pci and its configuration in every initramfs"
		     : "vfio-pci is not needed there any more");
}

/* Where the version stands: up to 108 or so in a file of its own, then in the script. */
static const char *const versions[] = { "/usr/lib/dracut/dracut-version.sh", PROGRAM };

/* "DRACUT_VERSION=059-4": 59; 0 where that cannot be read. */
static long dracut_version(const struct host *host)
{
	static const char key[] = "DRACUT_VERSION=";

	for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
		for (const char *line = host_text(host, versions[i]) ?: ""; *line;
			line += strcspn(line, "\n"), line += *line == '\n') {
			const char *value = after_prefix(line, key);
			long n = value ? strtol(value + (*value == '"'), NULL, 10) : 0;

			if (n > 0)
				return n;
		}
	return 0;
}

/* What images of this host alone are, and what they hold, by the version it began with:
 * NEWS.md of 109, "make hostonly the default"; install() of modules.d/.../udev-rules of
 * 106 takes all rules of /etc, that of 059 none. */
#define HOSTONLY_DEFAULT 109
#define HOSTONLY_RULES 106

/* What the files say, else what this version does unless told. */
static bool is_hostonly(const struct host *host)
{
	autofree char *value = read_list(host, "hostonly");
	autostrv char **words = strv_split(value, " \t\n");

	return words ? !streq(words[0], "no") : dracut_version(host) >= HOSTONLY_DEFAULT;
}

static bool dracut_holds(const struct host *host, const char *path)
{
	if (list_has(host, "install_items", path))
		return true;
	if (!is_hostonly(host))
		return false;
	return after_prefix(path, "/etc/modprobe.d/") ||
	       (after_prefix(path, "/etc/udev/rules.d/") &&
		       dracut_version(host) >= HOSTONLY_RULES);
}

static enum image_load dracut_loads(const struct host *host, char *const *kargs)
{
	const char *pre = kargs_value(kargs, "rd.driver.pre");

	return list_has(host, "force_drivers", "vfio_pci") ||
			       list_has(host, "force_drivers", "vfio-pci") ||
			       (pre && module_names_have(pre, "vfio-pci"))
		       ? IMAGE_LOADS_FIRST
		       : IMAGE_LOADS_NOT;
}

/* "modprobe" for each of force_drivers, then of rd.driver.pre= (20-force_drivers.conf is
 * read before /proc/cmdline): what stands before vfio-pci is loaded before it, unless a
 * softdep pulls that in. */
static enum image_order dracut_order(const struct host *host,
	const struct kernel *k UNUSED, char *const *kargs, const char *module)
{
	autofree char *forced = read_list(host, "force_drivers");
	autostrv char **names = strv_split(forced, " \t\n"), **pre = NULL;
	const char *value;

	strv_foreach (word, kargs) {
		value = after_prefix(word, "rd.driver.pre=");
		if (value)
			pre = strv_split(value, ",");
		strv_foreach (name, pre)
			strv_add(&names, name);
		strv_free(TAKE(pre));
	}
	strv_foreach (name, names) {
		if (module_name_equal(name, "vfio-pci"))
			break;
		if (module_name_equal(name, module))
			return ORDER_SOFTDEP;
	}
	return ORDER_FIRST;
}

static const struct watched watched[] = {
	{ .path = "/usr/lib/dracut/dracut-version.sh" },
	{ .path = PROGRAM },
	{ .path = MAIN },
	{ .path = CONF },
	{ .path = DIR, .suffix = ".conf" },
	{ .path = "/usr/lib/dracut/dracut.conf.d/", .suffix = ".conf", .masked = true },
	{ 0 },
};
static const char *const needs[] = { PROGRAM, NULL };
static const char *const signs[] = {
	"/etc/kernel/postinst.d/dracut", /* Debian */
	"/usr/lib/kernel/install.d/50-dracut.install",
	NULL,
};

/* As dracut looks for its default, where --regenerate-all writes. */
static const char *const images[] = {
	"/efi/$/@/initrd",
	"/boot/$/@/initrd",
	"/boot/efi/$/@/initrd",
	"/boot/initramfs-@.img", /* Fedora, RHEL */
	"/boot/initrd.img-@", /* Debian, Ubuntu */
	"/boot/initrd-@", /* openSUSE */
	NULL,
};

static const char *const lsinitrd[] = { "/usr/bin/lsinitrd", NULL };
static const char *const regenerate[] = { PROGRAM, "--force", "--regenerate-all", NULL };

const struct initramfs initramfs_dracut = {
	.id = "dracut",
	.title = "dracut",
	.plugin = "dracut",
	.needs = needs,
	.signs = signs,
	.images = images,
	.list = lsinitrd,
	.early_script = MODULE "pciferry.sh",
	.early_held = "00-pciferry.sh", /* inst_hook() puts the number before it */
	.early_file = MODULE "module-setup.sh",
	.early_file_text = "#!/bin/bash\n" MADE_BY "install() {\n"
			   "  inst_hook pre-udev 00 \"$moddir/pciferry.sh\"\n"
			   "}\n",
	.watched = watched,
	.write = dracut_write,
	.holds = dracut_holds,
	.loads = dracut_loads,
	.order = dracut_order,
	.trouble = dracut_trouble,
	.refresh = regenerate,
	.refresh_why =
		"puts vfio-pci and its configuration into the initramfs of every kernel",
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkinitcpio (Arch and its kin). Its configuration is sourced by bash:
 * /etc/mkinitcpio.conf and, since v36, /etc/mkinitcpio.conf.d; a preset that names a
 * configuration gets that one alone (mkinitcpio, process_preset and _optconfd). It
 * follows no softdep of modprobe.d, so vfio_pci must be listed, or the softdep has
 * nothing to load in the image. Images of busybox load the list before udev looks for
 * devices. Images of systemd load it beside udev: there softdeps and rules decide, and no
 * script runs before udev.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/array.h"
#include "core/format/block.h"
#include "core/initramfs/images.h"
#include "core/initramfs/initramfs.h"

#define PROGRAM "/usr/bin/mkinitcpio"
#define MAIN "/etc/mkinitcpio.conf"
#define DIR "/etc/mkinitcpio.conf.d/"
#define DROPIN DIR "pciferry.conf"
#define HOOK "/etc/initcpio/hooks/pciferry"

/* What a preset has its images made from; NULL: the default, drop-ins included. */
static char *preset_config(const struct file *f)
{
	CLEANUP(array_done) struct array presets = { 0 };

	array_source(f->text, "PRESETS", &presets);
	strv_add(&presets.tokens, "ALL");
	strv_foreach (preset, presets.tokens) {
		CLEANUP(array_done) struct array config = { 0 };
		autofree char *name = text_printf("%s_config", preset);

		array_source(f->text, name, &config);
		if (config.tokens)
			return xstrdup(config.tokens[0]);
	}
	return NULL;
}

/* Whether every image is made with the drop-ins; *other: a configuration that is neither,
 * and the preset that names it. */
static void find_config(
	const struct host *host, bool *dropins, const struct file **preset, char **other)
{
	const char *program = host_text(host, PROGRAM);

	*dropins = program && strstr(program, "_optconfd");
	for (size_t i = 0; i < host->n_files; i++) {
		const struct file *f = &host->files[i];
		autofree char *config = NULL;

		if (!has_suffix(f->path, ".preset") || !f->text)
			continue;
		config = preset_config(f);
		*dropins &= !config;
		if (config && !streq(config, MAIN) && !*other) {
			*preset = f;
			*other = TAKE(config);
		}
	}
}

/* The file's text once the plan so far is applied; draft NULL: as it is. */
static const char *text_of(
	const struct draft *draft, const struct host *host, const char *path)
{
	return draft ? draft_text(draft, path) : host_text(host, path);
}

/* An array as images get it; ours: with our drop-in and block, else without, and as the
 * draft has left the user's files, where there is one. */
static void read_planned(const struct draft *draft, const struct host *host,
	const char *name, bool ours, struct array *ret)
{
	autofree const struct file **files = NULL;
	autofree char *main = NULL, *other = NULL;
	const struct file *preset;
	bool dropins;
	size_t n;

	find_config(host, &dropins, &preset, &other);
	if (!ours)
		main = block_without(text_of(draft, host, MAIN));
	array_source(main ?: text_of(draft, host, MAIN), name, ret);
	files = host_files_by_name(host, "/mkinitcpio.conf.d/", &n);
	for (size_t i = 0; dropins && i < n; i++)
		if (ours || !streq(files[i]->path, DROPIN))
			array_source(text_of(draft, host, files[i]->path), name, ret);
}

static void read_array(
	const struct host *host, const char *name, bool ours, struct array *ret)
{
	read_planned(NULL, host, name, ours, ret);
}

static bool array_has(const struct array *array, const char *module)
{
	strv_foreach (word, array->tokens)
		if (module_name_equal(word, module))
			return true;
	return false;
}

static bool has(const struct host *host, const char *name, const char *word)
{
	CLEANUP(array_done) struct array array = { 0 };

	read_array(host, name, true, &array);
	return array_has(&array, word);
}

/* Adds the line that puts words on the array, if there are any. */
static void mkinitcpio_add_line(
	struct draft *draft, const char *name, char *const *tokens, struct buf *lines)
{
	CLEANUP(array_done) struct array array = { 0 };
	autofree char *line = NULL;

	if (!tokens)
		return;
	read_array(draft->host, name, false, &array);
	line = array_append_line(&array, name, tokens);
	buf_puts(lines, line);
}

/* The lines that the configuration needs beside the user's. */
static char *make_lines(struct draft *draft)
{
	CLEANUP(array_done) struct array modules = { 0 };
	autostrv char **files = initramfs_files(draft), **add = NULL, **module = NULL,
		      **hook = NULL;
	bool modconf = has(draft->host, "HOOKS", "modconf");
	autobuf struct buf lines = { 0 };

	read_array(draft->host, "MODULES", false, &modules);
	strv_foreach (file, files) /* the hook modconf copies all of modprobe.d */
		if (!(modconf && after_prefix(file, "/etc/modprobe.d/")))
			strv_add(&add, file);
	if (draft->vfio_loadable && !array_has(&modules, "vfio_pci"))
		strv_add(&module, "vfio_pci");
	if (draft_leaves(draft, HOOK))
		strv_add(&hook, "pciferry");
	mkinitcpio_add_line(draft, "MODULES", module, &lines);
	mkinitcpio_add_line(draft, "FILES", add, &lines);
	mkinitcpio_add_line(draft, "HOOKS", hook, &lines);
	return lines.len ? buf_take(&lines) : NULL;
}

/* A drop-in after ours that sets a list anew would drop what ours adds. */
static void mkinitcpio_check_survival(struct draft *draft)
{
	static const char *const names[] = { "MODULES", "FILES", "HOOKS" };

	for (size_t i = 0; i < draft->host->n_files; i++)
		for (size_t j = 0; j < ARRAY_SIZE(names); j++) {
			const struct file *f = &draft->host->files[i];
			CLEANUP(array_done) struct array array = { 0 };

			if (!after_prefix(f->path, DIR) || strcmp(f->path, DROPIN) <= 0)
				continue;
			strv_add(&array.tokens, "ours");
			array_source(f->text, names[j], &array);
			if (!strv_has(array.tokens, "ours"))
				draft_finding(draft, FINDING_REFUSAL,
					FOUND_MKINITCPIO_CONFIG, NULL,
					"%s is read after ours and sets %s anew, so what ours adds would get lost: use %s+= there.",
					f->path, names[j], names[j]);
		}
}

/* With a module that a kernel lacks mkinitcpio writes the image, but fails. */
static void check_modules(struct draft *draft)
{
	CLEANUP(array_done) struct array modules = { 0 };

	read_planned(draft, draft->host, "MODULES", false, &modules);
	if (modules.open) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_MKINITCPIO_CONFIG, NULL,
			"The list MODULES of " MAIN
			" is never closed: put a ) at its end.");
		return;
	}
	strv_foreach (module, modules.tokens) {
		autofree char *without = NULL;

		if (has_suffix(module, "?"))
			continue;
		without = host_kernels_without(draft->host, module);
		if (without)
			draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_MODULE, NULL,
				"MODULES of " MAIN
				" names %s, which the kernel %s does not have: mkinitcpio fails then. Take it out.",
				module, without);
	}
}

static char **mkinitcpio_trouble(const struct host *host)
{
	CLEANUP(array_done) struct array modules = { 0 };
	char **all = NULL;

	read_array(host, "MODULES", true, &modules);
	strv_foreach (module, modules.tokens) {
		autofree char *without = NULL, *text = NULL;

		if (has_suffix(module, "?"))
			continue;
		without = host_kernels_without(host, module);
		if (!without)
			continue;
		text = text_printf(
			"MODULES of " MAIN
			" or its drop-ins names %s, which the kernel %s does not have: mkinitcpio writes the image, but ends with an error.",
			module, without);
		strv_add(&all, text);
	}
	return all;
}

static void mkinitcpio_write(struct draft *draft, bool wanted)
{
	autofree char *lines = NULL, *main = NULL, *dropin = NULL, *other = NULL;
	const struct file *preset = NULL;
	bool dropins;
	const char *why;

	find_config(draft->host, &dropins, &preset, &other);
	if (wanted)
		lines = make_lines(draft);
	why = lines ? "vfio-pci and its configuration in every initramfs"
		    : "vfio-pci is not needed there any more";
	if (other && wanted)
		draft_finding(draft, FINDING_REFUSAL, FOUND_MKINITCPIO_CONFIG, NULL,
			"%s makes its image from %s, which pciferry does not edit: have it use " MAIN
			".",
			preset->path, other);
	if (wanted) {
		check_modules(draft);
		if (dropins)
			mkinitcpio_check_survival(draft);
	}
	if (lines && dropins)
		dropin = text_printf(MADE_BY "%s", lines);
	main = block_set(draft_text(draft, MAIN), dropins ? NULL : lines);
	draft_change(draft, DROPIN, dropin, why);
	draft_change(draft, MAIN, main, why);
}

static bool mkinitcpio_holds(const struct host *host, const char *path)
{
	bool modprobe = after_prefix(path, "/etc/modprobe.d/") ||
			after_prefix(path, "/usr/lib/modprobe.d/");

	return has(host, "FILES", path) || (modprobe && has(host, "HOOKS", "modconf"));
}

static enum image_load loads_first(const struct host *host, char *const *tokens UNUSED)
{
	return has(host, "MODULES", "vfio_pci") ? IMAGE_LOADS_FIRST : IMAGE_LOADS_NOT;
}

static enum image_load loads_beside(const struct host *host, char *const *tokens UNUSED)
{
	return has(host, "MODULES", "vfio_pci") ? IMAGE_LOADS : IMAGE_LOADS_NOT;
}

/* "modprobe -a" with the whole list (init_functions), in its order but for softdeps. */
static enum image_order order_of_list(const struct host *host,
	const struct kernel *k UNUSED, char *const *kargs UNUSED, const char *module)
{
	CLEANUP(array_done) struct array modules = { 0 };

	read_array(host, "MODULES", true, &modules);
	strv_foreach (name, modules.tokens) {
		if (module_name_equal(name, "vfio_pci"))
			break;
		if (module_name_equal(name, module))
			return ORDER_SOFTDEP;
	}
	return ORDER_FIRST;
}

static bool of_systemd(const struct probe *p)
{
	return has(p->host, "HOOKS", "systemd");
}

static bool of_busybox(const struct probe *p)
{
	return !of_systemd(p);
}

static const struct watched watched[] = {
	{ .path = PROGRAM },
	{ .path = MAIN },
	{ .path = DROPIN },
	{ .path = DIR, .suffix = ".conf" },
	{ .path = "/etc/mkinitcpio.d/", .suffix = ".preset" },
	{ 0 },
};
static const char *const needs[] = { PROGRAM, MAIN, NULL };
static const char *const signs[] = {
	"/usr/share/libalpm/hooks/90-mkinitcpio-install.hook", NULL
};
static const char *const images[] = { "/boot/initramfs-%.img", NULL };
static const char *const lsinitcpio[] = { "/usr/bin/lsinitcpio", NULL };
static const char *const all_presets[] = { PROGRAM, "-P", NULL };

#define COMMON                                                                           \
	.needs = needs, .signs = signs, .plugin = "mkinitcpio", .images = images,        \
	.list = lsinitcpio, .watched = watched, .write = mkinitcpio_write,               \
	.holds = mkinitcpio_holds, .trouble = mkinitcpio_trouble,                        \
	.refresh = all_presets,                                                          \
	.refresh_why =                                                                   \
		"puts vfio-pci and its configuration into the images of all presets"

const struct initramfs initramfs_mkinitcpio = {
	.id = "mkinitcpio",
	.title = "mkinitcpio (images of busybox)",
	COMMON,
	.detect = of_busybox,
	.loads = loads_first,
	.order = order_of_list,
	.early_script = HOOK,
	.early_head = "#!/usr/bin/ash\nrun_earlyhook() {\n",
	.early_tail = "}\n",
	.early_file = "/etc/initcpio/install/pciferry",
	.early_file_text = "#!/bin/bash\n" MADE_BY "build() {\n  add_runscript\n}\n",
};

const struct initramfs initramfs_mkinitcpio_systemd = {
	.id = "mkinitcpio-systemd",
	.title = "mkinitcpio (images of systemd)",
	COMMON,
	.detect = of_systemd,
	.loads = loads_beside,
};

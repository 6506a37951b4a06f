// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * booster (Arch). Of modprobe.d its images have the options alone (generator/kmod.go): no
 * softdep, no alias, no blacklist; and no udev rule acts there. It starts to load what
 * modules_force_load names before it looks for devices, each beside the others, and does
 * not wait for that (init/main.go, loadModules): where a driver is in the image too, what
 * comes first is not certain. Which are in it its configuration tells, and a list of its
 * own (generator/generator.go, defaultModulesList and what follows).
 */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/block.h"
#include "core/format/commas.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"

#define CONF "/etc/booster.yaml"
#define KEY "modules_force_load"
#define MODULE "vfio_pci"
#define ETHERNET "kernel/drivers/net/ethernet/"
#define DEFAULTS                                                                         \
	"kernel/fs/ kernel/crypto/ kernel/drivers/input/serio/ "                         \
	"kernel/drivers/input/keyboard/ kernel/drivers/md/ kernel/drivers/char/tpm/ "    \
	"kernel/drivers/usb/host/ kernel/drivers/hid/ kernel/drivers/ata/ "              \
	"kernel/drivers/scsi/ sdhci_pci nvme virtio_pci mptspi vmd"
#define NOTE                                                                             \
	"# " MODULE " in " KEY                                                           \
	" above is ours, too\n"

static bool has_module(char *const *modules, const char *name)
{
	strv_foreach (module, modules)
		if (module_name_equal(module, name))
			return true;
	return false;
}

/* -- what is in the image -------------------------------------------------------------
 */

/* "kernel/fs/", "nvme", "*": what activateModules() takes; its aliases are not looked up.
 */
static bool pattern_names(const struct kernel *k, const char *pattern, const char *module)
{
	autofree char *path = k && k->modules ? module_path(k->modules, module) : NULL;
	autostrv char **needs = NULL;

	if (streq(pattern, "*"))
		return true;
	if (strchr(pattern, '/'))
		return path && after_prefix(path, pattern);
	if (module_name_equal(pattern, module))
		return true;
	if (k && k->modules)
		needs = module_needs(k->modules, pattern);
	return has_module(needs, module);
}

/* In the order they count: "-nvme" takes it out again. */
static bool list_takes(
	const struct kernel *k, char *const *list, const char *module, bool in)
{
	strv_foreach (pattern, list) {
		bool out = *pattern == '-';

		if (pattern_names(k, pattern + out, module))
			in = !out;
	}
	return in;
}

static bool is_in_image(
	const struct host *host, const struct kernel *k, const char *module)
{
	static const char *const keys[] = { "modules", KEY };
	const char *text = host_text(host, CONF);
	autostrv char **defaults = strv_split(DEFAULTS, " ");
	bool in = list_takes(k, defaults, module, false);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		autostrv char **list = NULL;

		if (commas_read(text, keys[i], &list) > 0)
			in = list_takes(k, list, module, in);
	}
	if (commas_line(text, "network") && pattern_names(k, ETHERNET, module))
		in = true;
	return in;
}

static enum image_order booster_order(const struct host *host, const struct kernel *k,
	char *const *kargs UNUSED, const char *module)
{
	return is_in_image(host, k, module) ? ORDER_NOT : ORDER_FIRST;
}

/* -- modules_force_load ---------------------------------------------------------------
 */

/* The module of the driver it has, where that is not among those that want it. */
static bool wants(const struct host *host, const struct device *d, const char *module)
{
	const struct driver *driver = d->driver ? host_driver(host, d->driver) : NULL;

	return has_module(d->modules, module) ||
	       (driver && driver->module && module_name_equal(driver->module, module));
}

/* Whether loading it loads what wants the device. */
static bool brings_rival(
	const struct host *host, const struct device *d, const char *module)
{
	bool brings = wants(host, d, module);

	for (size_t i = 0; i < host->n_kernels && !brings; i++) {
		struct module_index *index = host->kernels[i].modules;
		autostrv char **needs = index ? module_needs(index, module) : NULL;

		strv_foreach (other, needs)
			brings |= wants(host, d, other);
	}
	return brings;
}

/* Loaded by force in the image, where nothing orders them: none of the device's own. */
static void check_rivals(
	struct draft *draft, const struct device *d, char *const *modules)
{
	autostrv char **rivals = NULL;
	autofree char *list = NULL;

	strv_foreach (module, modules)
		if (!module_name_equal(module, MODULE) &&
			brings_rival(draft->host, d, module))
			strv_add(&rivals, module);
	if (!rivals)
		return;
	list = strv_join(rivals, ",");
	draft_finding(draft,
		streq_null(d->driver, "vfio-pci") ? FINDING_WARNING : FINDING_REFUSAL,
		FOUND_BOOSTER_CONFIG, d->address,
		CONF
		":%zu: " KEY
		" has %s loaded by force in the initramfs, where no softdep makes vfio-pci be first: %s may stay on its own driver. Take %s out there; the root file system loads it all the same, after vfio-pci.",
		commas_line(host_text(draft->host, CONF), KEY), list, d->address, list);
}

/* YAML has a key once: where the user has it ours goes into that list, and a block at the
 * end of the file says so. */
static void booster_write(struct draft *draft, bool wanted)
{
	const char *text = draft_text(draft, CONF), *lines = KEY
	": " MODULE "\n";
	autofree char *base = text ? xstrdup(text) : NULL, *users = NULL;
	autofree char *after = NULL, *added = NULL;
	autostrv char **modules = NULL;
	int there;

	if (base && strstr(base, NOTE))
		commas_cut(base, KEY, MODULE);
	users = block_without(base);
	there = commas_read(users, KEY, &modules);
	wanted &= draft->vfio_loadable;
	if (wanted && there < 0) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_BOOSTER_CONFIG, NULL,
			CONF
			": " KEY
			" is no list of names with commas between them, which booster wants there: make it one.");
		return;
	}
	for (size_t i = 0; wanted && i < draft->plan->claims.n; i++) {
		const struct device *d =
			draft_device(draft, &draft->plan->claims.list[i]);

		if (d)
			check_rivals(draft, d, modules);
	}
	wanted &= !has_module(modules, MODULE);
	after = block_set(base, !wanted ? NULL : there ? NOTE : lines);
	if (wanted && there)
		added = commas_add(after, KEY, MODULE);
	draft_change(draft, CONF, added ?: after,
		wanted ? "vfio-pci in every initramfs"
		       : "vfio-pci is not needed there any more");
}

static bool booster_holds(const struct host *host UNUSED, const char *path)
{
	return after_prefix(path, "/etc/modprobe.d/");
}

static enum image_load booster_loads(const struct host *host, char *const *kargs UNUSED)
{
	autostrv char **modules = NULL;

	return commas_read(host_text(host, CONF), KEY, &modules) > 0 &&
			       has_module(modules, MODULE)
		       ? IMAGE_LOADS
		       : IMAGE_LOADS_NOT;
}

/* activateModules() of what the two lists name fails where it is not there; what may be
 * an alias, a file or a pattern is not judged. */
static char **booster_trouble(const struct host *host)
{
	static const char *const keys[] = { "modules", KEY };
	char **all = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		autostrv char **names = NULL;

		if (commas_read(host_text(host, CONF), keys[i], &names) <= 0)
			continue;
		strv_foreach (name, names) {
			autofree char *without = NULL, *text = NULL;

			if (strpbrk(name, "/*:-.?"))
				continue;
			without = host_kernels_without(host, name);
			if (!without)
				continue;
			text = text_printf(
				"%s:%zu: %s names %s, which the kernel %s does not have: booster makes no image.",
				CONF, commas_line(host_text(host, CONF), keys[i]),
				keys[i], name, without);
			strv_add(&all, text);
		}
	}
	return all;
}

static const struct watched watched[] = { { .path = CONF }, { 0 } };
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
	.watched = watched,
	.write = booster_write,
	.holds = booster_holds,
	.loads = booster_loads,
	.order = booster_order,
	.trouble = booster_trouble,
	.refresh = regenerate,
	.refresh_why = "puts vfio-pci and its options into the images of all kernels",
};

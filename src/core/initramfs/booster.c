// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * booster (Arch). Of modprobe.d its images have the options alone (generator/kmod.go): no
 * softdep, no alias, no blacklist; and no udev rule acts there. It starts to load what
 * modules_force_load names before it looks for devices, but does not wait for that
 * (init/main.go): where a driver is in the image too, what comes first is not certain.
 */
#include "core/base/strv.h"
#include "core/format/block.h"
#include "core/format/commas.h"
#include "core/initramfs/initramfs.h"

#define CONF "/etc/booster.yaml"
#define KEY "modules_force_load"
#define MODULE "vfio_pci"
#define NOTE                                                                             \
	"# " MODULE " in " KEY                                                           \
	" above is ours, too\n"

static bool has_vfio(char *const *modules)
{
	strv_foreach (module, modules)
		if (module_name_equal(module, MODULE))
			return true;
	return false;
}

/* YAML has a key once: where the user has it ours goes into that list, and a block at the
 * end of the file says so. */
static void booster_write(struct draft *draft, bool wanted)
{
	const char *text = host_text(draft->host, CONF), *lines = KEY
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
	wanted &= !has_vfio(modules);
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

	return commas_read(host_text(host, CONF), KEY, &modules) > 0 && has_vfio(modules)
		       ? IMAGE_LOADS
		       : IMAGE_LOADS_NOT;
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
	.refresh = regenerate,
	.refresh_why = "puts vfio-pci and its options into the images of all kernels",
};

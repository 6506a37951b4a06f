// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * booster (Arch). Of modprobe.d its images have the options alone (generator/kmod.go): no
 * softdep, no alias, no blacklist; and no udev rule acts there. It starts to load what
 * modules_force_load names before it looks for devices, but does not wait for that
 * (init/main.go): where a driver is in the image too, what comes first is not certain.
 */
#include "core/base/strv.h"
#include "core/edit/block.h"
#include "core/initramfs/initramfs.h"

#define CONF "/etc/booster.yaml"
#define KEY "modules_force_load"

/* What a line "KEY: a,b" at column 0 lists; NULL where there is none. */
static int read_list(const char *text, char ***ret)
{
	for (const char *line = text; line && *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		const char *value = after_prefix(line, KEY ":");
		autofree char *copy = NULL;

		if (!value)
			continue;
		copy = strndup(value, strcspn(value, "\n#"));
		return copy ? strv_split(copy, " \t\r\"',", ret) : -ENOMEM;
	}
	return 0;
}

static bool has_vfio(char *const *modules)
{
	strv_foreach (module, modules)
		if (module_name_equal(module, "vfio_pci"))
			return true;
	return false;
}

/* YAML has a key once: a list of the user's is the user's to change. */
static int set(struct build *b, bool wanted)
{
	autofree char *users = NULL, *after = NULL;
	autostrv char **modules = NULL;

	if (block_without(host_text(b->host, CONF), &users) < 0 ||
		read_list(users, &modules) < 0)
		return -ENOMEM;
	wanted &= b->vfio_loadable;
	if (wanted && modules && !has_vfio(modules))
		return build_finding(b, FINDING_REFUSAL, "booster-config",
			CONF " has a list of modules to load already: add vfio_pci to "
			     "its " KEY " yourself.");
	if (block_set(host_text(b->host, CONF),
		    wanted && !modules ? KEY ": vfio_pci\n" : NULL, &after) < 0)
		return -ENOMEM;
	return build_change(b, CONF, after,
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

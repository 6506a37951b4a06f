// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ids: "options vfio-pci ids=" names the device, and a softdep for every module that
 * wants it loads vfio-pci first. Without the softdep the native driver wins wherever it
 * is loaded earlier, from the initramfs most of all.
 */
#include "core/base/strv.h"
#include "core/method/method.h"

/* Another device with the same ID that the user does not hand over, or NULL. */
static const struct device *twin_left(const struct build *b, const struct device *d)
{
	for (size_t i = 0; i < b->host->n_devices; i++) {
		const struct device *other = &b->host->devices[i];

		if (other != d && device_same_id(other, d) &&
			!claims_find(&b->plan->claims, other->address))
			return other;
	}
	return NULL;
}

/* A softdep makes modprobe ignore the module's "install" line (kmod, libkmod-module.c).
 */
static const struct modprobe_line *install_line(
	const struct build *b, char *const *modules)
{
	for (size_t i = 0; i < b->modprobe.n; i++)
		strv_foreach (module, modules)
			if (modprobe_is(&b->modprobe.list[i], "install", module))
				return &b->modprobe.list[i];
	return NULL;
}

int method_suits_ids(const struct build *b, const struct device *d, char **why)
{
	const struct device *twin = twin_left(b, d);
	const struct modprobe_line *install;
	autostrv char **modules = NULL;
	char id[DEVICE_ID_SIZE];

	if (method_modules(b, d, &modules) < 0)
		return -ENOMEM;
	if (twin)
		return method_because(0, why,
			"%s has the same ID %s and stays with the host", twin->address,
			device_id(d, id));
	if (method_driver_builtin(b, d))
		return method_because(
			0, why, "its driver %s is part of the kernel", d->driver);
	install = install_line(b, modules);
	if (install)
		return method_because(0, why,
			"%s:%zu has an install line for %s, which a softdep would cancel",
			install->file->path, install->line, install->words[1]);
	return 1;
}

static int suits(const struct build *b, const struct device *d, char **why)
{
	autostrv char **modules = NULL;
	autofree char *list = NULL;
	char id[DEVICE_ID_SIZE];
	int r = method_suits_ids(b, d, why);

	if (r <= 0)
		return r;
	if (method_modules(b, d, &modules) < 0 || strv_join(modules, ", ", &list) < 0)
		return -ENOMEM;
	if (!modules)
		return method_because(1, why,
			"the ID %s is unique here and no module wants it",
			device_id(d, id));
	return method_because(1, why,
		"the ID %s is unique here, and vfio-pci can load before %s",
		device_id(d, id), list);
}

/*
 * Where only the driver told the module, vfio-pci has the device by now and nothing tells
 * it any more: then the softdeps that our file already has stay.
 */
static int known_softdeps(const struct build *b, char ***modules)
{
	for (size_t i = 0; i < b->modprobe.n; i++) {
		const struct modprobe_line *line = &b->modprobe.list[i];

		if (streq(line->words[0], "softdep") && line->words[1] &&
			has_suffix(line->file->path, "/pciferry.conf") &&
			strv_add_new(modules, line->words[1]) < 0)
			return -ENOMEM;
	}
	return 0;
}

int method_softdeps(const struct build *b, const struct device *d, struct buf *conf)
{
	autostrv char **modules = NULL;

	if (method_modules(b, d, &modules) < 0)
		return -ENOMEM;
	if (!modules && d->driver && streq(d->driver, "vfio-pci") &&
		claims_find(&b->host->claims, d->address) &&
		known_softdeps(b, &modules) < 0)
		return -ENOMEM;
	strv_foreach (module, modules) {
		autofree char *line = NULL;

		if (asprintf(&line, "softdep %s pre: vfio-pci\n", module) < 0)
			return line = NULL, -ENOMEM;
		if (!conf->s || !strstr(conf->s, line)) /* two functions, one driver */
			buf_puts(conf, line);
	}
	return 0;
}

const struct method method_ids = {
	.name = "ids",
	.summary = "by vendor and device ID, vfio-pci loaded before the drivers "
		   "(modprobe.d)",
	.suits = suits,
	.by_id = true,
	.modprobe = method_softdeps,
};

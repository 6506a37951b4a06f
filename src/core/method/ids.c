// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ids: "options vfio-pci ids=" names the device, and a softdep for every module that
 * wants it loads vfio-pci first. Without the softdep the native driver wins wherever it
 * is loaded earlier, from the initramfs most of all.
 */
#include "core/method/ids.h"
#include "core/base/strv.h"
#include "core/method/method.h"
#include "core/method/softdep.h"

static bool stays(const struct draft *draft, const struct device *d)
{
	return !claims_find(&draft->plan->claims, d->address);
}

/* Whether the subsystem IDs tell the two apart. */
static bool other_subsystem(const struct device *a, const struct device *b)
{
	return a->subvendor >= 0 && b->subvendor >= 0 && a->subdevice >= 0 &&
	       b->subdevice >= 0 &&
	       (a->subvendor != b->subvendor || a->subdevice != b->subdevice);
}

/* A device that stays and has the same ID, with same_subsystem all IDs; or NULL. */
static const struct device *twin_left(
	const struct draft *draft, const struct device *d, bool same_subsystem)
{
	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *other = &draft->host->devices[i];

		if (other != d && device_same_id(other, d) && stays(draft, other) &&
			!(same_subsystem && other_subsystem(other, d)))
			return other;
	}
	return NULL;
}

const char *method_id(const struct draft *draft, const struct device *d, char *buf)
{
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];
	bool twin = twin_left(draft, d, false);

	(void)snprintf(buf, METHOD_ID_SIZE, "%s%s%s", device_id(d, id), twin ? ":" : "",
		twin ? device_subsystem_id(d, subsystem) : "");
	return buf;
}

enum fit method_applies_by_id(
	const struct draft *draft, const struct device *d, char **why)
{
	const struct device *twin = twin_left(draft, d, true);
	char id[METHOD_ID_SIZE];

	if (twin)
		return method_because(UNFIT, why,
			"%s has the same ID %s and stays with the host", twin->address,
			device_id(d, id));
	if (method_driver_builtin(draft, d))
		return method_because(
			UNFIT, why, "its driver %s is part of the kernel", d->driver);
	twin = twin_left(draft, d, false);
	if (!twin)
		return FIT;
	return method_because(FIT_IF_ASKED, why,
		"%s has the same ID and stays with the host (by their subsystems they differ: %s)",
		twin->address, method_id(draft, d, id));
}

/* Whether no other device here has the ID; those that have it are chosen, too, where the
 * method applies. */
static bool is_unique(const struct draft *draft, const struct device *d)
{
	for (size_t i = 0; i < draft->host->n_devices; i++)
		if (&draft->host->devices[i] != d &&
			device_same_id(&draft->host->devices[i], d))
			return false;
	return true;
}

/* Which modules want a device is read from the indexes of the kernels. */
static bool modules_known(const struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_kernels; i++)
		if (draft->host->kernels[i].modules)
			return true;
	return false;
}

static enum fit ids_applies(const struct draft *draft, const struct device *d, char **why)
{
	autostrv char **modules = NULL;
	autofree char *list = NULL;
	char id[DEVICE_ID_SIZE];
	const char *alone;
	enum fit fit = UNFIT;

	if (method_applies_by_softdep(draft, d, why))
		fit = method_applies_by_id(draft, d, why);
	if (fit != FIT)
		return fit;
	modules = method_modules(draft, d);
	list = strv_join(modules, ", ");
	alone = is_unique(draft, d) ? "is unique here" : "is that of chosen devices only";
	if (!modules)
		return method_because(FIT, why,
			modules_known(draft)
				? "the ID %s %s and no module wants it"
				: "the ID %s %s, and which modules want it is not known",
			device_id(d, id), alone);
	return method_because(FIT, why, "the ID %s %s, and vfio-pci %s %s",
		device_id(d, id), alone,
		draft->vfio_loadable ? "can load before"
				     : "is part of the kernel, before",
		list);
}

const struct method method_ids = {
	.name = "ids",
	.summary =
		"by vendor and device ID, vfio-pci loaded before the drivers (modprobe.d)",
	.applies = ids_applies,
	.by_id = true,
	.modprobe = method_softdeps,
};

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/planner/forecast_own.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/host/module.h"

#define VFIO "vfio-pci"

/*
 * Modules whose driver has another name, where nothing that is bound tells: the names are
 * those that the drivers' sources register (Linux 6.12: drivers/usb/host, drivers/i2c/
 * busses, drivers/mfd, drivers/tty/serial/8250, drivers/mmc/host, drivers/virtio,
 * drivers/spi, drivers/gpu/drm/tiny, sound/soc/sof/intel).
 */
static const struct {
	const char *module, *driver;
} names[] = {
	{ "xhci_pci", "xhci_hcd" },
	{ "xhci_pci_renesas", "xhci-pci-renesas" },
	{ "ehci_pci", "ehci-pci" },
	{ "ohci_pci", "ohci-pci" },
	{ "i2c_i801", "i801_smbus" },
	{ "i2c_piix4", "piix4_smbus" },
	{ "i2c_nvidia_gpu", "nvidia-gpu" },
	{ "intel_lpss_pci", "intel-lpss" },
	{ "8250_pci", "serial" },
	{ "sdhci_pci", "sdhci-pci" },
	{ "spi_intel_pci", "intel-spi" },
	{ "virtio_pci", "virtio-pci" },
	{ "bochs", "bochs-drm" },
	{ "snd_sof_pci_intel_tgl", "sof-audio-pci-intel-tgl" },
};

static const char *driver_of(const struct host *host, const char *module)
{
	for (size_t i = 0; i < host->n_drivers; i++)
		if (host->drivers[i].module &&
			module_name_equal(host->drivers[i].module, module))
			return host->drivers[i].name;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (module_name_equal(names[i].module, module))
			return names[i].driver;
	return module;
}

static const char *module_of(const struct host *host, const char *driver)
{
	const struct driver *known = host_driver(host, driver);

	if (known && known->module)
		return known->module;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (streq(names[i].driver, driver))
			return names[i].module;
	return driver;
}

const char *forecast_native(const struct host *host, const struct device *d)
{
	return d->modules ? driver_of(host, d->modules[0]) : NULL;
}

/* The driver it has when vfio-pci has it not: now, or before it was claimed. "-" is none,
 * NULL is not known. */
const char *forecast_own(const struct draft *draft, const struct device *d)
{
	const struct claim *claim =
		claims_find(&draft->host->claims, d->address)
			?: claims_find(&draft->plan->claims, d->address);

	if (d->driver && !streq(d->driver, VFIO))
		return d->driver;
	if (claim && draft_device(draft, claim) && claim->driver)
		return claim->driver;
	return d->driver ? NULL : "-";
}

static bool is_running(const struct forecast_boot *boot)
{
	const char *running = boot->state->host.running;

	return !boot->kernel || !boot->kernel->modules ||
	       (running && streq(boot->kernel->release, running));
}

/* Whether this kernel has the driver: the running one has what is bound, or was. */
static bool has_driver(const struct forecast_boot *boot, const char *driver)
{
	const struct driver *known = host_driver(&boot->state->host, driver);

	return is_running(boot) || (known && (!known->module || known->builtin)) ||
	       module_place(boot->kernel->modules,
		       module_of(&boot->state->host, driver)) != MODULE_MISSING;
}

bool forecast_builtin(const struct forecast_boot *boot, const char *driver)
{
	const struct driver *known = host_driver(&boot->state->host, driver);

	if (known && is_running(boot))
		return known->builtin;
	return boot->kernel && boot->kernel->modules &&
	       module_place(boot->kernel->modules,
		       module_of(&boot->state->host, driver)) == MODULE_BUILTIN;
}

char **forecast_wanting(const struct forecast_boot *boot, const struct device *d)
{
	const char *own = forecast_own(boot->state->draft, d);
	char **modules = NULL;

	if (!boot->kernel || !boot->kernel->modules || !d->modalias)
		modules = strv_copy(d->modules);
	else
		modules = module_lookup(boot->kernel->modules, d->modalias);
	if (own && !streq(own, "-") && has_driver(boot, own) &&
		!forecast_builtin(boot, own)) {
		autofree char *name =
			module_real_name(module_of(&boot->state->host, own));

		strv_add_new(&modules, name);
	}
	return modules;
}

/* What keeps the modules that want it from loading, each; NULL where nothing that is
 * known does so. */
static char *keepers(const struct forecast_boot *boot, char *const *modules)
{
	autostrv char **all = NULL;

	strv_foreach (module, modules) {
		autofree char *place = forecast_keeper(boot, module);
		autofree char *text = NULL;

		if (!place)
			continue;
		text = text_printf("%s keeps %s from loading", place, module);
		strv_add(&all, text);
	}
	return all ? strv_join(all, ", ") : NULL;
}

/*
 * Whether the driver that the device had before vfio-pci comes back: not where its module
 * is kept from loading. What a device has now tells more than files do.
 */
static bool comes_back(
	const struct forecast_boot *boot, const struct device *d, const char *module)
{
	autofree char *place = NULL;

	if (!streq_null(d->driver, VFIO))
		return true;
	place = forecast_keeper(boot, module);
	return !place;
}

/* Whether a module that is loaded, or a part of this kernel, would take a device. */
static bool takes(const struct forecast_boot *boot, const char *module)
{
	return strv_has(boot->loaded, module) ||
	       (boot->kernel && boot->kernel->modules &&
		       module_place(boot->kernel->modules, module) == MODULE_BUILTIN);
}

/*
 * The driver that takes what no file tells the own driver of: by the kernel's aliases
 * (modules.alias and modules.builtin.modinfo), which would show any that wants it.
 */
static void wanting_driver(const struct forecast_boot *boot, const struct device *d,
	struct driver_forecast *ret)
{
	bool known = boot->kernel && boot->kernel->modules && d->modalias;
	autostrv char **modules = forecast_wanting(boot, d), **drivers = NULL;

	strv_foreach (module, modules)
		if (!streq(module, "vfio_pci") && takes(boot, module))
			strv_add_new(&drivers, driver_of(&boot->state->host, module));
	ret->driver = drivers ? xstrdup(drivers[0]) : NULL;
	if (!drivers)
		ret->keeper = keepers(boot, modules);
	if (ret->keeper && !ret->why)
		ret->why = xstrdup(ret->keeper);
	if (ret->doubt || ret->keeper)
		return;
	if (strv_len(drivers) > 1) {
		autofree char *list = strv_join(drivers, " or ");

		ret->doubt = text_printf("which driver takes it is not known: %s", list);
	} else if (!drivers && !known) {
		ret->doubt = xstrdup("which driver takes it is not known");
	}
}

/* A kernel that does not run, whose modules cannot be read: what it has is not known. */
static void doubt_kernel(
	const struct forecast_boot *boot, const char *own, struct driver_forecast *ret)
{
	const struct kernel *k = boot->kernel;
	const struct driver *known = host_driver(&boot->state->host, own);

	if (k && !k->modules && !streq_null(boot->state->host.running, k->release) &&
		!(known && (!known->module || known->builtin)))
		ret->doubt = text_printf(
			"whether the kernel %s has the driver %s is not known, for its list of modules cannot be read",
			k->release, own);
}

/* What takes it where vfio-pci does not; ret->why may be there already. */
void forecast_without_vfio(const struct forecast_boot *boot,
	const struct forecast_boot *before, const struct device *d,
	struct driver_forecast *ret)
{
	const char *own = forecast_own(boot->state->draft, d), *after = NULL;
	autostrv char **modules = NULL;
	autofree char *lost = NULL;

	ret->own = true;
	if (own && streq(own, "-"))
		return;
	if (own && has_driver(boot, own)) {
		lost = module_real_name(module_of(&boot->state->host, own));
		if ((!before || strv_has(boot->loaded, lost) ||
			    !strv_has(before->loaded, lost)) &&
			comes_back(boot, d, lost))
			after = own;
	}
	if (!own) {
		wanting_driver(boot, d, ret);
		return;
	}
	if (!ret->doubt)
		doubt_kernel(boot, own, ret);
	if (!after)
		modules = forecast_wanting(boot, d);
	for (char **m = after ? NULL : modules; m && *m && !after; m++)
		if (strv_has(boot->loaded, *m))
			after = driver_of(&boot->state->host, *m);
	ret->driver = after ? xstrdup(after) : NULL;
	ret->own = !lost || streq_null(after, own);
	if (!after)
		ret->keeper = keepers(boot, modules);
	if (ret->keeper && !ret->why) {
		ret->why = xstrdup(ret->keeper);
		return;
	}
	if (streq_null(after, own) || ret->why)
		return;
	if (lost)
		ret->why = text_printf("the module %s is not loaded any more", lost);
	else
		ret->why = text_printf("this kernel has no driver %s", own);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver one device gets from a boot: the first of the steps that applies. */
#include "core/planner/forecast_device.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/udev.h"
#include "core/format/kargs.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/method/idlist.h"
#include "core/planner/forecast_boot.h"

#include <stdarg.h>

#define VFIO "vfio-pci"
#define CLASS_USB 0x0c03
#define CLASS_BRIDGE_PCI 0x0604

void driver_forecast_done(struct driver_forecast *o)
{
	free(o->driver);
	free(o->why);
	*o = (struct driver_forecast){ 0 };
}

/* -- its own driver ------------------------------------------------------------------ */

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
static const char *own_driver(const struct draft *draft, const struct device *d)
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

static bool is_builtin(const struct forecast_boot *boot, const char *driver)
{
	const struct driver *known = host_driver(&boot->state->host, driver);

	if (known && is_running(boot))
		return known->builtin;
	return boot->kernel && boot->kernel->modules &&
	       module_place(boot->kernel->modules,
		       module_of(&boot->state->host, driver)) == MODULE_BUILTIN;
}

int forecast_wanting(
	const struct forecast_boot *boot, const struct device *d, char ***ret)
{
	const char *own = own_driver(boot->state->draft, d);

	if (boot->kernel && boot->kernel->modules && d->modalias) {
		if (module_lookup(boot->kernel->modules, d->modalias, ret) == -ENOMEM)
			return -ENOMEM;
	} else if (strv_copy(d->modules, ret) < 0) {
		return -ENOMEM;
	}
	if (own && !streq(own, "-") && has_driver(boot, own) && !is_builtin(boot, own)) {
		autofree char *name =
			module_real_name(module_of(&boot->state->host, own));

		return name ? strv_add_new(ret, name) : -ENOMEM;
	}
	return 0;
}

/* What takes it where vfio-pci does not; ret->why may be there already. */
static int without_vfio(const struct forecast_boot *boot,
	const struct forecast_boot *before, const struct device *d,
	struct driver_forecast *ret)
{
	const char *own = own_driver(boot->state->draft, d), *after = NULL;
	autostrv char **modules = NULL;
	autofree char *lost = NULL;

	ret->own = true;
	if (own && streq(own, "-"))
		return 0;
	if (own && has_driver(boot, own)) {
		lost = module_real_name(module_of(&boot->state->host, own));
		if (!lost)
			return -ENOMEM;
		if (!before || strv_has(boot->loaded, lost) ||
			!strv_has(before->loaded, lost))
			after = own;
	}
	if (!after && forecast_wanting(boot, d, &modules) < 0)
		return -ENOMEM;
	for (char **m = after ? NULL : modules; m && *m && !after; m++)
		if (strv_has(boot->loaded, *m))
			after = driver_of(&boot->state->host, *m);
	ret->driver = after ? strdup(after) : NULL;
	if (!ret->driver != !after)
		return -ENOMEM;
	ret->own = !lost || streq_null(after, own);
	if (!own || streq_null(after, own) || ret->why)
		return 0;
	return lost ? text_set(&ret->why, "the module %s is not loaded any more", lost)
		    : text_set(&ret->why, "this kernel has no driver %s", own);
}

/* -- vfio-pci ------------------------------------------------------------------------ */

static int named_by_id(
	const struct forecast_boot *boot, const struct device *d, bool *ret)
{
	autostrv char **ids = NULL;

	if (boot->ids && strv_split(boot->ids, ",", &ids) < 0)
		return -ENOMEM;
	*ret = id_list_names(ids, d);
	return 0;
}

/* Whether loading the module loads vfio-pci first: by a softdep of it or of what it
 * needs, or by an install line that does both. */
static int ordered(const struct forecast_boot *boot, const char *module, bool *ret)
{
	const struct forecast_state *o = boot->state;
	autostrv char **chain = NULL;

	if (boot->kernel && boot->kernel->modules &&
		module_needs(boot->kernel->modules, module, &chain) < 0)
		return -ENOMEM;
	if (strv_add(&chain, module) < 0)
		return -ENOMEM;
	*ret = false;
	strv_foreach (name, chain) {
		const struct modprobe_line *line;
		autostrv char **softdeps = NULL;

		if (forecast_softdep(boot, name, &line, &softdeps) < 0)
			return -ENOMEM;
		if (!softdeps)
			line = modprobe_first(&o->modprobe, "install", name);
		*ret |= line && forecast_in_image(o, line->path) &&
			modprobe_loads_first(line, VFIO);
	}
	return 0;
}

/* The modules that may take the device before vfio-pci does, joined; NULL for none. */
static int rivals(const struct forecast_boot *boot, const struct device *d,
	bool *all_ordered, char **ret)
{
	autostrv char **modules = NULL, **loaded = NULL;

	*all_ordered = true;
	if (forecast_wanting(boot, d, &modules) < 0)
		return -ENOMEM;
	strv_foreach (module, modules) {
		bool first;

		if (!strv_has(boot->loaded, module) || streq(module, "vfio_pci"))
			continue;
		if (strv_add(&loaded, module) < 0 || ordered(boot, module, &first) < 0)
			return -ENOMEM;
		*all_ordered &= first;
	}
	return loaded ? strv_join(loaded, ", ", ret) : 0;
}

/*
 * The steps, in the order they act. Each returns 1 where it decides: ret has the driver
 * and why, or stays is set and ret->why tells what keeps the device on its own driver.
 */
struct step {
	const struct forecast_boot *boot;
	const struct device *device;
	const char *own;
	bool builtin; /* its own driver is part of this kernel: first of all */
	bool stays;
	struct driver_forecast *ret;
};

static int stay(struct step *s, const char *fmt, ...) PRINTF(2, 3);
static int stay(struct step *s, const char *fmt, ...)
{
	va_list ap;

	s->stays = true;
	va_start(ap, fmt);
	s->ret->why = text_vprintf(fmt, ap);
	va_end(ap);
	return s->ret->why ? 1 : -ENOMEM;
}

static int becomes(struct step *s, const char *driver, const char *why)
{
	s->ret->driver = driver ? strdup(driver) : NULL;
	s->ret->why = strdup(why);
	return s->ret->why && !s->ret->driver == !driver ? 1 : -ENOMEM;
}

/* Why vfio-pci, once loaded, would not take the device; NULL where it would. */
static const char *refuses(const struct step *s)
{
	const struct forecast_state *o = s->boot->state;

	if (!o->iommu)
		return "the IOMMU is off, and without it vfio-pci takes no device";
	if (o->host.iommu == IOMMU_ACTIVE && s->device->group < 0)
		return "it is in no IOMMU group";
	return NULL;
}

/* The user's driverctl acts after udev, and unbinds; it also loads the driver. */
static int by_driverctl(struct step *s)
{
	char path[64], driver[64] = "";
	const char *text, *no;

	(void)snprintf(path, sizeof(path), "/etc/driverctl.d/pci-%s", s->device->address);
	text = host_text(&s->boot->state->host, path);
	if (!text || sscanf(text, "%63s", driver) != 1)
		return 0;
	no = !streq(driver, VFIO) ? NULL : s->boot->no_vfio ?: refuses(s);
	return becomes(s, no ? NULL : driver, no ?: "driverctl gives it this driver");
}

/* Our script in the initramfs loads vfio-pci, or leaves the device alone. */
static int by_script(struct step *s)
{
	const struct forecast_state *o = s->boot->state;
	const struct generator *g = o->draft->generator;
	const char *script = g && g->row->early_script
				     ? host_text(&o->host, g->row->early_script)
				     : NULL;
	const char *no = refuses(s);

	if (!script || !strstr(script, s->device->address) || s->boot->no_vfio ||
		kargs_value(o->kargs, "pciferry.off"))
		return 0;
	return becomes(s, no ? NULL : VFIO,
		no ?: "a script in the initramfs takes it from its driver");
}

/* pci-stub, where it is part of the kernel, is there before any other (drivers/Makefile:
 * pci/ comes first) and keeps what its own ids= names. */
static int by_stub(struct step *s)
{
	struct module_index *modules = s->boot->kernel ? s->boot->kernel->modules : NULL;
	const char *value = kargs_value(s->boot->state->kargs, "pci-stub.ids");
	autostrv char **ids = NULL;

	if (!value || !modules || module_place(modules, "pci_stub") != MODULE_BUILTIN)
		return 0;
	if (strv_split(value, ",", &ids) < 0)
		return -ENOMEM;
	return id_list_names(ids, s->device)
		       ? becomes(s, "pci-stub",
				 "pci-stub.ids= on the kernel command line gives it to pci-stub, which is first")
		       : 0;
}

/* driver_override as the udev rules in force set it; image: also in the initramfs. */
static int find_rule(const struct step *s, struct udev_override *ret, bool *image)
{
	const struct forecast_state *o = s->boot->state;
	autofree const struct file **files = NULL;
	size_t n;

	if (host_files_by_name(&o->host, "/udev/rules.d/", &files, &n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		autofree char *old = TAKE(ret->driver);

		if (udev_override(files[i]->text, s->device, o->kargs, ret) < 0)
			return -ENOMEM;
		if (ret->driver)
			*image = forecast_in_image(o, files[i]->path);
		else
			ret->driver = TAKE(old);
	}
	return 0;
}

/* While driver_override is set no other driver matches, whether that one is there or not;
 * a driver that has the device already keeps it. */
static int by_rule(struct step *s)
{
	struct udev_override rule = { 0 };
	autofree char *driver = NULL;
	bool image = false;
	const char *no;
	int r = find_rule(s, &rule, &image);

	driver = rule.driver;
	if (r < 0 || !driver || !*driver)
		return r;
	if (s->builtin)
		return stay(s,
			"a udev rule gives it to %s, too late for its driver %s, which is part of the kernel",
			driver, s->own);
	if (!image && s->device->driver && !streq(s->device->driver, driver))
		return stay(s,
			"the udev rule that gives it to %s is not in the initramfs, where %s may be first",
			driver, s->device->driver);
	if (!streq(driver, VFIO))
		return becomes(s, driver, "a udev rule gives it this driver");
	no = s->boot->no_vfio ?: refuses(s);
	if (!no && !s->boot->vfio_loads)
		no = "nothing loads vfio-pci";
	if (!no && !rule.probes &&
		(s->boot->vfio_builtin ||
			forecast_image_load(s->boot->state) == IMAGE_LOADS_FIRST))
		no = "that is there before the rule, and does not look again";
	if (!no)
		return becomes(s, VFIO, "a udev rule gives its address to vfio-pci");
	if (text_set(&s->ret->why, "a udev rule keeps it for vfio-pci, but %s", no) < 0)
		return -ENOMEM;
	return 1;
}
/* What came of a race: the driver it has, or had before a claim of ours had a say. */
static const char *won(const struct step *s)
{
	const struct claim *claim =
		claims_find(&s->boot->state->draft->host->claims, s->device->address);

	if (!streq_null(s->device->driver, VFIO) || !claim || !claim->driver)
		return s->device->driver;
	return streq(claim->driver, "-") ? NULL : claim->driver;
}

/* vfio-pci takes what its list of IDs names, where no other driver is first. */
static int by_id(struct step *s)
{
	const char *no = s->boot->no_vfio ?: refuses(s), *now = won(s);
	autofree char *list = NULL;
	bool named, all_ordered;

	if (named_by_id(s->boot, s->device, &named) < 0 ||
		rivals(s->boot, s->device, &all_ordered, &list) < 0)
		return -ENOMEM;
	if (!named)
		return 0;
	if (!no && !s->boot->vfio_loads)
		no = "nothing loads vfio-pci";
	if (no)
		return stay(s, "%s", no);
	/* Built in, both: in the order of drivers/Makefile, where only USB is later. */
	if (s->builtin && !(s->boot->vfio_builtin && s->device->class >> 8 == CLASS_USB))
		return stay(
			s, "its driver %s is part of the kernel, and is first", s->own);
	if (s->boot->vfio_builtin)
		return becomes(s, VFIO, "its ID is given to the kernel's own vfio-pci");
	if (!list)
		return becomes(s, VFIO,
			"its ID is given to vfio-pci, and nothing else wants it");
	if (all_ordered || forecast_image_load(s->boot->state) == IMAGE_LOADS_FIRST)
		return becomes(s, VFIO,
			"its ID is given to vfio-pci, which loads before its driver");
	/* A race; what came of it at this boot is all that is known. */
	if (!now || streq(now, VFIO))
		return becomes(s, VFIO,
			now ? "its ID is given to vfio-pci, which has it now"
			    : "its ID is given to vfio-pci, and no driver has it now");
	s->ret->race = true;
	return stay(s,
		"its ID is given to vfio-pci, but nothing makes that load before %s",
		list);
}

/* -- all together -------------------------------------------------------------------- */

/* A virtual function goes when vfio-pci gets its physical function. */
static int ends_with(const struct forecast_boot *boot, const struct device *d,
	struct driver_forecast *ret)
{
	const struct device *pf =
		d->physfn ? host_device(&boot->state->host, d->physfn) : NULL;
	CLEANUP(driver_forecast_done) struct driver_forecast out = { 0 };

	if (!pf || pf == d || pf->physfn || streq_null(pf->driver, VFIO))
		return 0;
	if (forecast_device(boot, NULL, pf, &out) < 0)
		return -ENOMEM;
	if (!streq_null(out.driver, VFIO))
		return 0;
	ret->gone = true;
	return text_set(&ret->why,
		       "its physical function %s goes to vfio-pci, which ends it",
		       pf->address)
		       ?: 1;
}

int forecast_device(const struct forecast_boot *boot, const struct forecast_boot *before,
	const struct device *d, struct driver_forecast *ret)
{
	static int (*const steps[])(
		struct step *) = { by_driverctl, by_script, by_stub, by_rule, by_id };
	CLEANUP(driver_forecast_done) struct driver_forecast out = { 0 };
	struct step s = { .boot = boot,
		.device = d,
		.own = own_driver(boot->state->draft, d),
		.ret = &out };
	bool bridge =
		d->class >> 8 == CLASS_BRIDGE_PCI; /* vfio-pci takes no such header */
	int r = ends_with(boot, d, &out);

	s.builtin = s.own && is_builtin(boot, s.own);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(steps) && !bridge; i++)
		r = steps[i](&s);
	if (r == 0 || (r > 0 && s.stays))
		r = without_vfio(boot, before, d, &out);
	if (r < 0)
		return r;
	*ret = out;
	out = (struct driver_forecast){ 0 };
	return 0;
}

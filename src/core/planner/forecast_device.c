// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver one device gets from a boot: the first of the steps that applies. */
#include "core/planner/forecast_device.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/rules.h"
#include "core/existing/vfs.h"
#include "core/format/udev.h"
#include "core/format/kargs.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/method/idlist.h"
#include "core/planner/forecast_acts.h"
#include "core/planner/forecast_boot.h"
#include "core/planner/forecast_own.h"

#include <stdarg.h>

#define VFIO "vfio-pci"
#define CLASS_USB 0x0c03
#define CLASS_BRIDGE_PCI 0x0604

void driver_forecast_done(struct driver_forecast *o)
{
	free(o->driver);
	free(o->why);
	free(o->doubt);
	free(o->keeper);
	*o = (struct driver_forecast){ 0 };
}

/* -- vfio-pci ------------------------------------------------------------------------ */

static bool named_by_id(const struct forecast_boot *boot, const struct device *d)
{
	autostrv char **ids = NULL;

	if (boot->ids)
		ids = strv_split(boot->ids, ",");
	return id_list_names(ids, d);
}

/* Whether loading the module loads vfio-pci first: by a softdep of it or of what it
 * needs, or by an install line that does both. */
static bool ordered(const struct forecast_boot *boot, const char *module)
{
	const struct forecast_state *o = boot->state;
	autostrv char **chain = NULL;
	bool first = false;

	if (boot->kernel && boot->kernel->modules)
		chain = module_needs(boot->kernel->modules, module);
	strv_add(&chain, module);
	strv_foreach (name, chain) {
		const struct modprobe_line *line;
		autostrv char **softdeps = forecast_softdep(boot, name, &line);

		if (!softdeps)
			line = modprobe_first(&o->modprobe, "install", name);
		first |= line && forecast_in_image(o, line->path) &&
			 modprobe_loads_first(line, VFIO);
	}
	return first;
}

/* What is there first: vfio-pci, for certain the module (ORDER_SOFTDEP: the list's order,
 * which no softdep changes), or not known. */
static enum image_order order_of(const struct forecast_boot *boot, const char *module)
{
	const struct forecast_state *o = boot->state;
	const struct generator *g = o->draft->generator;
	enum image_load load = forecast_image_load(o);
	enum image_order order = load == IMAGE_LOADS_FIRST ? ORDER_FIRST : ORDER_SOFTDEP;
	bool listed = load && g && g->row->order;

	if (listed)
		order = g->row->order(&o->host, boot->kernel, o->kargs, module);
	if (order == ORDER_SOFTDEP && ordered(boot, module))
		return ORDER_FIRST;
	return order == ORDER_SOFTDEP && !listed ? ORDER_NOT : order;
}

static bool has_module(char *const *modules, const char *name)
{
	strv_foreach (module, modules)
		if (module_name_equal(module, name))
			return true;
	return false;
}

/* Whether vfio-pci is loaded by nothing but what one of the modules loads along. */
static bool only_along(const struct forecast_boot *boot, char *const *modules)
{
	const struct modprobe_lines *lines = &boot->state->modprobe;

	if (boot->vfio_listed)
		return false;
	for (size_t i = 0; i < lines->n; i++) {
		char *const *tokens = lines->list[i].tokens;

		if (!tokens[0] || !tokens[1] || streq(tokens[0], "options") ||
			streq(tokens[0], "blacklist"))
			continue;
		strv_foreach (token, tokens + 2)
			if (module_name_equal(token, VFIO) &&
				!(streq(tokens[0], "softdep") &&
					has_module(modules, tokens[1])))
				return false;
	}
	return true;
}

/* The modules that may take the device before vfio-pci does, joined; NULL for none. */
static char *rivals(const struct forecast_boot *boot, const struct device *d,
	bool *all_ordered, bool *ret_first)
{
	autostrv char **modules = forecast_wanting(boot, d), **loaded = NULL;

	bool behind = false;

	*all_ordered = true;
	strv_foreach (module, modules) {
		enum image_order order;

		if (!strv_has(boot->loaded, module) || streq(module, "vfio_pci"))
			continue;
		strv_add(&loaded, module);
		order = order_of(boot, module);
		*all_ordered &= order == ORDER_FIRST;
		behind |= order == ORDER_SOFTDEP;
	}
	*ret_first = behind || only_along(boot, loaded);
	return loaded ? strv_join(loaded, ", ") : NULL;
}

/*
 * The steps, in the order they act. Each returns whether it decides: ret has the driver
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

static bool stay(struct step *s, const char *fmt, ...) PRINTF(2, 3);
static bool stay(struct step *s, const char *fmt, ...)
{
	va_list ap;

	s->stays = true;
	va_start(ap, fmt);
	s->ret->why = text_vprintf(fmt, ap);
	va_end(ap);
	return true;
}

/* The same, where what keeps it there may as well not. */
static bool stay_in_doubt(struct step *s, const char *fmt, ...) PRINTF(2, 3);
static bool stay_in_doubt(struct step *s, const char *fmt, ...)
{
	va_list ap;

	s->stays = true;
	va_start(ap, fmt);
	s->ret->doubt = text_vprintf(fmt, ap);
	va_end(ap);
	s->ret->why = xstrdup(s->ret->doubt);
	return true;
}

static bool becomes(struct step *s, const char *driver, const char *why)
{
	s->ret->driver = driver ? xstrdup(driver) : NULL;
	s->ret->why = xstrdup(why);
	return true;
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
static bool by_driverctl(struct step *s)
{
	char path[64], driver[64] = "";
	const char *text, *no;

	(void)snprintf(path, sizeof(path), "/etc/driverctl.d/pci-%s", s->device->address);
	text = host_text(&s->boot->state->host, path);
	if (!text || sscanf(text, "%63s", driver) != 1)
		return false;
	no = !streq(driver, VFIO) ? NULL : s->boot->no_vfio ?: refuses(s);
	return becomes(s, no ? NULL : driver, no ?: "driverctl gives it this driver");
}

/* Our script in the initramfs loads vfio-pci, or leaves the device alone. */
static bool by_script(struct step *s)
{
	const struct forecast_state *o = s->boot->state;
	const struct generator *g = o->draft->generator;
	const char *script = g && g->row->early_script
				     ? host_text(&o->host, g->row->early_script)
				     : NULL;
	const char *no = refuses(s);

	if (!script || !strstr(script, s->device->address) || s->boot->no_vfio ||
		kargs_value(o->kargs, "pciferry.off"))
		return false;
	return becomes(s, no ? NULL : VFIO,
		no ?: "a script in the initramfs takes it from its driver");
}

/* pci-stub, where it is part of the kernel, is there before any other (drivers/Makefile:
 * pci/ comes first) and keeps what its own ids= names. */
static bool by_stub(struct step *s)
{
	struct module_index *modules = s->boot->kernel ? s->boot->kernel->modules : NULL;
	const char *value = kargs_value(s->boot->state->kargs, "pci-stub.ids");
	autostrv char **ids = NULL;

	if (!value || !modules || module_place(modules, "pci_stub") != MODULE_BUILTIN)
		return false;
	ids = strv_split(value, ",");
	return id_list_names(ids, s->device) &&
	       becomes(s, "pci-stub",
		       "pci-stub.ids= on the kernel command line gives it to pci-stub, which is first");
}

/* driver_override as the udev rules in force set it; image: also in the initramfs. */
static void find_rule(const struct step *s, struct udev_override *ret, bool *image)
{
	const struct forecast_state *o = s->boot->state;
	autofree const struct file **files = NULL;
	autofree const struct device **chain = rules_chain(&o->host, s->device);
	const struct udev_device device = { .chain = chain, .words = o->kargs };
	size_t n;

	files = host_files_by_name(&o->host, "/udev/rules.d/", &n);
	for (size_t i = 0; i < n; i++) {
		const struct script script = { .path = files[i]->path };
		autofree char *old = TAKE(ret->driver);

		udev_read(&script, files[i]->text, &device, ret, NULL);
		if (ret->driver)
			*image = forecast_in_image(o, files[i]->path);
		else
			ret->driver = TAKE(old);
	}
}

/* While driver_override is set no other driver matches, whether that one is there or not;
 * a driver that has the device already keeps it. */
static bool by_rule(struct step *s)
{
	struct udev_override rule = { 0 };
	autofree char *driver = NULL;
	bool image = false;
	const char *no;

	find_rule(s, &rule, &image);
	driver = rule.driver;
	if (!driver || !*driver)
		return false;
	if (s->builtin)
		return stay(s,
			"a udev rule gives it to %s, too late for its driver %s, which is part of the kernel",
			driver, s->own);
	if (!image && s->device->driver && !streq(s->device->driver, driver))
		return stay_in_doubt(s,
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
	s->ret->why = text_printf("a udev rule keeps it for vfio-pci, but %s", no);
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
static bool by_id(struct step *s)
{
	const char *no = s->boot->no_vfio ?: refuses(s), *now = won(s);
	autofree char *list = NULL;
	bool all_ordered, first;

	if (!named_by_id(s->boot, s->device))
		return false;
	list = rivals(s->boot, s->device, &all_ordered, &first);
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
			s->boot->kernel && s->boot->kernel->modules
				? "its ID is given to vfio-pci, and nothing else wants it"
				: "its ID is given to vfio-pci; which modules want it is not known");
	if (all_ordered)
		return becomes(s, VFIO,
			"its ID is given to vfio-pci, which loads before its driver");
	/* A race; what came of it at this boot is all that is known. */
	if (!now || streq(now, VFIO))
		return becomes(s, VFIO,
			now ? "its ID is given to vfio-pci, which has it now"
			    : "its ID is given to vfio-pci, and no driver has it now");
	return (first ? stay : stay_in_doubt)(s,
		"its ID is given to vfio-pci, but nothing makes that load before %s",
		list);
}

/* -- all together -------------------------------------------------------------------- */

/* A virtual function goes when vfio-pci gets its physical function. */
static bool ends_with(const struct forecast_boot *boot, const struct device *d,
	struct driver_forecast *ret)
{
	const struct device *pf =
		d->physfn ? host_device(&boot->state->host, d->physfn) : NULL;
	CLEANUP(driver_forecast_done) struct driver_forecast out = { 0 };

	if (!pf || pf == d || pf->physfn || streq_null(pf->driver, VFIO))
		return false;
	forecast_device(boot, NULL, pf, &out);
	ret->gone = streq_null(out.driver, VFIO);
	if (ret->gone)
		ret->why = text_printf(
			"its physical function %s goes to vfio-pci, which ends it",
			pf->address);
	return ret->gone;
}

/* What scripts and the like add to it. */
static void with_acts(const struct step *s, bool driverctl)
{
	struct udev_override rule = { 0 };
	bool image = false;
	struct acts_base base = { .own = s->own && !streq(s->own, "-") ? s->own : NULL,
		.builtin = s->builtin,
		.first = forecast_image_load(s->boot->state) == IMAGE_LOADS_FIRST,
		.named = named_by_id(s->boot, s->device),
		.no = s->boot->no_vfio ?: refuses(s),
		.from = driverctl ? ACT_SYSTEM : ACT_IMAGE_EARLY };
	autofree char *driver = NULL;

	if (!s->boot->state->acts.n)
		return;
	find_rule(s, &rule, &image);
	driver = rule.driver;
	base.rule = driver && *driver ? driver : NULL;
	forecast_acts(s->boot, s->device, &base, s->ret);
}

/* Which one of its physical function's it is, from 0. */
static long index_of(const struct host *host, const struct device *vf)
{
	long n = 0;

	for (const struct device *d = host->devices; d < vf; d++)
		n += streq_null(d->physfn, vf->physfn);
	return n;
}

/* A virtual function is there only where somebody makes it, and so many of them. */
static bool is_not_made(const struct forecast_boot *boot, const struct device *d,
	struct driver_forecast *ret)
{
	const struct forecast_state *o = boot->state;
	const struct device *pf = d->physfn ? host_device(&o->host, d->physfn) : NULL;
	CLEANUP(vfs_makers_done) struct vfs_makers makers = { 0 };
	long index;

	if (!pf || pf->vfs_total <= 0)
		return false;
	vfs_makers_find(&o->host, &o->modprobe, o->kargs, pf, &makers);
	index = index_of(&o->host, d);
	for (size_t i = 0; i < makers.n; i++)
		if (!makers.list[i].certain || makers.list[i].number > index)
			return false;
	ret->gone = true;
	if (!makers.n)
		ret->why = text_printf(
			"it is not there: %s starts with no virtual functions, and nothing is known to make them: pciferry check says under sriov where that was looked for",
			pf->address);
	else {
		autofree char *place = vfs_maker_place(&makers.list[0]);

		ret->why = text_printf(
			"it is not there: %s makes %ld virtual functions of %s", place,
			makers.list[0].number, pf->address);
	}
	return true;
}

void forecast_device(const struct forecast_boot *boot, const struct forecast_boot *before,
	const struct device *d, struct driver_forecast *ret)
{
	static bool (*const steps[])(
		struct step *) = { by_driverctl, by_script, by_stub, by_rule, by_id };
	struct step s = { .boot = boot,
		.device = d,
		.own = forecast_own(boot->state->draft, d),
		.ret = ret };
	bool bridge =
		d->class >> 8 == CLASS_BRIDGE_PCI; /* vfio-pci takes no such header */
	bool decided, gone, driverctl = false;

	*ret = (struct driver_forecast){ 0 };
	decided = is_not_made(boot, d, ret) || ends_with(boot, d, ret);
	gone = decided;
	s.builtin = s.own && forecast_builtin(boot, s.own);
	for (size_t i = 0; !decided && i < ARRAY_SIZE(steps) && !bridge; i++)
		driverctl = (decided = steps[i](&s)) && i == 0;
	if (!decided || s.stays)
		forecast_without_vfio(boot, before, d, ret);
	if (!gone && !bridge)
		with_acts(&s, driverctl);
}

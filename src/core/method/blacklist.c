// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blacklist: udev does not load the modules that want the device, and ids= gives it to
 * vfio-pci. Right only where nothing else on this host needs them. It does not give way
 * at the boot menu: the modules stay blacklisted.
 */
#include "core/base/strv.h"
#include "core/method/ids.h"
#include "core/method/method.h"
#include "core/existing/existing.h"

/* A device that stays with the host and needs one of the modules, or NULL. */
static const struct device *other_user(const struct draft *draft, char *const *modules)
{
	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *other = &draft->host->devices[i];
		const struct driver *driver;

		if (claims_find(&draft->plan->claims, other->address) || !other->driver)
			continue;
		driver = host_driver(draft->host, other->driver);
		strv_foreach (module, modules)
			if (strv_has(other->modules, module) ||
				streq(other->driver, module) ||
				(driver && driver->module &&
					module_name_equal(driver->module, module)))
				return other;
	}
	return NULL;
}

static enum fit blacklist_applies(
	const struct draft *draft, const struct device *d, char **why)
{
	autostrv char **modules = NULL;
	const struct device *other;
	autofree char *list = NULL;
	enum fit fit = method_applies_by_id(draft, d, why);

	if (fit != FIT)
		return fit;
	modules = method_modules(draft, d);
	list = strv_join(modules, ", ");
	other = other_user(draft, modules);
	if (other)
		return method_because(UNFIT, why,
			"%s stays with the host and needs the driver %s", other->address,
			other->driver);
	return method_because(FIT_IF_ASKED, why,
		"no device that stays has its driver from %s",
		modules ? list : "a module");
}

/* The user's own line for the module. */
static bool has_line(const struct draft *draft, const char *module)
{
	for (size_t i = 0; i < draft->modprobe.n; i++)
		if (modprobe_is(&draft->modprobe.list[i], "blacklist", module) &&
			path_is_users(draft->modprobe.list[i].path) &&
			method_in_image(draft, draft->modprobe.list[i].path))
			return true;
	return false;
}

static void modprobe(const struct draft *draft, const struct device *d, struct buf *conf)
{
	autostrv char **modules = method_modules(draft, d);

	strv_foreach (module, modules)
		if (!has_line(draft, module))
			buf_printf(conf, "blacklist %s\n", module);
}

const struct method method_blacklist = {
	.name = "blacklist",
	.summary = "ids, and the modules that want the device blacklisted (modprobe.d)",
	.applies = blacklist_applies,
	.no_rescue = "its modules stay blacklisted",
	.by_id = true,
	.modprobe = modprobe,
};

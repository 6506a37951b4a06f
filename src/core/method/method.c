// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rows of methods.c share. */
#include "core/method/method.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/initramfs/initramfs.h"

#include <stdarg.h>

enum fit method_because(enum fit fit, char **why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*why = text_vprintf(fmt, ap);
	va_end(ap);
	return fit;
}

bool method_driver_builtin(const struct draft *draft, const struct device *d)
{
	const struct driver *driver =
		d->driver ? host_driver(draft->host, d->driver) : NULL;

	return driver && driver->builtin && !streq(driver->name, "vfio-pci");
}

bool method_in_image(const struct draft *draft, const char *path)
{
	const struct generator *g = draft->generator;

	return !g || g->row->holds(draft->host, path);
}

char **method_modules(const struct draft *draft, const struct device *d)
{
	const struct driver *driver =
		d->driver ? host_driver(draft->host, d->driver) : NULL;
	char **modules = strv_copy(d->modules);

	if (driver && !driver->builtin && !streq(driver->name, "vfio-pci") &&
		(driver->module || !modules))
		strv_add_new(&modules, driver->module ?: driver->name);
	return modules;
}

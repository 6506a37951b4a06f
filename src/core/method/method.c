// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rows of methods.c share. */
#include "core/method/method.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <stdarg.h>

int method_because(int result, char **why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*why = text_vprintf(fmt, ap);
	va_end(ap);
	return *why ? result : -ENOMEM;
}

bool method_driver_builtin(const struct draft *draft, const struct device *d)
{
	const struct driver *driver =
		d->driver ? host_driver(draft->host, d->driver) : NULL;

	return driver && driver->builtin && !streq(driver->name, "vfio-pci");
}

int method_modules(const struct draft *draft, const struct device *d, char ***ret)
{
	const struct driver *driver =
		d->driver ? host_driver(draft->host, d->driver) : NULL;
	autostrv char **modules = NULL;

	if (strv_copy(d->modules, &modules) < 0)
		return -ENOMEM;
	if (driver && !driver->builtin && !streq(driver->name, "vfio-pci") &&
		(driver->module || !modules) &&
		strv_add_new(&modules, driver->module ?: driver->name) < 0)
		return -ENOMEM;
	*ret = TAKE(modules);
	return 0;
}

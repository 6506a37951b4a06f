// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Softdeps: "softdep MODULE pre: vfio-pci" has vfio-pci loaded before the module that
 * wants a device. Of several for one module libkmod heeds the first, by the names of
 * their files, the kernel's own list among them; and one makes it ignore an "install"
 * line (libkmod-module.c, kmod_module_get_softdeps and kmod_module_probe_insert_module).
 */
#include "core/method/softdep.h"
#include "core/base/strv.h"
#include "core/initramfs/initramfs.h"
#include "core/method/method.h"

#define OURS "pciferry.conf"

/* The user's first line of that kind for the module, or NULL. */
static const struct modprobe_line *existing_line(
	const struct draft *draft, const char *command, const char *module)
{
	for (size_t i = 0; i < draft->modprobe.n; i++)
		if (modprobe_is(&draft->modprobe.list[i], command, module) &&
			!streq(modprobe_file_name(&draft->modprobe.list[i]), OURS))
			return &draft->modprobe.list[i];
	return NULL;
}

static const struct kernel *kernel_with_softdep(
	const struct draft *draft, const char *module)
{
	for (size_t i = 0; i < draft->host->n_kernels; i++)
		if (kernel_has_softdep(&draft->host->kernels[i], module))
			return &draft->host->kernels[i];
	return NULL;
}

static bool module_orders(const struct draft *draft, const char *module, char **why)
{
	const struct modprobe_line *line = existing_line(draft, "install", module);
	const struct kernel *k = kernel_with_softdep(draft, module);

	if (line && modprobe_loads_first(line, "vfio-pci") &&
		method_in_image(draft, line->path))
		return true; /* which does the same */
	if (line)
		return method_because(UNFIT, why,
			"%s:%zu has an install line for %s, which a softdep would cancel",
			line->path, line->line, module);
	line = existing_line(draft, "softdep", module);
	if (k && (!line || strcmp(modprobe_file_name(line), KERNEL_SOFTDEPS) > 0))
		return method_because(UNFIT, why,
			"the module %s has a softdep of its own in the kernel %s, and only the first one counts",
			module, k->release);
	if (line && !modprobe_loads_first(line, "vfio-pci") &&
		strcmp(modprobe_file_name(line), OURS) < 0)
		return method_because(UNFIT, why,
			"%s:%zu has a softdep for %s, and only the first one counts",
			line->path, line->line, module);
	return true;
}

bool method_applies_by_softdep(
	const struct draft *draft, const struct device *d, char **why)
{
	const struct modprobe_line *install = existing_line(draft, "install", "vfio-pci");
	autostrv char **modules = NULL;

	if (!draft->vfio_loadable) /* there before any module */
		return true;
	modules = method_modules(draft, d);
	if (install && modules)
		return method_because(UNFIT, why,
			"%s:%zu has an install line for vfio-pci, so that loading it first runs a command that an initramfs need not have",
			install->path, install->line);
	strv_foreach (module, modules)
		if (!module_orders(draft, module, why))
			return false;
	return true;
}

/*
 * Where only the driver told the module, vfio-pci has the device by now and nothing tells
 * it any more: then the softdeps that our file already has stay.
 */
static char **known_softdeps(const struct draft *draft)
{
	char **modules = NULL;

	for (size_t i = 0; i < draft->modprobe.n; i++) {
		const struct modprobe_line *line = &draft->modprobe.list[i];

		if (streq(line->tokens[0], "softdep") && line->tokens[1] &&
			streq(modprobe_file_name(line), OURS))
			strv_add_new(&modules, line->tokens[1]);
	}
	return modules;
}

bool method_softdep_counts(const struct draft *draft, const struct modprobe_line *line)
{
	return modprobe_loads_first(line, "vfio-pci") &&
	       existing_line(draft, "softdep", line->tokens[1]) == line &&
	       method_in_image(draft, line->path);
}

/* A later line of the user's would not count any more: what it asks for comes along. */
static void softdep_add_line(
	const char *module, const struct modprobe_line *theirs, struct buf *line)
{
	buf_printf(line, "softdep %s", module);
	if (!theirs || !modprobe_loads_first(theirs, "vfio-pci"))
		buf_puts(line, " pre: vfio-pci");
	for (size_t i = 2; theirs && theirs->tokens[i]; i++)
		buf_printf(line, " %s", theirs->tokens[i]);
	buf_puts(line, "\n");
}

void method_softdeps(const struct draft *draft, const struct device *d, struct buf *conf)
{
	autostrv char **modules = NULL;

	if (!draft->vfio_loadable)
		return;
	modules = method_modules(draft, d);
	if (!modules && d->driver && streq(d->driver, "vfio-pci") &&
		claims_find(&draft->host->claims, d->address))
		modules = known_softdeps(draft);
	strv_foreach (module, modules) {
		const struct modprobe_line *theirs =
			existing_line(draft, "softdep", module);
		const struct modprobe_line *install =
			existing_line(draft, "install", module);
		autobuf struct buf line = { 0 };

		if ((theirs && method_softdep_counts(draft, theirs)) ||
			(install && modprobe_loads_first(install, "vfio-pci")))
			continue;
		softdep_add_line(module, theirs, &line);
		if (!conf->s || !strstr(conf->s, line.s)) /* two functions, one driver */
			buf_puts(conf, line.s);
	}
}

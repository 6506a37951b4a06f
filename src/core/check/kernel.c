// SPDX-License-Identifier: GPL-2.0-or-later
/* What the installed kernels, and the running one, can do. */
#include "core/check/kernel.h"
#include "core/base/strv.h"
#include "core/check/check.h"
#include "core/facts/acs.h"
#include "core/facts/facts.h"
#include "core/host/module.h"
#include "core/scan/capabilities.h"

/* "6.1.0-50 (module)" */
static void kernel_describe(const struct kernel *k, char ***list)
{
	static const char *const places[] = {
		[MODULE_MISSING] = "missing",
		[MODULE_LOADABLE] = "a module",
		[MODULE_BUILTIN] = "built in",
	};
	char text[128];

	(void)snprintf(text, sizeof(text), "%.90s (%s)", k->release,
		places[module_place(k->modules, "vfio_pci")]);
	strv_add(list, text);
}

void check_vfio(const struct probe *p, struct check *c)
{
	autostrv char **known = NULL, **without = NULL;
	autofree char *all = NULL, *lack = NULL;

	for (size_t i = 0; i < p->host->n_kernels; i++) {
		const struct kernel *k = &p->host->kernels[i];

		if (!k->modules)
			continue;
		kernel_describe(k, &known);
		if (module_place(k->modules, "vfio_pci") == MODULE_MISSING)
			strv_add(&without, k->release);
	}
	if (!known) {
		check_say(c, CHECK_UNKNOWN,
			"No installed kernel's modules were found under /lib/modules.");
		return;
	}
	all = strv_join(known, ", ");
	lack = strv_join(without, ", ");
	check_say(c,
		!without			      ? CHECK_OK
		: strv_len(without) < strv_len(known) ? CHECK_WARN
						      : CHECK_FAIL,
		"vfio-pci, by installed kernel (/lib/modules): %s.", all);
	if (!without)
		return;
	if (strv_len(without) < strv_len(known))
		check_fix(c, "Do not boot these with devices handed over: %s.", lack);
	else
		check_fix(c, "Install a kernel with CONFIG_VFIO_PCI.");
}

/* Ports that have no ACS, above endpoints; an empty list where that cannot be read. */
static char **ports_without(const struct probe *p)
{
	char **ports = NULL;

	for (size_t i = 0; i < p->host->n_devices; i++) {
		const struct device *d = &p->host->devices[i];
		const struct device *port = d->bridge && !device_is_bridge(d)
						    ? host_device(p->host, d->bridge)
						    : NULL;
		autostrv char **names = port ? pci_capabilities(p->root, port) : NULL;

		if (names && !strv_has(names, "ACS"))
			strv_add_new(&ports, port->address);
	}
	return ports;
}

/* As the fact says, and which ports it is about: those are looked for here only. */
void check_acs(const struct probe *p, struct check *c)
{
	CLEANUP(facts_done) struct facts facts = { 0 };
	autostrv char **ports = NULL;
	const struct fact *fact;
	autofree char *list = NULL;

	if (!p->host->cmdline) {
		check_say(c, CHECK_UNKNOWN,
			"The running kernel's command line is not known.");
		return;
	}
	facts_acs(p->host, &p->host->claims, &facts);
	fact = fact_find(&facts, FOUND_ACS_OVERRIDE, NULL);
	if (!fact) {
		check_say(c, CHECK_OK,
			"The groups are as the hardware isolates them (no pcie_acs_override= that a kernel reads in /proc/cmdline).");
		return;
	}
	ports = ports_without(p);
	list = strv_join(ports, ", ");
	check_say(c, CHECK_WARN, "%s%s%s%s", fact->text,
		ports ? " Nothing keeps apart what is behind " : "", list,
		ports ? ", which has no ACS." : "");
}

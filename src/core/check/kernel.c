// SPDX-License-Identifier: GPL-2.0-or-later
/* What the installed kernels, and the running one, can do. */
#include "core/base/strv.h"
#include "core/check/check.h"
#include "core/edit/words.h"
#include "core/host/module.h"

int check_vfio(const struct host *host, struct check *c)
{
	autostrv char **with = NULL, **without = NULL;
	autofree char *have = NULL, *lack = NULL;

	for (size_t i = 0; i < host->n_kernels; i++) {
		const struct kernel *k = &host->kernels[i];
		bool missing = k->modules &&
			       module_place(k->modules, "vfio_pci") == MODULE_MISSING;

		if (k->modules && strv_add(missing ? &without : &with, k->release) < 0)
			return -ENOMEM;
	}
	if (strv_join(with, ", ", &have) < 0 || strv_join(without, ", ", &lack) < 0)
		return -ENOMEM;
	if (!with && !without)
		return check_say(c, CHECK_UNKNOWN,
			"No installed kernel's modules were found under /lib/modules.");
	if (!without)
		return check_say(c, CHECK_OK,
			"vfio-pci is there for every installed kernel: %s.", have);
	if (check_say(c, with ? CHECK_WARN : CHECK_FAIL,
		    "vfio-pci is missing for the kernel %s.", lack) < 0)
		return -ENOMEM;
	return check_fix(c,
		with ? "Boot one of these: %s." : "Install a kernel with vfio-pci.%s",
		have);
}

/* Kernel lockdown, which Secure Boot turns on, does not stop vfio-pci; it stops modules
 * that are not signed. (drivers/pci/pci-sysfs.c, security/lockdown) */
int check_lockdown(const struct host *host, struct check *c)
{
	autofree char *text = NULL;
	int r = root_read_attr(host->root, "/sys/kernel/security/lockdown", &text);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return check_say(c, CHECK_UNKNOWN,
			"/sys/kernel/security/lockdown cannot be read; vfio-pci works "
			"under lockdown too.");
	if (strstr(text, "[none]"))
		return check_say(c, CHECK_OK, "The kernel is not locked down.");
	return check_say(c, CHECK_WARN,
		"The kernel is locked down (Secure Boot): vfio-pci of the distribution "
		"works, modules without a signature do not load.");
}

/* The out-of-tree patch that splits groups which the hardware does not isolate. */
int check_acs(const struct host *host, struct check *c)
{
	autostrv char **words = NULL;
	const char *value;

	if (!host->cmdline)
		return check_say(c, CHECK_UNKNOWN,
			"The running kernel's command line is not known.");
	if (words_split(host->cmdline, &words) < 0)
		return -ENOMEM;
	value = words_value(words, "pcie_acs_override");
	if (!value)
		return check_say(
			c, CHECK_OK, "The groups are as the hardware isolates them.");
	return check_say(c, CHECK_WARN,
		"pcie_acs_override=%s is on the command line: groups look more isolated "
		"than the hardware makes them, and a guest may reach devices of others.",
		value);
}

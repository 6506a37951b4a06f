// SPDX-License-Identifier: GPL-2.0-or-later
/* What this host runs on: a machine, or something that keeps its devices to itself. */
#include "core/check/platform.h"
#include "core/check/check.h"

void check_platform(
	const struct host *host UNUSED, const struct facts *facts, struct check *c)
{
	const struct fact *fact = fact_find(facts, FOUND_PLATFORM, NULL);

	if (fact)
		check_fact(c, fact);
	else
		check_say(
			c, CHECK_OK, "Nothing stands between this host and its devices.");
}

/* The variable of the firmware: four bytes of attributes, then the value (UEFI, 3.3). */
#define SECURE_BOOT                                                                      \
	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

void check_secure_boot(const struct probe *p, struct check *c)
{
	autofree char *value = NULL;
	size_t len = 0;

	if (root_exists(p->root, "/sys/firmware") &&
		!root_exists(p->root, "/sys/firmware/efi"))
		check_say(c, CHECK_OK,
			"This host was not booted by UEFI, so there is no Secure Boot.");
	else if (root_read(p->root, SECURE_BOOT, 4096, &value, &len) < 0 || len != 5)
		check_say(c, CHECK_UNKNOWN,
			"Whether Secure Boot is on could not be read from " SECURE_BOOT
			".");
	else
		check_say(c, CHECK_OK,
			value[4]
				? "Secure Boot is on (" SECURE_BOOT
				  "): the distribution's own vfio-pci loads, modules without a signature do not."
				: "Secure Boot is off (" SECURE_BOOT ").");
}

/* Kernel lockdown, which Secure Boot turns on, does not stop vfio-pci; it stops modules
 * that are not signed. (drivers/pci/pci-sysfs.c, security/lockdown) */
void check_lockdown(const struct probe *p, struct check *c)
{
	autofree char *text = NULL;

	if (root_read_attr(p->root, "/sys/kernel/security/lockdown", &text) < 0)
		check_say(c, CHECK_UNKNOWN,
			"/sys/kernel/security/lockdown cannot be read; vfio-pci works under lockdown too.");
	else if (strstr(text, "[none]"))
		check_say(c, CHECK_OK,
			"The kernel is not locked down (/sys/kernel/security/lockdown).");
	else
		check_say(c, CHECK_WARN,
			"The kernel is locked down (%s in /sys/kernel/security/lockdown): vfio-pci of the distribution works, modules without a signature do not load, and the details of a device cannot all be read.",
			text);
}

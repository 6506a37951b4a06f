// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * u-boot-menu (Debian): u-boot-update sources /etc/default/u-boot, then the *.conf of
 * /etc/u-boot-menu/conf.d, and writes extlinux.conf. Where nothing sets U_BOOT_PARAMETERS
 * it takes "ro quiet", or /etc/kernel/cmdline where that is there (4.2.2).
 */
#include "core/base/strv.h"
#include "core/format/shell.h"
#include "core/loader/inplace.h"
#include "core/loader/loader.h"
#include "core/loader/shellvar.h"

static const struct loader_variable variable = {
	.script = "/usr/sbin/u-boot-update",
	.main = "/etc/default/u-boot",
	.dir = "/etc/u-boot-menu/conf.d/",
	.dropin = "/etc/u-boot-menu/conf.d/zz-pciferry.conf",
	.name = "U_BOOT_PARAMETERS",
	.unset = "ro quiet",
};

static const struct loader_file files[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline },
	{ 0 },
};

/* Whether the parameters come from /etc/kernel/cmdline. */
static bool by_cmdline(const struct host *host)
{
	const char *const places[] = { variable.main, variable.dir };

	if (!host_text(host, KERNEL_CMDLINE))
		return false;
	for (size_t i = 0; i < host->n_files; i++) {
		const struct file *f = &host->files[i];

		for (size_t j = 0; f->text && j < ARRAY_SIZE(places); j++)
			if (after_prefix(f->path, places[j]) &&
				!streq(f->path, variable.dropin) &&
				shell_sets(f->path, f->text, variable.name))
				return false;
	}
	return true;
}

static int kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	return by_cmdline(host) ? inplace_kargs(host, e, with_ours, ret, err)
				: shellvar_kargs(host, e, with_ours, ret, err);
}

static void u_boot_menu_edit(
	struct draft *draft, const struct evidence *e, char *const *wanted)
{
	if (by_cmdline(draft->host))
		inplace_edit(draft, e, wanted);
	else
		shellvar_edit(draft, e, wanted);
}

static const char *const needs[] = { "/usr/sbin/u-boot-update", "/boot/extlinux", NULL };
static const char *const update[] = { "/usr/sbin/u-boot-update", NULL };

const struct loader loader_u_boot_menu = {
	.id = "u-boot-menu",
	.title = "U-Boot with u-boot-menu",
	.needs = needs,
	.detect = shellvar_detect,
	.variable = &variable,
	.files = files,
	.kargs = kargs,
	.edit = u_boot_menu_edit,
	.refresh = update,
	.refresh_why = "writes the kernel command line into /boot/extlinux/extlinux.conf",
	.artifact = "/boot/extlinux/extlinux.conf",
};

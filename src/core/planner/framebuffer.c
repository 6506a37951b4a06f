// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The firmware's framebuffer on a device that goes to vfio-pci. Since Linux 6.0 vfio-pci
 * has the console's driver let go of a device of class 0300 (drivers/vfio/pci/
 * vfio_pci_core.c, vfio_pci_is_vga). Older kernels, and display controllers of another
 * class, keep it in a BAR: "can't reserve". video=efifb:off and vesafb:off act on those
 * drivers alone, which kernels with CONFIG_SYSFB_SIMPLEFB do not use; initcall_blacklist=
 * finds no such name in a kernel that Clang linked with LTO (include/linux/init.h).
 */
#include "core/planner/framebuffer.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/plan/draft.h"

#define CLASS_VGA 0x0300
#define FIRST_THAT_LETS_GO 6

static bool keeps_it(const struct kernel *k, const struct device *d)
{
	return d->class >> 8 != CLASS_VGA || atoi(k->release) < FIRST_THAT_LETS_GO;
}

/* The word that acts on this kernel, or NULL and why none does. */
static const char *word_for(
	const struct draft *draft, const struct kernel *k, const char **why)
{
	if (kernel_config(k, "CONFIG_SYSFB_SIMPLEFB") != 'y')
		return draft->host->efi ? "video=efifb:off" : "video=vesafb:off";
	if (kernel_config(k, "CONFIG_LTO_CLANG") != 'y')
		return "initcall_blacklist=sysfb_init";
	*why = "video= does not act on its simple framebuffer, and initcall_blacklist= finds no names in a kernel that Clang linked";
	return NULL;
}

static void add_word(struct draft *draft, const struct kernel *k, const struct device *d,
	char ***kargs)
{
	const char *why = NULL, *word = word_for(draft, k, &why);

	if (!word) {
		draft_finding(draft, FINDING_WARNING, FOUND_BOOT_FRAMEBUFFER, d->address,
			"%s holds the firmware's framebuffer, and the kernel %s keeps it: \"can't reserve\" may be what a virtual machine gets. No word prevents that: %s.",
			d->address, k->release, why);
		return;
	}
	if (strv_has(draft->user_kargs, word) || strv_has(*kargs, word))
		return;
	strv_add(kargs, word);
	draft_finding(draft, FINDING_INFO, FOUND_BOOT_FRAMEBUFFER, d->address,
		"%s holds the firmware's framebuffer, and the kernel %s would keep it: %s lets go of it. The console shows nothing until a driver of another display is loaded.",
		d->address, k->release, word);
}

void plan_framebuffer_kargs(struct draft *draft, char ***kargs)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct device *d =
			draft_device(draft, &draft->plan->claims.list[i]);

		for (size_t j = 0; d && d->boot_framebuffer && j < draft->host->n_kernels;
			j++)
			if (keeps_it(&draft->host->kernels[j], d))
				add_word(draft, &draft->host->kernels[j], d, kargs);
	}
}

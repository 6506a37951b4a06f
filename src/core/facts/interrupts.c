// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/interrupts.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/kargs.h"
#include "core/format/kargs.h"
#include "core/host/modprobe.h"

/* Why not: the command line, the firmware's table, else nobody tells. */
static const char *how_to_remap(const struct host *host)
{
	autostrv char **kargs = NULL;
	int flags = host->firmware.dmar_flags;

	if (host->cmdline)
		kargs = kargs_split(host->cmdline);
	if (kargs_value_has(kargs, "intremap", "off") || kargs_value(kargs, "nointremap"))
		return "Take intremap=off, or nointremap, out of the kernel command line.";
	if (flags >= 0 && !(flags & DMAR_REMAPS))
		return "The firmware's table DMAR does not offer it: look for interrupt remapping in the firmware setup, or for newer firmware.";
	if (flags > 0 && (flags & DMAR_NO_X2APIC))
		return "The firmware's table DMAR forbids x2APIC: look for x2APIC in the firmware setup.";
	if (host->firmware.guest)
		return "This is a virtual machine: its host has to give its IOMMU interrupt remapping (QEMU: intremap=on, with kernel-irqchip=split).";
	return "Look for interrupt remapping and x2APIC in the firmware setup.";
}

/* "FILE:LINE" of what tells vfio so, or NULL. */
static char *unsafe_place(const struct host *host)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autostrv char **words = NULL;

	host_modprobe(host, &lines);
	for (size_t i = lines.n; i-- > 0;) {
		autofree char *value = NULL;

		if (!modprobe_is(&lines.list[i], "options", "vfio_iommu_type1"))
			continue;
		value = modprobe_option(&lines.list[i], "allow_unsafe_interrupts");
		if (value)
			return text_printf(
				"%s:%zu", lines.list[i].path, lines.list[i].line);
	}
	if (host->cmdline)
		words = kargs_split(host->cmdline);
	strv_foreach (word, words) {
		char *const one[] = { word, NULL };

		if (kargs_value(one, "vfio_iommu_type1.allow_unsafe_interrupts"))
			return existing_karg_place(host, word);
	}
	return NULL;
}

static void tell_needless(const struct host *host, struct facts *ret)
{
	autofree char *place = unsafe_place(host);
	struct fact *fact = fact_add(ret, FOUND_UNSAFE_INTERRUPTS, FACT_WARNS, NULL,
		"vfio was told to take devices whose interrupts are not remapped (%s), which is not needed here: interrupts are remapped (IR- in /proc/interrupts).",
		UNSAFE_INTERRUPTS_PATH);

	fact_fix(fact, "Take allow_unsafe_interrupts out%s%s.", place ? " of " : "",
		place ?: "");
}

void facts_interrupts(
	const struct host *host, const struct claims *claims UNUSED, struct facts *ret)
{
	const struct firmware *f = &host->firmware;
	struct fact *fact;

	if (host->cpu != CPU_INTEL && host->cpu != CPU_AMD)
		return;
	if (f->remapping == REMAPPING_ON && f->unsafe_interrupts)
		tell_needless(host, ret);
	if (f->remapping != REMAPPING_OFF || host->iommu != IOMMU_ACTIVE)
		return;
	fact = fact_add(ret, FOUND_INTERRUPTS, FACT_WARNS, NULL,
		f->unsafe_interrupts
			? "Interrupts are not remapped, and vfio was told that this is safe (%s): a guest can disturb this host."
			: "Interrupts are not remapped: vfio refuses devices unless told that this is safe (%s).",
		UNSAFE_INTERRUPTS_PATH);
	fact_fix(fact, "%s", how_to_remap(host));
}

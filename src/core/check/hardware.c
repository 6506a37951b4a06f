// SPDX-License-Identifier: GPL-2.0-or-later
/* What the processor and the firmware offer. */
#include "core/base/strv.h"
#include "core/check/check.h"

/* How each vendor's firmware setup calls what must be on. */
static const struct {
	const char *virtualization, *iommu;
} settings[] = {
	[CPU_UNKNOWN] = { "the processor's virtualization", "the IOMMU" },
	[CPU_INTEL] = { "VT-x (Intel Virtualization Technology)",
		"VT-d (Intel Virtualization Technology for Directed I/O)" },
	[CPU_AMD] = { "SVM (AMD-V)", "IOMMU (AMD-Vi)" },
	[CPU_ARM] = { "virtualization (EL2)", "SMMU" },
};

int check_virtualization(const struct host *host, struct check *c)
{
	autofree char *text = NULL;
	int r = root_read_attr(host->root, "/proc/cpuinfo", &text);

	if (r == -ENOMEM)
		return r;
	if (r < 0 || host->cpu == CPU_ARM || !strstr(text, "flags"))
		return check_say(c, CHECK_UNKNOWN,
			"/proc/cpuinfo does not tell whether the processor can run "
			"virtual machines.");
	if (strstr(text, " vmx") || strstr(text, " svm"))
		return check_say(c, CHECK_OK,
			"The processor can run virtual machines (/proc/cpuinfo).");
	r = check_say(c, CHECK_WARN,
		"The processor shows neither vmx nor svm in /proc/cpuinfo: virtual "
		"machines would be slow.");
	return r < 0 ? r
		     : check_fix(c, "Turn on %s in the firmware setup.",
			       settings[host->cpu].virtualization);
}

int check_iommu(const struct host *host, struct check *c)
{
	const char *seen =
		host->iommu == IOMMU_OFF
			? "The firmware offers an IOMMU, but this boot does not use it: "
			  "/sys/kernel/iommu_groups is empty."
		: host->iommu == IOMMU_ABSENT
			? "The firmware offers no IOMMU: /sys/firmware/acpi/tables has "
			  "neither DMAR nor IVRS nor VIOT."
			: "There are no IOMMU groups in /sys/kernel/iommu_groups.";
	size_t n = 0;
	int r;

	for (size_t i = 0; i < host->n_groups; i++)
		n += host->groups[i].number >= 0;
	if (host->iommu == IOMMU_ACTIVE)
		return check_say(c, CHECK_OK,
			"The IOMMU is on: %zu groups in /sys/kernel/iommu_groups.", n);
	r = check_say(c, CHECK_FAIL, "%s", seen);
	if (r < 0)
		return r;
	if (host->iommu == IOMMU_OFF)
		return check_fix(c,
			"Choose the devices and apply: where a word on the kernel "
			"command line can turn it on, that is the first of two steps. If "
			"there are no groups after the reboot, turn on %s in the "
			"firmware setup.",
			settings[host->cpu].iommu);
	return check_fix(
		c, "Turn on %s in the firmware setup.", settings[host->cpu].iommu);
}

/* /proc/interrupts of a host with hundreds of processors. */
#define INTERRUPTS_MAX ((size_t)16 << 20)

int check_interrupts(const struct host *host, struct check *c)
{
	autofree char *text = NULL;
	int r = root_read(host->root, "/proc/interrupts", INTERRUPTS_MAX, &text, NULL);

	if (r == -ENOMEM)
		return r;
	if (r < 0 || (host->cpu != CPU_INTEL && host->cpu != CPU_AMD))
		return check_say(c, CHECK_UNKNOWN,
			"Whether interrupts are remapped could not be read from "
			"/proc/interrupts.");
	/* The chips' names begin so: arch/x86/kernel/apic/io_apic.c, drivers/iommu. */
	if (strstr(text, "IR-"))
		return check_say(c, CHECK_OK,
			"Interrupts are remapped (IR- in /proc/interrupts).");
	if (host->iommu != IOMMU_ACTIVE)
		return check_say(c, CHECK_UNKNOWN,
			"Interrupt remapping comes with the IOMMU, which is off.");
	r = check_say(c, CHECK_WARN,
		"Interrupts are not remapped: vfio refuses devices unless told that this "
		"is safe.");
	return r < 0 ? r
		     : check_fix(c, "Look for intremap=off on the kernel command line, "
				    "and for x2APIC and interrupt remapping in the "
				    "firmware setup.");
}

int check_sriov(const struct host *host, struct check *c)
{
	size_t virtual = 0;

	for (size_t i = 0; i < host->n_devices; i++)
		virtual += host->devices[i].physfn != NULL;
	return check_say(c, CHECK_OK, "%zu SR-IOV virtual function%s active.", virtual,
		virtual == 1 ? " is" : "s are");
}

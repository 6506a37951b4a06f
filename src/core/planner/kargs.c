// SPDX-License-Identifier: GPL-2.0-or-later
/* The words that this host needs on its kernel command line, and no others. */
#include "core/planner/kargs.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"
#include "core/host/module.h"
#include "core/plan/draft.h"
#include "core/planner/framebuffer.h"

#define INTGPU_CLASS 0x03

/* Intel's integrated graphics is a display controller on bus 0. */
static const struct device *claimed_integrated_gpu(const struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct device *d =
			draft_device(draft, &draft->plan->claims.list[i]);

		if (d && d->vendor == 0x8086 && d->class >> 16 == INTGPU_CLASS &&
			!d->at.bus)
			return d;
	}
	return NULL;
}

/*
 * Whether a kernel leaves Intel's IOMMU off unless told: its configuration says so.
 * Debian has a third default, on for all but the integrated GPU. Without a configuration
 * file what is active now decides.
 */
static bool kernel_needs_on(const struct draft *draft, const struct kernel *k)
{
	autostrv char **running = NULL;

	if (kernel_config(k, "CONFIG_INTEL_IOMMU_DEFAULT_ON") == 'y')
		return false;
	if (kernel_config(k, "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF") == 'y')
		return claimed_integrated_gpu(draft);
	if (k->config || draft->host->iommu != IOMMU_ACTIVE)
		return true;
	return draft->host->cmdline && kargs_split(draft->host->cmdline, &running) == 0 &&
	       kargs_value_has(running, "intel_iommu", "on");
}

bool plan_needs_intel_on(const struct draft *draft)
{
	if (draft->host->cpu != CPU_INTEL ||
		kargs_value_has(draft->user_kargs, "intel_iommu", "on"))
		return false;
	for (size_t i = 0; i < draft->host->n_kernels; i++)
		if (kernel_needs_on(draft, &draft->host->kernels[i]))
			return true;
	return !draft->host->n_kernels && draft->host->iommu != IOMMU_ACTIVE;
}

/* The user's ids= that would be read after ours: in a later file. */
static int later_ids(const struct draft *draft, const struct modprobe_line **ret)
{
	*ret = NULL;
	for (size_t i = draft->modprobe.n; i-- > 0 && draft->vfio_loadable && !*ret;) {
		const struct modprobe_line *line = &draft->modprobe.list[i];
		autofree char *value = NULL;

		if (strcmp(modprobe_file_name(line), "pciferry.conf") <= 0)
			break;
		if (!modprobe_is(line, "options", "vfio-pci"))
			continue;
		if (modprobe_option(line, "ids", &value) < 0)
			return -ENOMEM;
		if (value)
			*ret = line;
	}
	return 0;
}

/* Words on the command line stay there at the way out of the boot menu. */
static int tell_no_rescue(struct draft *draft, const char *list)
{
	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		const struct kernel *k = &draft->host->kernels[i];

		if (k->modules && module_place(k->modules, "vfio_pci") == MODULE_BUILTIN)
			return draft_finding(draft, FINDING_WARNING, FOUND_NO_WAY_OUT,
				NULL,
				"vfio-pci is part of the kernel %s, so pciferry.off module_blacklist=vfio_pci does not keep it from these devices there: at the boot menu, take vfio-pci.ids=%s out of the line instead.",
				k->release, list);
	}
	return 0;
}

/* Modprobe.d cannot say it all: the command line has the last word, also for a vfio-pci
 * that is built in. */
static int add_ids(struct draft *draft, char ***kargs)
{
	const char *users = kargs_value(draft->user_kargs, "vfio-pci.ids");
	const struct modprobe_line *later;
	autofree char *list = NULL, *word = NULL;

	if (later_ids(draft, &later) < 0)
		return -ENOMEM;
	if (!draft->ids || (!users && !later && !draft->vfio_builtin))
		return 0;
	if (strv_join(draft->ids, ",", &list) < 0 || tell_no_rescue(draft, list) < 0)
		return -ENOMEM;
	if (later && !users &&
		draft_finding(draft, FINDING_INFO, FOUND_IDS_ON_CMDLINE, NULL,
			"%s:%zu is read after our file and its ids= would win: the whole list goes on the kernel command line, which wins over both.",
			later->path, later->line) < 0)
		return -ENOMEM;
	if (text_set(&word, "vfio-pci.ids=%s", list) < 0)
		return -ENOMEM;
	return strv_add(kargs, word);
}

/*
 * Isolation that the hardware does not give, asserted: only as asked for, and only where
 * the kernel reads the word. Each occurrence of it counts.
 */
static int add_acs_override(struct draft *draft, char ***kargs)
{
	const char *value = draft->plan->claims.acs_override;
	autofree char *word = NULL;

	if (!value)
		return 0;
	if (draft->host->acs_patch != ACS_THERE)
		return draft_finding(draft, FINDING_REFUSAL, FOUND_NO_ACS_OVERRIDE, NULL,
			"The running kernel%s%s reads no pcie_acs_override=%s: the word would do nothing. Boot a kernel that has the patch, as Proxmox VE's and zen do, or go without (--acs-override off).",
			draft->host->running ? " " : "", draft->host->running ?: "",
			draft->host->acs_patch == ACS_UNKNOWN
				? ", as far as can be seen (/proc/kallsyms)"
				: "");
	if (draft_finding(draft, FINDING_WARNING, FOUND_ACS_OVERRIDE, NULL,
		    "pcie_acs_override=%s makes groups smaller by saying that devices are kept apart, which the hardware does not do: a guest's device may read and write another device, and past the IOMMU the memory of the host. Groups are others after the reboot: look at them again.",
		    value) < 0 ||
		text_set(&word, "pcie_acs_override=%s", value) < 0)
		return -ENOMEM;
	return strv_has(draft->user_kargs, word) ? 0 : strv_add(kargs, word);
}

static int wanted(struct draft *draft, char ***ret)
{
	autostrv char **kargs = NULL;

	draft->plan->existing_pt = strv_has(draft->user_kargs, "iommu=pt");
	if (draft->plan->claims.n == 0 && !draft->plan->claims.iommu_on &&
		!draft->plan->claims.acs_override)
		return 0;
	if (plan_needs_intel_on(draft) && strv_add(&kargs, "intel_iommu=on") < 0)
		return -ENOMEM;
	if (draft->plan->claims.iommu_pt && !draft->plan->existing_pt &&
		strv_add(&kargs, "iommu=pt") < 0)
		return -ENOMEM;
	if (add_acs_override(draft, &kargs) < 0 ||
		plan_framebuffer_kargs(draft, &kargs) < 0 || add_ids(draft, &kargs) < 0)
		return -ENOMEM;
	*ret = TAKE(kargs);
	return 0;
}

/* The user's own words that work against this. */
static int check_existing_kargs(struct draft *draft)
{
	const struct device *gpu = claimed_integrated_gpu(draft);

	if (gpu && kargs_value_has(draft->user_kargs, "intel_iommu", "igfx_off"))
		return draft_finding(draft, FINDING_REFUSAL, FOUND_IGFX_OFF, gpu->address,
			"intel_iommu=igfx_off on your kernel command line keeps the integrated GPU out of the IOMMU: take igfx_off out to hand this GPU over.");
	return 0;
}

int plan_kargs(struct draft *draft, char ***ret)
{
	int r = check_existing_kargs(draft);

	return r < 0 ? r : wanted(draft, ret);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The words that this host needs on its kernel command line, and no others. */
#include "core/planner/kargs.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/host/module.h"
#include "core/plan/draft.h"
#include "core/planner/framebuffer.h"

static const struct device *claimed_integrated_gpu(const struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct device *d =
			draft_device(draft, &draft->plan->claims.list[i]);

		if (d && device_is_intel_gpu(d))
			return d;
	}
	return NULL;
}

bool plan_needs_intel_on(const struct draft *draft)
{
	return draft->host->cpu == CPU_INTEL &&
	       !kargs_value_has(draft->user_kargs, "intel_iommu", "on") &&
	       host_needs_intel_on(draft->host, &draft->plan->claims);
}

/* The user's ids= that would be read after ours: in a later file. */
static const struct modprobe_line *later_ids(const struct draft *draft)
{
	for (size_t i = draft->modprobe.n; i-- > 0 && draft->vfio_loadable;) {
		const struct modprobe_line *line = &draft->modprobe.list[i];
		autofree char *value = NULL;

		if (strcmp(modprobe_file_name(line), "pciferry.conf") <= 0)
			break;
		if (!modprobe_is(line, "options", "vfio-pci"))
			continue;
		value = modprobe_option(line, "ids");
		if (value)
			return line;
	}
	return NULL;
}

/* Words on the command line stay there at the way out of the boot menu. */
static void tell_no_rescue(struct draft *draft, const char *list)
{
	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		const struct kernel *k = &draft->host->kernels[i];

		if (k->modules &&
			module_place(k->modules, "vfio_pci") == MODULE_BUILTIN) {
			draft_finding(draft, FINDING_WARNING, FOUND_NO_WAY_OUT, NULL,
				"vfio-pci is part of the kernel %s, so %s does not keep it from these devices there: at the boot menu, take vfio-pci.ids=%s out of the line instead.",
				k->release, draft->plan->way_out, list);
			return;
		}
	}
}

/* Modprobe.d cannot say it all: the command line has the last word, also for a vfio-pci
 * that is built in. */
static void add_ids(struct draft *draft, char ***kargs)
{
	const char *users = kargs_value(draft->user_kargs, "vfio-pci.ids");
	const struct modprobe_line *later = later_ids(draft);
	autofree char *list = NULL, *word = NULL;

	if (!draft->ids || (!users && !later && !draft->vfio_builtin))
		return;
	list = strv_join(draft->ids, ",");
	tell_no_rescue(draft, list);
	if (later && !users)
		draft_finding(draft, FINDING_INFO, FOUND_IDS_ON_CMDLINE, NULL,
			"%s:%zu is read after our file and its ids= would win: the whole list goes on the kernel command line, which wins over both.",
			later->path, later->line);
	word = text_printf("vfio-pci.ids=%s", list);
	strv_add(kargs, word);
}

/*
 * Isolation that the hardware does not give, asserted: only as asked for, and only where
 * the kernel reads the word. Each occurrence of it counts.
 */
static void add_acs_override(struct draft *draft, char ***kargs)
{
	const char *value = draft->plan->claims.acs_override;
	autofree char *word = NULL;

	if (!value)
		return;
	if (draft->host->acs_patch != ACS_THERE) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_NO_ACS_OVERRIDE, NULL,
			"The running kernel%s%s reads no pcie_acs_override=%s: the word would do nothing. Boot a kernel that has the patch, as Proxmox VE's and zen do, or go without (--acs-override off).",
			draft->host->running ? " " : "", draft->host->running ?: "",
			draft->host->acs_patch == ACS_UNKNOWN
				? ", as far as can be seen (/proc/kallsyms)"
				: "");
		return;
	}
	draft_finding(draft, FINDING_WARNING, FOUND_ACS_OVERRIDE, NULL,
		"pcie_acs_override=%s makes groups smaller by saying that devices are kept apart, which the hardware does not do: a guest's device may read and write another device, and past the IOMMU the memory of the host. Groups are others after the reboot: look at them again.",
		value);
	word = text_printf("pcie_acs_override=%s", value);
	if (!strv_has(draft->user_kargs, word))
		strv_add(kargs, word);
}

static char **wanted(struct draft *draft)
{
	char **kargs = NULL;

	draft->plan->existing_pt = strv_has(draft->user_kargs, "iommu=pt");
	if (draft->plan->claims.n == 0 && !draft->plan->claims.iommu_on &&
		!draft->plan->claims.acs_override)
		return NULL;
	if (plan_needs_intel_on(draft))
		strv_add(&kargs, "intel_iommu=on");
	if (draft->plan->claims.iommu_pt && !draft->plan->existing_pt)
		strv_add(&kargs, "iommu=pt");
	add_acs_override(draft, &kargs);
	plan_framebuffer_kargs(draft, &kargs);
	add_ids(draft, &kargs);
	return kargs;
}

/* The user's own words that work against this. */
static void check_existing_kargs(struct draft *draft)
{
	const struct device *gpu = claimed_integrated_gpu(draft);

	if (gpu && kargs_value_has(draft->user_kargs, "intel_iommu", "igfx_off"))
		draft_finding(draft, FINDING_REFUSAL, FOUND_IGFX_OFF, gpu->address,
			"intel_iommu=igfx_off on your kernel command line keeps the integrated GPU out of the IOMMU: take igfx_off out to hand this GPU over.");
}

char **plan_kargs(struct draft *draft)
{
	check_existing_kargs(draft);
	return wanted(draft);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/iommu.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/kargs.h"
#include "core/facts/menus.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/loader/boots.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"

#include <stdarg.h>

/* What the reasons share. */
struct off {
	const struct host *host;
	const struct claims *claims;
	const struct evidence *loader;
	char **running; /* words of this boot */
	char **next; /* of the next one; NULL where not known */
	char **any; /* and those that single entries have on top */
	struct err problem; /* why they could not be read; no text: they were */
	struct facts *out;
};

static void off_done(struct off *o)
{
	strv_free(o->running);
	strv_free(o->next);
	strv_free(o->any);
}

static struct fact *add(const struct off *o, const char *fmt, ...) PRINTF(2, 3);

static struct fact *add(const struct off *o, const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	return fact_add(o->out, FOUND_IOMMU_OFF, FACT_DOOMS, NULL, "%s%s", text,
		o->host->firmware.noiommu
			? " The groups that are there are of vfio's no-IOMMU mode, and translate nothing."
			: "");
}

/* The IOMMU of such a place is another system's; the row platform says what to do. */
static bool by_place(const struct off *o)
{
	if (!o->host->firmware.place)
		return false;
	(void)add(o,
		"There are no IOMMU groups in " GROUPS_PATH
		", nor can there be: %s says what this host is.",
		o->host->firmware.place_path);
	return true;
}

static void fix_firmware(const struct off *o, struct fact *fact)
{
	fact_fix(fact, "Turn on %s in the firmware setup, and reboot.%s",
		menu_iommu(o->host), menu_place(o->host));
}

/* What the processor says of the two reasons that a missing table can have. The kernel
 * takes vmx out of the flags where the firmware has locked it off
 * (arch/x86/kernel/cpu/feat_ctl.c). */
static void no_table_x86(const struct off *o)
{
	static const char none[] = "The firmware offers no IOMMU: " ACPI_TABLES
				   " has none of DMAR, IVRS, VIOT and IORT.";
	const struct firmware *f = &o->host->firmware;
	struct fact *fact;

	if (f->cpu_flags && !f->virtualizes && !f->guest) {
		fact = add(o,
			"%s The processor shows neither vmx nor svm (/proc/cpuinfo): it has no virtualization, or the firmware setup has switched that off too.",
			none);
		fact_fix(fact,
			"See the data sheet of the processor. Where it has virtualization (VT-x, AMD-V) and an IOMMU (VT-d, AMD-Vi), turn on both in the firmware setup, and reboot.");
		return;
	}
	fact = add(o,
		"%s It is switched off in the firmware setup, or the processor or the board has none.",
		none);
	fix_firmware(o, fact);
}

static bool by_guest(const struct off *o)
{
	struct fact *fact;

	if (!o->host->firmware.guest)
		return false;
	fact = add(o,
		"This is a virtual machine (hypervisor in /proc/cpuinfo), and its host offers it no IOMMU: " ACPI_TABLES
		" %s.",
		o->host->firmware.tables ? "has none of DMAR, IVRS, VIOT and IORT"
					 : "is not there");
	fact_fix(fact,
		"Have the host of this virtual machine give it a virtual IOMMU (QEMU: -device intel-iommu, amd-iommu or virtio-iommu-pci), and start it anew.");
	return true;
}

/* No table that describes an IOMMU, where tables can be seen. */
static bool by_firmware(const struct off *o)
{
	const struct firmware *f = &o->host->firmware;

	if (f->table || o->host->iommu == IOMMU_UNKNOWN)
		return false;
	if (f->iort == IORT_WITHOUT_SMMU) {
		fix_firmware(o,
			add(o, GROUPS_PATH
				" is empty. The firmware has a table IORT (" ACPI_TABLES
				"), but that describes no SMMU: it offers no IOMMU."));
		return true;
	}
	if (!by_guest(o))
		no_table_x86(o);
	return true;
}

/* A configuration that has options of the driver has the driver (drivers/iommu, Kconfig).
 */
static bool has_options_of(const struct kernel *k, const char *option)
{
	autofree char *begin = text_printf("%s_", option);

	return strstr(k->config, begin);
}

/* The running kernel was built without it: Debian's cloud kernels lack AMD's. */
static bool by_build(const struct off *o)
{
	static const char *const options[] = {
		[CPU_UNKNOWN] = NULL,
		[CPU_INTEL] = "CONFIG_INTEL_IOMMU",
		[CPU_AMD] = "CONFIG_AMD_IOMMU",
		[CPU_ARM] = "CONFIG_ARM_SMMU_V3",
	};
	const struct kernel *k = host_running_kernel(o->host);
	const char *option = options[o->host->cpu];

	if (!k || !option || !k->config || kernel_config(k, option) != 'n' ||
		has_options_of(k, option))
		return false;
	fact_fix(
		add(o, "The running kernel was built without the IOMMU's driver: %s is not set in /boot/config-%s.",
			option, k->release),
		"Boot another kernel, such as the distribution's usual one.");
	return true;
}

/* AMD's firmware can keep the IOMMU to interrupts; what the kernel would take instead,
 * its own second kind of page tables, is not there then either. */
static bool by_no_translation(const struct off *o)
{
	if (!o->host->firmware.no_translation)
		return false;
	fact_fix(
		add(o,
			"The firmware offers an IOMMU that translates nothing (HATDis in " ACPI_TABLES
			"/IVRS): " GROUPS_PATH " is empty. The kernel's log says: %s",
			o->host->firmware.complaint),
		o->host->firmware.guest
			? "Have the host of this virtual machine give it a virtual IOMMU that translates (QEMU: dma-translation=on)."
			: "Look for newer firmware, and for DMA translation of the IOMMU in the firmware setup.");
	return true;
}

/* A word that switches it off, as it stands; NULL: there is none. */
static char *off_word(const struct off *o, char *const *words)
{
	const char *name = host_iommu_off_karg(o->host, words);

	return name ? text_printf("%s=off", name) : NULL;
}

static bool by_word(const struct off *o)
{
	autofree char *now = off_word(o, o->running), *next = off_word(o, o->any);
	autofree char *place = NULL;
	struct fact *fact;

	if (!now && !next)
		return false;
	if (now) {
		fact = add(o,
			"The IOMMU is off by the kernel command line: %s (/proc/cmdline).",
			now);
	} else {
		place = existing_karg_place(o->host, next);
		fact = add(o,
			"The IOMMU is off, and %s keeps it off at the next boot (%s).",
			next, place);
	}
	if (!o->problem.text[0] && !next) {
		fact->plan = FACT_PLAN_REBOOT;
		fact_fix(fact, "%s is not configured any more: reboot.", now);
	} else if (!o->problem.text[0] && existing_karg_goes(o->host, o->loader, next)) {
		fact->plan = FACT_PLAN_IOMMU;
		fact_fix(fact,
			"Plan to take %s out of the files of %s (pciferry apply --iommu-on), and reboot.",
			next, o->loader->loader->title);
	} else {
		fact_fix(fact, "Take %s out of the kernel command line%s%s, and reboot.",
			next ?: now, o->loader ? " in the files of " : "",
			o->loader ? o->loader->loader->title : "");
	}
	return true;
}

/* Text of what the firmware was seen to offer. */
static const char *offered(const struct off *o)
{
	return o->host->firmware.table
		       ? "The firmware offers an IOMMU (" ACPI_TABLES "/DMAR)"
		       : "Whether the firmware offers an IOMMU cannot be seen (" ACPI_TABLES
			 ")";
}

/* Intel's, which many kernels leave off unless they are told. */
static bool by_default(const struct off *o)
{
	const struct kernel *k = host_running_kernel(o->host);
	enum intel_default is = kernel_intel_default(k);
	const char *choose; /* of several boot loaders the user has to say one */
	struct fact *fact;

	if (o->host->cpu != CPU_INTEL || is == INTEL_ON || is == INTEL_ON_BUT_GPU ||
		(o->host->firmware.table && !streq(o->host->firmware.table, "DMAR")) ||
		kargs_value_has(o->running, "intel_iommu", "on") ||
		(o->host->firmware.guest && !o->host->firmware.table))
		return false;
	fact = is == INTEL_OFF
		       ? add(o,
				 "%s, but this kernel leaves it off unless told, by CONFIG_INTEL_IOMMU_DEFAULT_ON of /boot/config-%s: " GROUPS_PATH
				 " is empty.",
				 offered(o), k->release)
		       : add(o,
				 "%s, but this boot was not told to use it, and the running kernel's configuration, which has its default, was not found: " GROUPS_PATH
				 " is empty.",
				 offered(o));
	if (o->problem.text[0]) {
		fact_fix(fact, "%s", o->problem.text); /* no plan before that */
	} else if (kargs_value_has(o->next, "intel_iommu", "on")) {
		fact->plan = FACT_PLAN_REBOOT;
		fact_fix(fact, "intel_iommu=on is configured already: reboot.");
	} else if (!host_needs_intel_on(o->host, o->claims)) {
		fact->plan = FACT_PLAN_REBOOT;
		fact_fix(fact,
			"The installed kernels turn it on by themselves, by their configurations: reboot into one of them.");
	} else {
		fact->plan = FACT_PLAN_IOMMU;
		choose = o->loader || !o->host->n_evidence
				 ? NULL
				 : o->host->evidence[0].loader->id;
		fact_fix(fact,
			"Plan intel_iommu=on (pciferry apply --iommu-on%s%s%s), or choose the devices at once: the plan then is the first of two steps.%s",
			choose ? " --loader " : "", choose ?: "",
			choose ? ", or another one that boots this host" : "",
			o->host->firmware.table
				? ""
				: " If there are no groups then either, turn VT-d on in the firmware setup.");
	}
	return true;
}

/* The firmware's tables cannot be seen, or not by this user. */
static bool by_nobody_knows(const struct off *o)
{
	if (o->host->firmware.table)
		return false;
	if (o->host->firmware.iort == IORT_UNREADABLE)
		fix_firmware(o,
			add(o, GROUPS_PATH
				" is empty. The firmware has a table IORT (" ACPI_TABLES
				"), which is there without an SMMU too, and only root can read whether it has one."));
	else if (!by_guest(o))
		fix_firmware(
			o, add(o, "There are no IOMMU groups in " GROUPS_PATH
				  ", and " ACPI_TABLES " is not there to tell why."));
	return true;
}

/* The kernel was told to use it, or does by itself, and yet there are no groups. */
static bool all_the_same(const struct off *o)
{
	const char *line = o->host->firmware.complaint;

	fix_firmware(o, add(o,
				"The firmware offers an IOMMU (" ACPI_TABLES
				"/%s), the kernel is to use it, and yet " GROUPS_PATH
				" is empty.%s%s",
				o->host->firmware.table,
				line ? " The kernel's log says: " : "", line ?: ""));
	return true;
}

/* Those that no plan can put right come first; a word is told beside them. */
static bool (*const hard[])(
	const struct off *o) = { by_firmware, by_build, by_no_translation };
static bool (*const soft[])(
	const struct off *o) = { by_word, by_default, by_nobody_knows, all_the_same };

static void tell_word_too(const struct off *o)
{
	struct fact *fact = &o->out->list[o->out->n - 1];
	autofree char *word = off_word(o, o->running), *text = fact->text;

	fact->text =
		word ? text_printf(
			       "%s Besides, %s on the kernel command line (/proc/cmdline) would switch it off.",
			       text, word)
		     : xstrdup(text);
}

static void find_reason(const struct off *o)
{
	if (by_place(o))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(hard); i++)
		if (hard[i](o)) {
			tell_word_too(o);
			return;
		}
	for (size_t i = 0; i < ARRAY_SIZE(soft); i++)
		if (soft[i](o))
			return;
}

/* A Raspberry Pi 5 has groups of its own parts only. */
static void translates_no_pci(const struct host *host, struct facts *ret)
{
	size_t n = 0, devices = 0;

	for (size_t i = 0; i < host->n_groups; i++)
		n += host->groups[i].number >= 0;
	for (size_t i = 0; i < host->n_devices; i++)
		devices += host->devices[i].group >= 0;
	if (!devices)
		(void)fact_add(ret, FOUND_NO_GROUP, FACT_DOOMS, NULL,
			"The IOMMU is on, but none of its %zu groups (" GROUPS_PATH
			") holds a PCI device: it does not translate for PCI here, so no PCI device can be handed over.",
			n);
}

void facts_iommu(const struct host *host, const struct claims *claims, struct facts *ret)
{
	CLEANUP(off_done)
	struct off o = { .host = host, .claims = claims, .out = ret };

	if (host->iommu == IOMMU_ACTIVE) {
		translates_no_pci(host, ret);
		return;
	}
	o.loader = loader_pick(host, claims->loader);
	if (host->cmdline)
		o.running = kargs_split(host->cmdline);
	if (loader_next_kargs(host, o.loader, true, &o.next, &o.problem) == 0 &&
		loader_any_kargs(host, o.loader, true, &o.any, &o.problem) == 0)
		o.problem.text[0] = '\0';
	find_reason(&o);
}

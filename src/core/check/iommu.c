// SPDX-License-Identifier: GPL-2.0-or-later
/* The IOMMU: whether this boot uses it, and if not, who says no. */
#include "core/check/iommu.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/check/check.h"
#include "core/existing/kargs.h"
#include "core/format/kargs.h"
#include "core/loader/boots.h"
#include "core/loader/loaders.h"
#include "core/loader/unread.h"
#include "core/scan/iort.h"
#include "core/scan/klog.h"
#include "core/loader/loader.h"
#include "core/existing/existing.h"

#define GROUPS "/sys/kernel/iommu_groups"
#define TABLES "/sys/firmware/acpi/tables"

/* What each vendor's firmware setup calls what must be on, and what the kernel needs. */
static const struct {
	const char *menu, *config, *where;
} vendors[] = {
	[CPU_UNKNOWN] = { "the IOMMU (Intel: VT-d; AMD: IOMMU, AMD-Vi)", NULL, "" },
	[CPU_INTEL] = { "VT-d (Intel Virtualization Technology for Directed I/O)",
		"CONFIG_INTEL_IOMMU",
		" It often is under Advanced, Chipset or System Agent. For virtual functions look for SR-IOV too." },
	[CPU_AMD] = { "IOMMU (AMD-Vi)", "CONFIG_AMD_IOMMU",
		" It often is under Advanced, AMD CBS, NBIO; there \"Auto\" may mean off. SVM is the processor's own virtualization; for virtual functions look for SR-IOV too." },
	[CPU_ARM] = { "the SMMU", "CONFIG_ARM_SMMU_V3", "" },
};

static void fix_firmware(const struct host *host, struct check *c)
{
	check_fix(c, "Turn on %s in the firmware setup, and reboot.%s",
		vendors[host->cpu].menu, vendors[host->cpu].where);
}

/* Words that switch it off: who parses them, Documentation/admin-guide/kernel-parameters.
 */
static const struct {
	const char *name, *value;
	enum cpu_vendor cpu; /* CPU_UNKNOWN: any */
} off_words[] = {
	{ "intel_iommu", "off", CPU_INTEL },
	{ "amd_iommu", "off", CPU_AMD },
	{ "iommu", "off", CPU_UNKNOWN },
};

/* What to do about such a word: it may be gone with the next boot, or a plan takes it
 * out.
 */
static void fix_word(
	const struct host *host, const char *name, const char *value, struct check *c)
{
	const struct evidence *e = loader_pick(host, host->claims.loader);
	autostrv char **configured = NULL;
	autofree char *word = text_printf("%s=%s", name, value);
	struct err err;
	int r = loader_any_kargs(host, e, false, &configured, &err);

	if (r == 0 && !kargs_value_has(configured, name, value)) {
		check_fix(c, "%s is not configured any more: reboot.", word);
	} else if (r == 0 && existing_karg_goes(host, e, word)) {
		c->plan = CHECK_PLAN_IOMMU;
		check_fix(c,
			"Plan to take %s out of the files of %s (pciferry apply --iommu-on), and reboot.",
			word, e->loader->title);
	} else {
		check_fix(c, "Take %s out of the kernel command line%s%s, and reboot.",
			word, e ? " in the files of " : "", e ? e->loader->title : "");
	}
}

static bool off_by_word(const struct host *host, char *const *running, struct check *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(off_words); i++) {
		if ((off_words[i].cpu && off_words[i].cpu != host->cpu) ||
			!kargs_value_has(running, off_words[i].name, off_words[i].value))
			continue;
		check_say(c, CHECK_FAIL,
			"The IOMMU is off by the kernel command line: %s=%s (/proc/cmdline).",
			off_words[i].name, off_words[i].value);
		fix_word(host, off_words[i].name, off_words[i].value, c);
		return true;
	}
	return false;
}

static const struct kernel *running_kernel(const struct host *host)
{
	for (size_t i = 0; i < host->n_kernels; i++)
		if (streq_null(host->kernels[i].release, host->running))
			return &host->kernels[i];
	return NULL;
}

/* The running kernel was built without it: Debian's cloud kernels lack AMD's. */
static bool off_by_build(const struct host *host, struct check *c)
{
	const struct kernel *k = running_kernel(host);
	const char *option = vendors[host->cpu].config;

	if (!k || !option || !k->config || kernel_config(k, option) != 'n')
		return false;
	check_say(c, CHECK_FAIL,
		"The running kernel was built without the IOMMU's driver: %s is not set in /boot/config-%s.",
		option, k->release);
	check_fix(c, "Boot another kernel, such as the distribution's usual one.");
	return true;
}

/* A line of the kernel's log that tells of trouble, or NULL. */
static const char *complaint(const struct klog *log)
{
	static const char *const signs[] = { "Bug", "isabl", "ail", "not supported" };

	for (size_t i = 0; i < log->n; i++) {
		const char *text = log->list[i].text;

		if (!after_prefix(text, "DMAR") && !after_prefix(text, "AMD-Vi"))
			continue;
		for (size_t j = 0; j < ARRAY_SIZE(signs); j++)
			if (strstr(text, signs[j]))
				return text;
	}
	return NULL;
}

/* The kernel was told to use it, or does by itself, and yet there are no groups. */
static void off_all_the_same(const struct probe *p, const char *table, struct check *c)
{
	CLEANUP(klog_done) struct klog log = { 0 };
	const char *line;

	line = klog_read(p->root, &log) < 0 ? NULL : complaint(&log);
	check_say(c, CHECK_FAIL,
		"The firmware offers an IOMMU (" TABLES
		"/%s), the kernel is to use it, and yet " GROUPS " is empty.%s%s",
		table, line ? " The kernel's log says: " : "", line ?: "");
	fix_firmware(p->host, c);
}

/* Intel's, which many kernels leave off unless they are told. */
static void off_by_default(const struct host *host, struct check *c)
{
	const struct kernel *k = running_kernel(host);
	autostrv char **configured = NULL;
	struct err err;

	check_say(c, CHECK_FAIL,
		"The firmware offers an IOMMU (" TABLES
		"/DMAR), but this kernel leaves it off unless told%s%s: " GROUPS
		" is empty.",
		k && k->config ? ", by CONFIG_INTEL_IOMMU_DEFAULT_ON of /boot/config-"
			       : "",
		k && k->config ? k->release : "");
	if (loader_next_kargs(host, loader_pick(host, host->claims.loader), true,
		    &configured, &err) < 0) {
		check_fix(c, "%s", err.text); /* no plan before that */
		return;
	}
	if (kargs_value_has(configured, "intel_iommu", "on")) {
		check_fix(c, "intel_iommu=on is configured already: reboot.");
		return;
	}
	c->plan = CHECK_PLAN_IOMMU;
	check_fix(c,
		"Plan intel_iommu=on (pciferry apply --iommu-on), or choose the devices at once: the plan then is the first of two steps.");
}

static void iommu_off(const struct probe *p, struct check *c)
{
	static const char *const tables[] = { "DMAR", "IVRS", "VIOT" };
	enum iort iort = iort_read(p->root);
	autostrv char **running = NULL;
	const char *table = NULL;
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(tables) && !table; i++) {
		(void)snprintf(path, sizeof(path), TABLES "/%s", tables[i]);
		if (root_exists(p->root, path))
			table = tables[i];
	}
	if (!table && iort == IORT_WITH_SMMU)
		table = "IORT";
	if (p->host->cmdline)
		running = kargs_split(p->host->cmdline);
	if (off_by_word(p->host, running, c) || off_by_build(p->host, c))
		return;
	if (table && streq(table, "DMAR") &&
		!kargs_value_has(running, "intel_iommu", "on")) {
		off_by_default(p->host, c);
		return;
	}
	if (table) {
		off_all_the_same(p, table, c);
		return;
	}
	if (iort != IORT_ABSENT)
		check_say(c, CHECK_FAIL,
			GROUPS " is empty. The firmware has a table IORT (" TABLES
			       "), %s.",
			iort == IORT_WITHOUT_SMMU
				? "but that describes no SMMU: it offers no IOMMU"
				: "which is there without an SMMU too, and only root can read whether it has one");
	else
		check_say(c, CHECK_FAIL,
			root_exists(p->root, TABLES)
				? "The firmware offers no IOMMU: " TABLES
				  " has none of DMAR, IVRS, VIOT and IORT."
				: "There are no IOMMU groups in " GROUPS ".");
	fix_firmware(p->host, c);
}

/* A word that would turn it on, or off, but stands where nothing reads it. */
static void say_unread(const struct host *host, struct check *c)
{
	const struct evidence *e = loader_pick(host, host->claims.loader);
	CLEANUP(unread_done) struct unread unread = { 0 };
	autostrv char **has = NULL;
	struct err err;

	if (!e || loader_any_kargs(host, e, true, &has, &err) < 0)
		return;
	unread_find(host, e, has, &unread);
	for (size_t i = 0; i < unread.n; i++) {
		autofree char *sentence = NULL, *text = NULL, *fix = TAKE(c->fix);

		if (strstr(unread.list[i].word, "iommu")) {
			sentence = unread_sentence(&unread, i);
			text = TAKE(c->text);
			check_say(c, c->state, "%s %s", text, sentence);
		}
		c->fix = TAKE(fix);
	}
}

/* The names in /sys/class/iommu: dmar0, ivhd0, smmu3.0x... */
static char *iommu_names(const struct probe *p)
{
	autostrv char **names = NULL;

	if (root_list(p->root, "/sys/class/iommu", &names) < 0)
		return xstrdup("");
	return strv_join(names, ", ");
}

/* A flag of the DMAR table (byte 37 of it, include/acpi/actbl1.h); -1: not readable. */
static int dmar_flags(const struct probe *p)
{
	autofree char *table = NULL;
	size_t len = 0;
	int r = root_read(p->root, TABLES "/DMAR", 1 << 20, &table, &len);

	return r < 0 || len < 38 ? -1 : (unsigned char)table[37];
}

#define DMAR_REMAPS 1
#define DMAR_NO_X2APIC 2
#define DMAR_OPT_IN 4

void check_iommu(const struct probe *p, struct check *c)
{
	autofree char *names = NULL;
	size_t n = 0, devices = 0;
	int flags;

	for (size_t i = 0; i < p->host->n_groups; i++)
		n += p->host->groups[i].number >= 0;
	for (size_t i = 0; i < p->host->n_devices; i++)
		devices += p->host->devices[i].group >= 0;
	if (p->host->iommu != IOMMU_ACTIVE) {
		iommu_off(p, c);
		say_unread(p->host, c);
		return;
	}
	if (!devices) {
		check_say(c, CHECK_FAIL,
			"The IOMMU is on, but none of its %zu groups (" GROUPS
			") holds a PCI device: it does not translate for PCI here, so no PCI device can be handed over.",
			n);
		return;
	}
	names = iommu_names(p);
	flags = dmar_flags(p);
	check_say(c, CHECK_OK, "The IOMMU is on: %zu group%s in " GROUPS "%s%s%s.%s", n,
		n == 1 ? "" : "s", names[0] ? " (" : "", names, names[0] ? ")" : "",
		flags > 0 && (flags & DMAR_OPT_IN)
			? " The firmware asks for that by itself (platform opt-in)."
			: "");
}

/* Devices that the IOMMU does not translate for, although it is on. */
void check_groupless(const struct probe *p, struct check *c)
{
	autostrv char **list = NULL;
	autofree char *text = NULL;
	size_t n = 0;

	for (size_t i = 0; i < p->host->n_devices; i++) {
		const struct device *d = &p->host->devices[i];

		if (d->group >= 0 || device_is_bridge(d))
			continue;
		if (n++ < 4)
			strv_add(&list, d->address);
	}
	text = strv_join(list, ", ");
	if (p->host->iommu != IOMMU_ACTIVE)
		check_say(c, CHECK_UNKNOWN,
			"Which devices get a group shows once the IOMMU is on.");
	else if (!n)
		check_say(c, CHECK_OK, "Every device is in a group.");
	else
		check_say(c, CHECK_WARN,
			"The IOMMU is on, but %s%s %s in no group: what is in none cannot be handed over.",
			text, n > 4 ? " and others" : "", n > 1 ? "are" : "is");
}

/* /proc/interrupts of a host with hundreds of processors. */
#define INTERRUPTS_MAX ((size_t)16 << 20)

/* Why not: the command line, the firmware's table, else nobody tells. */
static void fix_interrupts(const struct probe *p, struct check *c)
{
	autostrv char **kargs = NULL;
	int flags = dmar_flags(p);

	if (p->host->cmdline)
		kargs = kargs_split(p->host->cmdline);
	if (kargs_value_has(kargs, "intremap", "off") || kargs_value(kargs, "nointremap"))
		check_fix(c,
			"Take intremap=off, or nointremap, out of the kernel command line.");
	else if (flags >= 0 && !(flags & DMAR_REMAPS))
		check_fix(c,
			"The firmware's table DMAR does not offer it: look for interrupt remapping in the firmware setup, or for newer firmware.");
	else if (flags > 0 && (flags & DMAR_NO_X2APIC))
		check_fix(c,
			"The firmware's table DMAR forbids x2APIC: look for x2APIC in the firmware setup.");
	else
		check_fix(c,
			"Look for interrupt remapping and x2APIC in the firmware setup.");
}

void check_interrupts(const struct probe *p, struct check *c)
{
	static const char unsafe[] =
		"/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts";
	autofree char *text = NULL, *allowed = NULL;
	int r = root_read(p->root, "/proc/interrupts", INTERRUPTS_MAX, &text, NULL);

	if (r < 0 || (p->host->cpu != CPU_INTEL && p->host->cpu != CPU_AMD)) {
		check_say(c, CHECK_UNKNOWN,
			"Whether interrupts are remapped could not be read from /proc/interrupts.");
	} else if (strstr(text, "IR-")) {
		/* The chips' names begin so: arch/x86/kernel/apic/io_apic.c,
		 * drivers/iommu. */
		check_say(c, CHECK_OK,
			"Interrupts are remapped (IR- in /proc/interrupts).");
	} else if (p->host->iommu != IOMMU_ACTIVE) {
		check_say(c, CHECK_UNKNOWN,
			"Interrupt remapping comes with the IOMMU, which is off.");
	} else {
		r = root_read_attr(p->root, unsafe, &allowed);
		check_say(c, CHECK_WARN,
			r == 0 && streq(allowed, "Y")
				? "Interrupts are not remapped, and vfio was told that this is safe (%s): a guest can disturb this host."
				: "Interrupts are not remapped: vfio refuses devices unless told that this is safe (%s).",
			unsafe);
		fix_interrupts(p, c);
	}
}

/* drivers/vfio: no translation at all, the kernel is tainted; of no use for guests. */
void check_noiommu(const struct probe *p, struct check *c)
{
	static const char path[] =
		"/sys/module/vfio/parameters/enable_unsafe_noiommu_mode";
	autofree char *text = NULL;
	int r = root_read_attr(p->root, path, &text);

	if (r < 0 || !streq(text, "Y")) {
		check_say(c, CHECK_OK,
			"vfio's no-IOMMU mode is off%s; pciferry never uses it.",
			r < 0 ? " or not there" : "");
		return;
	}
	check_say(c, CHECK_WARN,
		"vfio's no-IOMMU mode is on (%s): devices reach all memory in it, and virtual machines cannot use it.",
		path);
	check_fix(c,
		"Take enable_unsafe_noiommu_mode out of /etc/modprobe.d and of the kernel command line.");
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/firmware.h"
#include "core/base/strv.h"
#include "core/scan/iort.h"
#include "core/scan/klog.h"

/* The firmware's tables that describe an IOMMU: Intel, AMD, virtio. */
static const char *const tables[] = { "DMAR", "IVRS", "VIOT" };

static void read_tables(const struct root *root, struct firmware *f)
{
	autofree char *dmar = NULL;
	char path[64];
	size_t len = 0;

	f->tables = root_exists(root, ACPI_TABLES);
	f->iort = iort_read(root);
	for (size_t i = 0; i < ARRAY_SIZE(tables) && !f->table; i++) {
		(void)snprintf(path, sizeof(path), ACPI_TABLES "/%s", tables[i]);
		if (root_exists(root, path))
			f->table = tables[i];
	}
	if (!f->table && f->iort == IORT_WITH_SMMU)
		f->table = "IORT";
	/* The flags are byte 37. */
	if (root_read(root, ACPI_TABLES "/DMAR", 1 << 20, &dmar, &len) < 0 || len < 38)
		f->dmar_flags = -1;
	else
		f->dmar_flags = (unsigned char)dmar[37];
}

/* A flag is a word of a line "flags : ..." (arch/x86/kernel/cpu/proc.c). */
static bool has_flag(const char *line, const char *flag)
{
	size_t n = strlen(flag), end = strcspn(line, "\n");

	for (const char *at = line; (at = strstr(at, flag)) && at < line + end; at += n)
		if (at[-1] == ' ' && (!at[n] || strchr(" \n", at[n])))
			return true;
	return false;
}

static void read_cpu(const struct root *root, struct firmware *f)
{
	autofree char *text = NULL;
	const char *line;

	if (root_read_attr(root, "/proc/cpuinfo", &text) < 0)
		return;
	line = strstr(text, "flags");
	if (!line)
		return;
	f->cpu_flags = true;
	f->virtualizes = has_flag(line, "vmx") || has_flag(line, "svm");
	f->guest = has_flag(line, "hypervisor");
}

/* /proc/interrupts of a host with hundreds of processors. */
#define INTERRUPTS_MAX ((size_t)16 << 20)

/* The chips' names begin so: arch/x86/kernel/apic/io_apic.c, drivers/iommu. */
static void read_interrupts(const struct root *root, struct firmware *f)
{
	autofree char *text = NULL;

	if (root_read(root, "/proc/interrupts", INTERRUPTS_MAX, &text, NULL) == 0)
		f->remapping = strstr(text, "IR-") ? REMAPPING_ON : REMAPPING_OFF;
}

static bool parameter_is_on(const struct root *root, const char *path)
{
	autofree char *text = NULL;

	return root_read_attr(root, path, &text) == 0 && streq(text, "Y");
}

/* A file that tells, and what must be in it; NULL: that it is there is enough. */
static const struct {
	const char *path, *holds;
	enum place place;
} places[] = {
	{ "/proc/xen/capabilities", "control_d", PLACE_XEN },
	{ "/proc/sys/kernel/osrelease", "icrosoft", PLACE_WSL },
	{ "/run/systemd/container", NULL, PLACE_CONTAINER },
	{ "/run/.containerenv", NULL, PLACE_CONTAINER },
	{ "/.dockerenv", NULL, PLACE_CONTAINER },
};

static void find_place(const struct root *root, struct firmware *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(places) && !f->place; i++) {
		autofree char *text = NULL;

		if (places[i].holds ? root_read_attr(root, places[i].path, &text) < 0 ||
					      !strstr(text, places[i].holds)
				    : !root_exists(root, places[i].path))
			continue;
		f->place = places[i].place;
		f->place_path = places[i].path;
	}
}

static void read_board(const struct root *root, struct firmware *f)
{
	if (root_read_attr(root, "/sys/class/dmi/id/board_vendor", &f->board) < 0 &&
		root_read_attr(root, "/sys/class/dmi/id/sys_vendor", &f->board) < 0)
		f->board = NULL;
}

void scan_firmware(const struct probe *p)
{
	struct firmware *f = &p->host->firmware;

	read_tables(p->root, f);
	read_cpu(p->root, f);
	read_interrupts(p->root, f);
	find_place(p->root, f);
	read_board(p->root, f);
	f->unsafe_interrupts = parameter_is_on(p->root, UNSAFE_INTERRUPTS_PATH);
	f->noiommu_mode = parameter_is_on(p->root, UNSAFE_NOIOMMU_PATH);
	if (root_list(p->root, "/sys/class/iommu", &f->units) < 0)
		f->units = NULL;
}

/* What tells of trouble. */
static bool complains(const char *text)
{
	static const char *const signs[] = { "Bug", "isabl", "ail", "not supported" };

	if (!after_prefix(text, "DMAR") && !after_prefix(text, "AMD-Vi"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (strstr(text, signs[i]))
			return true;
	return false;
}

/* That AMD's IOMMU translates nothing, by the flag HATDis of the table IVRS
 * (drivers/iommu/amd/init.c, init_iommu_one), goes before what else it says. */
#define NO_TRANSLATION "Host Address Translation is not supported"

void scan_complaint(const struct probe *p)
{
	CLEANUP(klog_done) struct klog log = { 0 };
	struct firmware *f = &p->host->firmware;
	const char *found = NULL;

	if (p->host->iommu == IOMMU_ACTIVE || klog_read(p->root, &log) < 0)
		return;
	for (size_t i = 0; i < log.n && !f->no_translation; i++) {
		const char *text = log.list[i].text;

		f->no_translation =
			after_prefix(text, "AMD-Vi") && strstr(text, NO_TRANSLATION);
		if (f->no_translation || (!found && complains(text)))
			found = text;
	}
	f->complaint = found ? xstrdup(found) : NULL;
}

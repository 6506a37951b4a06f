// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/iommu.h"
#include "core/scan/firmware.h"

void scan_iommu(const struct probe *p)
{
	struct host *host = p->host;
	const struct firmware *f = &host->firmware;

	if (host->n_groups && host->groups[0].number >= 0)
		host->iommu = IOMMU_ACTIVE;
	else if (f->table)
		host->iommu = IOMMU_OFF;
	else if (!f->tables || f->iort == IORT_UNREADABLE)
		host->iommu = IOMMU_UNKNOWN;
	else
		host->iommu = IOMMU_ABSENT;
	scan_complaint(p);
}

static const struct {
	const char *cpuinfo; /* in /proc/cpuinfo */
	int32_t vendor; /* of the host bridge, for trees without /proc/cpuinfo */
	enum cpu_vendor cpu;
} cpus[] = {
	{ "GenuineIntel", 0x8086, CPU_INTEL },
	{ "AuthenticAMD", 0x1022, CPU_AMD },
	{ "HygonGenuine", 0x1d94, CPU_AMD },
	{ "CPU implementer", -2, CPU_ARM },
};

void scan_cpu(const struct probe *p)
{
	autofree char *text = NULL;
	struct host *host = p->host;
	bool known = root_read_attr(p->root, "/proc/cpuinfo", &text) == 0;

	for (size_t i = 0; known && i < ARRAY_SIZE(cpus); i++)
		if (strstr(text, cpus[i].cpuinfo)) {
			host->cpu = cpus[i].cpu;
			return;
		}
	for (size_t i = 0; i < host->n_devices; i++)
		for (size_t j = 0; j < ARRAY_SIZE(cpus); j++)
			if (host->devices[i].class >> 8 == 0x0600 &&
				host->devices[i].vendor == cpus[j].vendor) {
				host->cpu = cpus[j].cpu;
				return;
			}
	if (streq_null(host->firmware.table, "DMAR"))
		host->cpu = CPU_INTEL;
	else if (streq_null(host->firmware.table, "IVRS"))
		host->cpu = CPU_AMD;
}

/* A kernel's list of symbols has up to 15 MiB. */
#define SYMBOLS_MAX ((size_t)64 << 20)

void scan_acs(const struct probe *p)
{
	autofree char *symbols = NULL;

	if (root_read(p->root, "/proc/kallsyms", SYMBOLS_MAX, &symbols, NULL) == 0 &&
		symbols[0]) /* pcie_acs_override_setup, pcie_acs_overrides */
		p->host->acs_patch =
			strstr(symbols, " pcie_acs_override") ? ACS_THERE : ACS_MISSING;
}

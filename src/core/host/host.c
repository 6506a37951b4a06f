// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/host.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/scan/files.h"
#include "core/scan/iort.h"
#include "core/host/module.h"
#include "core/scan/pcilib.h"
#include "core/scan/scan.h"
#include "core/initramfs/initramfs.h"
#include "core/lifeline/lifeline.h"
#include "core/loader/loader.h"

#include <stdarg.h>

int host_note(struct host *host, const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	return text ? strv_add(&host->notes, text) : -ENOMEM;
}

/* A line of a file in /proc; unknown stays NULL. */
static int read_proc(const struct root *root, const char *path, char **ret)
{
	int r = root_read_attr(root, path, ret);

	return r == -ENOMEM ? r : 0;
}

/* The firmware's tables that describe an IOMMU: Intel, AMD, virtio. */
static const char *const iommu_tables[] = { "DMAR", "IVRS", "VIOT" };

#define ACPI_TABLES "/sys/firmware/acpi/tables"

static int find_iommu(struct host *host)
{
	int iort = iort_read(host->root);

	host->iommu = root_exists(host->root, ACPI_TABLES) ? IOMMU_ABSENT : IOMMU_UNKNOWN;
	if (iort == IORT_UNREADABLE)
		host->iommu = IOMMU_UNKNOWN;
	if (iort == IORT_WITH_SMMU)
		host->iommu = IOMMU_OFF;
	if (host->n_groups && host->groups[0].number >= 0)
		host->iommu = IOMMU_ACTIVE;
	for (size_t i = 0; i < ARRAY_SIZE(iommu_tables); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), ACPI_TABLES "/%s", iommu_tables[i]);
		if (host->iommu != IOMMU_ACTIVE && root_exists(host->root, path))
			host->iommu = IOMMU_OFF;
	}
	return iort == -ENOMEM ? iort : 0;
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

static int read_cpu(struct host *host)
{
	autofree char *text = NULL;
	int r = read_proc(host->root, "/proc/cpuinfo", &text);

	for (size_t i = 0; r == 0 && text && i < ARRAY_SIZE(cpus); i++)
		if (strstr(text, cpus[i].cpuinfo))
			return host->cpu = cpus[i].cpu, 0;
	for (size_t i = 0; i < host->n_devices; i++)
		for (size_t j = 0; j < ARRAY_SIZE(cpus); j++)
			if (host->devices[i].class >> 8 == 0x0600 &&
				host->devices[i].vendor == cpus[j].vendor)
				return host->cpu = cpus[j].cpu, 0;
	return r;
}

/* By any installed kernel: which of them boots next is not ours to know. */
static int read_modules(const struct host *host, struct device *d)
{
	for (size_t i = 0; d->modalias && i < host->n_kernels; i++) {
		struct module_index *index = host->kernels[i].modules;
		autostrv char **found = NULL;
		int r = index ? module_lookup(index, d->modalias, &found) : 0;

		strv_foreach (module, found)
			if (strv_add_new(&d->modules, module) < 0)
				return -ENOMEM;
		if (r == -ENOMEM)
			return r;
	}
	return 0;
}

static int read_names(struct host *host)
{
	autonames struct pci_names *names = NULL;
	int r = pci_names_open(host->root, &names);

	for (size_t i = 0; r == 0 && i < host->n_devices; i++) {
		r = pci_names_fill(names, &host->devices[i]);
		if (r == 0)
			r = read_modules(host, &host->devices[i]);
	}
	return r;
}

static int scan_proc(struct host *host)
{
	int r = read_proc(host->root, "/proc/sys/kernel/osrelease", &host->running);

	if (r == 0)
		r = read_proc(host->root, "/proc/cmdline", &host->cmdline);
	return r < 0 ? r : read_cpu(host);
}

static int scan_all(struct host *host)
{
	static int (*const steps[])(struct host *) = {
		scan_devices,
		scan_groups,
		scan_drivers,
		scan_proc,
		files_scan,
		lifelines_trace,
		groups_judge,
		scan_framebuffer,
		renames_scan,
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		int r = steps[i](host);

		if (r < 0)
			return r;
	}
	if (reach_scan(host->root, &host->reach) < 0 || find_iommu(host) < 0)
		return -ENOMEM;
	host->efi = root_exists(host->root, "/sys/firmware/efi");
	host->root_user = root_kind(host->root) != ROOT_LIVE || geteuid() == 0;
	if (initramfs_detect(host) < 0)
		return -ENOMEM;
	return loader_detect(host);
}

/* A kernel's list of symbols has up to 15 MiB. */
#define SYMBOLS_MAX ((size_t)64 << 20)

int host_probe_acs(struct host *host)
{
	autofree char *symbols = NULL;
	int r = root_read(host->root, "/proc/kallsyms", SYMBOLS_MAX, &symbols, NULL);

	if (r == -ENOMEM)
		return r;
	if (r == 0 && symbols[0]) /* pcie_acs_override_setup, pcie_acs_overrides */
		host->acs_patch =
			strstr(symbols, " pcie_acs_override") ? ACS_THERE : ACS_MISSING;
	return 0;
}

int host_scan(const struct root *root, struct host **ret, struct err *err)
{
	autohost struct host *host = calloc(1, sizeof(*host));
	const struct file *claims;
	int r;

	if (!host)
		return err_oom(err);
	host->root = root;
	root_watch(root);
	r = kernels_scan(root, &host->kernels, &host->n_kernels, err);
	if (r < 0)
		return r;
	if (scan_all(host) < 0 || read_names(host) < 0)
		return err_oom(err);
	claims = host_file(host, CLAIMS_PATH);
	if (claims->problem)
		return err_set(err, -EIO, "%s", claims->problem);
	r = claims_parse(claims->text, &host->claims, err);
	if (r < 0)
		return r;
	if ((host->claims.acs_override ||
		    (host->cmdline && strstr(host->cmdline, "pcie_acs_override="))) &&
		host_probe_acs(host) < 0)
		return err_oom(err);
	r = root_fault(root, err);
	if (r < 0)
		return r;
	*ret = TAKE(host);
	return 0;
}

static void group_done(struct group *g)
{
	free(g->devices);
	strv_free(g->strangers);
	free(g->why);
}

static void file_done(struct file *f)
{
	free(f->path);
	free(f->text);
	free(f->problem);
}

void host_free(struct host *host)
{
	if (!host)
		return;
	for (size_t i = 0; i < host->n_devices; i++)
		device_done(&host->devices[i]);
	for (size_t i = 0; i < host->n_groups; i++)
		group_done(&host->groups[i]);
	for (size_t i = 0; i < host->n_files; i++)
		file_done(&host->files[i]);
	for (size_t i = 0; i < host->n_drivers; i++) {
		free(host->drivers[i].name);
		free(host->drivers[i].module);
	}
	evidence_free(host->evidence, host->n_evidence);
	generators_free(host->generators, host->n_generators);
	kernels_free(host->kernels, host->n_kernels);
	claims_done(&host->claims);
	reach_done(&host->reach);
	renames_done(&host->renames);
	strv_free(host->notes);
	strv_free(host->unread);
	free(host->devices);
	free(host->drivers);
	free(host->groups);
	free(host->files);
	free(host->running);
	free(host->cmdline);
	free(host);
}

void host_freep(struct host **host)
{
	host_free(*host);
}

struct device *host_device(const struct host *host, const char *address)
{
	for (size_t i = 0; i < host->n_devices; i++)
		if (streq(host->devices[i].address, address))
			return &host->devices[i];
	return NULL;
}

const struct group *host_group(const struct host *host, const struct device *d)
{
	for (size_t i = 0; i < host->n_groups; i++)
		if (host->groups[i].number == d->group)
			return &host->groups[i];
	return NULL;
}

const struct driver *host_driver(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->n_drivers; i++)
		if (streq(host->drivers[i].name, name))
			return &host->drivers[i];
	return NULL;
}

const struct file *host_file(const struct host *host, const char *path)
{
	for (size_t i = 0; i < host->n_files; i++)
		if (streq(host->files[i].path, path))
			return &host->files[i];
	return NULL;
}

const char *host_text(const struct host *host, const char *path)
{
	const struct file *f = host_file(host, path);

	return f ? f->text : NULL;
}

static int find_by_id(
	const struct host *host, const char *word, struct device **ret, struct err *err)
{
	autostrv char **at = NULL;
	autofree char *list = NULL;

	for (size_t i = 0; i < host->n_devices; i++) {
		struct device *d = &host->devices[i];
		char id[DEVICE_ID_SIZE];

		if (strcasecmp(device_id(d, id), word) != 0)
			continue;
		*ret = d;
		if (strv_add(&at, d->address) < 0)
			return err_oom(err);
	}
	if (strv_len(at) == 1)
		return 0;
	if (!at)
		return err_set(err, -ENOENT,
			"No device here has the ID %s: see pciferry list.", word);
	if (strv_join(at, ", ", &list) < 0)
		return err_oom(err);
	return err_set(err, -EINVAL,
		"Several devices have the ID %s: say which by address, one of %s.", word,
		list);
}

int host_find(
	const struct host *host, const char *word, struct device **ret, struct err *err)
{
	struct device *found = NULL;
	struct pci_address at;
	int r;

	if (pci_address_parse(word, &at) == 0) {
		for (size_t i = 0; i < host->n_devices; i++)
			if (pci_address_compare(&host->devices[i].at, &at) == 0)
				return *ret = &host->devices[i], 0;
		return err_set(err, -ENOENT,
			"No device here has the address %s: see pciferry list.", word);
	}
	if (strlen(word) != 9 || word[4] != ':' ||
		strspn(word, "0123456789abcdefABCDEF:") != 9)
		return err_set(err, -EINVAL,
			"%s is no device: an address such as 0000:01:00.0 or 01:00.0, or "
			"an ID such as 10de:2684.",
			word);
	r = find_by_id(host, word, &found, err);
	if (r == 0)
		*ret = found;
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/scan.h"
#include "core/base/strv.h"
#include "core/host/module.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/lifeline/lifelines.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/scan/details.h"
#include "core/scan/devices.h"
#include "core/scan/doors.h"
#include "core/scan/files.h"
#include "core/scan/firmware.h"
#include "core/scan/framebuffer.h"
#include "core/scan/groups.h"
#include "core/scan/iommu.h"
#include "core/scan/kernels.h"
#include "core/scan/pcilib.h"
#include "core/scan/places.h"
#include "core/scan/reach.h"
#include "core/scan/renames.h"
#include "core/scan/uses.h"

/* By any installed kernel: which of them boots next is not ours to know. */
static void read_modules(const struct host *host, struct device *d)
{
	for (size_t i = 0; d->modalias && i < host->n_kernels; i++) {
		struct module_index *index = host->kernels[i].modules;
		autostrv char **found = NULL;

		if (index)
			found = module_lookup(index, d->modalias);
		strv_foreach (module, found)
			strv_add_new(&d->modules, module);
	}
}

static void scan_names(const struct probe *p)
{
	autonames struct pci_names *names = pci_names_open(p->root);

	for (size_t i = 0; i < p->host->n_devices; i++) {
		pci_names_fill(names, &p->host->devices[i]);
		read_modules(p->host, &p->host->devices[i]);
	}
}

/* A line of a file in /proc; unknown stays NULL. */
static void read_proc(const struct root *root, const char *path, char **ret)
{
	if (root_read_attr(root, path, ret) < 0)
		*ret = NULL;
}

static bool is_empty(const struct root *root, const char *dir)
{
	autostrv char **names = NULL;

	return root_list(root, dir, &names) < 0 || !names;
}

/* A system that is not running. A rescue system may have its own /proc there, to run
 * programs in; a directory without /etc holds no system at all. */
static bool is_disk(const struct probe *p)
{
	return !p->host->live && root_exists(p->root, "/etc") &&
	       is_empty(p->root, "/sys") &&
	       (is_empty(p->root, "/proc") || root_exists(p->root, "/proc/1"));
}

static void scan_boot(const struct probe *p)
{
	struct host *host = p->host;

	read_proc(p->root, "/proc/sys/kernel/osrelease", &host->running);
	read_proc(p->root, "/proc/cmdline", &host->cmdline);
	host->disk = is_disk(p);
	host->efi = root_exists(p->root, "/sys/firmware/efi");
}

/* The symbols are read first where this boot has the word: the marks tell of it. */
static void judge_groups(const struct probe *p)
{
	if (p->host->cmdline && strstr(p->host->cmdline, "pcie_acs_override="))
		scan_acs(p);
	groups_judge(p->host);
}

static void (*const steps[])(const struct probe *p) = {
	scan_kernels,
	scan_firmware,
	scan_devices,
	scan_groups,
	scan_drivers,
	scan_boot,
	scan_cpu,
	scan_places,
	scan_files,
	scan_doors,
	lifelines_trace,
	judge_groups,
	scan_framebuffer,
	scan_renames,
	scan_reach,
	scan_iommu,
	initramfs_detect,
	loader_detect,
	scan_names,
};

static int read_claims(const struct probe *p, struct err *err)
{
	struct host *host = p->host;
	const struct file *claims = host_file(host, CLAIMS_PATH);
	int r;

	if (claims->problem)
		return err_set(err, -EIO, "%s", claims->problem);
	r = claims_parse(claims->text, &host->claims, err);
	if (r < 0)
		return r;
	if (host->claims.acs_override && host->acs_patch == ACS_UNKNOWN)
		scan_acs(p);
	return 0;
}

int host_scan(const struct root *root, struct host **ret, struct err *err)
{
	autohost struct host *host = xcalloc(1, sizeof(*host));
	const struct probe p = { .root = root, .host = host };
	int r;

	host->live = root_kind(root) == ROOT_LIVE;
	host->root_user = root_may_change(root);
	root_watch(root);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		steps[i](&p);
	r = read_claims(&p, err);
	if (r == 0)
		r = root_fault(root, err);
	if (r < 0)
		return r;
	*ret = TAKE(host);
	return 0;
}

void scan_more(const struct probe *p, const struct more *what)
{
	if (what->uses_of)
		scan_uses(p, what->uses_of);
	if (what->details_of)
		scan_details(p, what->details_of);
	if (what->acs)
		scan_acs(p);
}

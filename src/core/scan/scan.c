// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/scan.h"
#include "core/base/strv.h"
#include "core/host/module.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/lifeline/lifelines.h"
#include "core/lifeline/lifelines.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/scan/details.h"
#include "core/scan/devices.h"
#include "core/scan/files.h"
#include "core/scan/framebuffer.h"
#include "core/scan/groups.h"
#include "core/scan/iommu.h"
#include "core/scan/kernels.h"
#include "core/scan/pcilib.h"
#include "core/scan/reach.h"
#include "core/scan/renames.h"
#include "core/scan/uses.h"

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

static int scan_names(const struct probe *p)
{
	autonames struct pci_names *names = NULL;
	int r = pci_names_open(p->root, &names);

	for (size_t i = 0; r == 0 && i < p->host->n_devices; i++) {
		r = pci_names_fill(names, &p->host->devices[i]);
		if (r == 0)
			r = read_modules(p->host, &p->host->devices[i]);
	}
	return r;
}

/* A line of a file in /proc; unknown stays NULL. */
static int read_proc(const struct root *root, const char *path, char **ret)
{
	int r = root_read_attr(root, path, ret);

	return r == -ENOMEM ? r : 0;
}

static int scan_boot(const struct probe *p)
{
	struct host *host = p->host;
	int r = read_proc(p->root, "/proc/sys/kernel/osrelease", &host->running);

	if (r == 0)
		r = read_proc(p->root, "/proc/cmdline", &host->cmdline);
	host->efi = root_exists(p->root, "/sys/firmware/efi");
	return r;
}

static int judge_groups(const struct probe *p)
{
	return groups_judge(p->host);
}

static int scan_all(const struct probe *p)
{
	static int (*const steps[])(const struct probe *p) = {
		scan_kernels,
		scan_devices,
		scan_groups,
		scan_drivers,
		scan_boot,
		scan_cpu,
		scan_files,
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

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		int r = steps[i](p);

		if (r < 0)
			return r;
	}
	return 0;
}

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
	if (!host->claims.acs_override &&
		!(host->cmdline && strstr(host->cmdline, "pcie_acs_override=")))
		return 0;
	return scan_acs(p) < 0 ? err_oom(err) : 0;
}

int host_scan(const struct root *root, struct host **ret, struct err *err)
{
	autohost struct host *host = calloc(1, sizeof(*host));
	const struct probe p = { .root = root, .host = host };
	int r;

	if (!host)
		return err_oom(err);
	host->live = root_kind(root) == ROOT_LIVE;
	host->root_user = root_may_change(root);
	root_watch(root);
	if (scan_all(&p) < 0)
		return err_oom(err);
	r = read_claims(&p, err);
	if (r == 0)
		r = root_fault(root, err);
	if (r < 0)
		return r;
	*ret = TAKE(host);
	return 0;
}

int scan_more(const struct probe *p, const struct more *what)
{
	int r = what->uses_of ? scan_uses(p, what->uses_of) : 0;

	if (r == 0 && what->details_of)
		r = scan_details(p, what->details_of);
	return r == 0 && what->acs ? scan_acs(p) : r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/verify/reason.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"

#define VFIO "/sys/bus/pci/drivers/vfio-pci"
#define NEW_IMAGE                                                                        \
	"see that this boot took the image that was made last, and make it again if not"

/* The first line that has all the parts, or NULL. */
static const struct klog_line *reason_find(
	const struct klog *log, const char *a, const char *b, const char *c)
{
	for (size_t i = 0; i < log->n; i++) {
		const char *text = log->list[i].text;

		if (strstr(text, a) && strstr(text, b) && strstr(text, c))
			return &log->list[i];
	}
	return NULL;
}

/* The boot menu's way out was taken: nothing is wrong. */
static int rescue(const struct probe *p, const struct klog *log UNUSED,
	const struct device *d UNUSED, char **ret)
{
	autostrv char **kargs = NULL;
	const char *word = NULL;

	if (!p->host->cmdline)
		return 0;
	if (kargs_split(p->host->cmdline, &kargs) < 0)
		return -ENOMEM;
	if (kargs_value(kargs, "pciferry.off"))
		word = "pciferry.off";
	else if (kargs_value_has(kargs, "module_blacklist", "vfio_pci"))
		word = "module_blacklist=vfio_pci";
	return word ? text_set(ret,
			      "this boot had %s on its command line, the way out: reboot without it",
			      word)
		    : 0;
}

static int no_group(const struct probe *p, const struct klog *log UNUSED,
	const struct device *d, char **ret)
{
	if (d->group >= 0)
		return 0;
	return text_set(ret,
		p->host->iommu == IOMMU_ACTIVE
			? "it is in no IOMMU group, so vfio-pci refuses it"
			: "the IOMMU is off in this boot, so vfio-pci refuses it: see pciferry check");
}

/* What vfio-pci says of a device it does not take: drivers/vfio/pci/vfio_pci_core.c,
 * drivers/base/dd.c. */
static const struct {
	const char *a, *b, *so;
} refusals[] = {
	{ "Cannot bind to PF with SR-IOV enabled", "",
		"vfio-pci refused it, since virtual functions of it are active: set its sriov_numvfs to 0 before" },
	{ "vfio-pci", "IOMMU mapping, rejecting",
		"vfio-pci refused it, since the firmware keeps memory for it (an RMRR): look for such a setting in the firmware setup" },
	{ "vfio-pci", "denylist",
		"vfio-pci refused it, since the kernel has it on a list of devices that are not safe to hand over" },
};

static int refused(const struct probe *p UNUSED, const struct klog *log,
	const struct device *d, char **ret)
{
	const struct klog_line *line;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (reason_find(log, d->address, refusals[i].a, refusals[i].b))
			return text_set(ret, "%s", refusals[i].so);
	line = reason_find(log, d->address, "vfio-pci", "failed with error");
	return line ? text_set(ret, "vfio-pci refused it; the kernel's log says: %s",
			      line->text)
		    : 0;
}

static int not_loaded(const struct probe *p, const struct klog *log,
	const struct device *d UNUSED, char **ret)
{
	const struct klog_line *line =
		reason_find(log, "Loading of", "module", "is rejected");

	if (root_exists(p->root, VFIO))
		return 0;
	if (line)
		return text_set(ret,
			"vfio-pci is not loaded, and the kernel refused a module that is not signed (%s): install the distribution's own, or sign it",
			line->text);
	return text_set(ret, "vfio-pci was not loaded in this boot: " NEW_IMAGE);
}

/* "NAME ADDRESS: ..." is how dev_printk(9) begins for the driver that has the device. */
static int driver_first(const struct probe *p UNUSED, const struct klog *log,
	const struct device *d, char **ret)
{
	const struct klog_line *vfio = reason_find(log, "vfio_pci: add [", "", ""),
			       *its = NULL;
	autofree char *begin = NULL;

	if (!d->driver)
		return 0;
	vfio = vfio ?: reason_find(log, "VFIO - User Level meta-driver", "", "");
	if (text_set(&begin, "%s %s: ", d->driver, d->address) < 0)
		return -ENOMEM;
	for (size_t i = 0; !its && i < log->n; i++)
		if (after_prefix(log->list[i].text, begin))
			its = &log->list[i];
	if (!vfio || !its || its->usec >= vfio->usec)
		return 0;
	return text_set(ret,
		"%s had it %.1f s after the start, vfio-pci came at %.1f s: " NEW_IMAGE
		", or take the method override",
		d->driver, (double)its->usec / 1e6, (double)vfio->usec / 1e6);
}

/* A log from the first line on that has no such line: the ids= did not reach vfio-pci. */
static int no_ids(
	const struct probe *p, const struct klog *log, const struct device *d, char **ret)
{
	const struct claim *claim = claims_find(&p->host->claims, d->address);
	char id[DEVICE_ID_SIZE];

	if (!claim || streq(claim->method, "override") || !log->n ||
		!reason_find(log, "Linux version ", "", "") ||
		reason_find(log, "vfio_pci: add [", device_id(d, id), ""))
		return 0;
	return text_set(ret,
		"vfio-pci was loaded in this boot, but not told of %s: " NEW_IMAGE, id);
}

static int not_known(const struct probe *p UNUSED, const struct klog *log,
	const struct device *d, char **ret)
{
	return text_set(ret,
		"vfio-pci did not get it%s: look for vfio-pci and %s in the kernel's log (dmesg), and see whether this boot took the new image",
		log->n ? ", and the kernel's log does not tell why" : "",
		d->driver ?: "the device's address");
}

/* The surest first. */
static int (*const reasons[])(const struct probe *p, const struct klog *log,
	const struct device *d, char **ret) = {
	rescue,
	no_group,
	refused,
	not_loaded,
	driver_first,
	no_ids,
	not_known,
};

int reason_not_bound(
	const struct probe *p, const struct klog *log, const struct device *d, char **ret)
{
	char *why = NULL;

	for (size_t i = 0; !why && i < ARRAY_SIZE(reasons); i++)
		if (reasons[i](p, log, d, &why) < 0)
			return -ENOMEM;
	*ret = why;
	return 0;
}

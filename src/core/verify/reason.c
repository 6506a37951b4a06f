// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/verify/reason.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/facts/facts.h"
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
static char *rescue(const struct probe *p, const struct klog *log UNUSED,
	const struct device *d UNUSED)
{
	autostrv char **kargs = NULL;
	const char *word;

	if (!p->host->cmdline)
		return NULL;
	kargs = kargs_split(p->host->cmdline);
	if (kargs_value(kargs, "pciferry.off"))
		word = "pciferry.off";
	else if (kargs_value_has(kargs, "module_blacklist", "vfio_pci"))
		word = "module_blacklist=vfio_pci";
	else
		return NULL;
	return text_printf(
		"this boot had %s on its command line, the way out: reboot without it",
		word);
}

/* What is known of the host or the device, by whichever row. */
static char *by_fact(const struct host *host, enum finding_id id, const struct device *d,
	const char *so)
{
	CLEANUP(facts_done) struct facts facts = { 0 };
	const struct fact *fact;
	autofree char *text = NULL;

	facts_find(host, &host->claims, &facts);
	fact = fact_find(&facts, id, d ? d->address : NULL);
	if (!fact)
		return NULL;
	text = fact_sentence(fact);
	return text_printf("%s: %s", so, text);
}

static char *no_group(
	const struct probe *p, const struct klog *log UNUSED, const struct device *d)
{
	static const char so[] = "it is in no IOMMU group, so vfio-pci refuses it";
	char *why;

	if (d->group >= 0)
		return NULL;
	if (p->host->iommu != IOMMU_ACTIVE)
		return xstrdup(
			"the IOMMU is off in this boot, so vfio-pci refuses it: see pciferry check");
	why = by_fact(p->host, FOUND_IGFX_OFF, d, so);
	return why ?: xstrdup(so);
}

/* What vfio-pci says of a device it does not take: drivers/vfio/pci/vfio_pci_core.c,
 * drivers/base/dd.c. */
static const char denied[] =
	"vfio-pci refused it, since the kernel has it on a list of devices that are not safe to hand over";
static const struct {
	const char *a, *b, *so;
} refusals[] = {
	{ "Cannot bind to PF with SR-IOV enabled", "",
		"vfio-pci refused it, since virtual functions of it are active: set its sriov_numvfs to 0 before" },
	{ "vfio-pci", "IOMMU mapping, rejecting",
		"vfio-pci refused it, since the firmware keeps memory for it (an RMRR): look for such a setting in the firmware setup" },
	{ "vfio-pci", "denylist", denied },
};

static char *refused(
	const struct probe *p, const struct klog *log, const struct device *d)
{
	const struct klog_line *line;
	char *why;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (!reason_find(log, d->address, refusals[i].a, refusals[i].b))
			continue;
		why = refusals[i].so == denied
			      ? by_fact(p->host, FOUND_DENYLIST, d, "vfio-pci refused it")
			      : NULL;
		return why ?: xstrdup(refusals[i].so);
	}
	line = reason_find(log, d->address, "vfio-pci", "failed with error");
	return line ? text_printf("vfio-pci refused it; the kernel's log says: %s",
			      line->text)
		    : NULL;
}

static char *not_loaded(
	const struct probe *p, const struct klog *log, const struct device *d UNUSED)
{
	const struct klog_line *line =
		reason_find(log, "Loading of", "module", "is rejected");

	if (root_exists(p->root, VFIO))
		return NULL;
	if (line)
		return text_printf(
			"vfio-pci is not loaded, and the kernel refused a module that is not signed (%s): install the distribution's own, or sign it",
			line->text);
	return xstrdup("vfio-pci was not loaded in this boot: " NEW_IMAGE);
}

/* "NAME ADDRESS: ..." is how dev_printk(9) begins for the driver that has the device. */
static char *driver_first(
	const struct probe *p UNUSED, const struct klog *log, const struct device *d)
{
	const struct klog_line *vfio = reason_find(log, "vfio_pci: add [", "", ""),
			       *its = NULL;
	autofree char *begin = NULL;

	if (!d->driver)
		return NULL;
	vfio = vfio ?: reason_find(log, "VFIO - User Level meta-driver", "", "");
	begin = text_printf("%s %s: ", d->driver, d->address);
	for (size_t i = 0; !its && i < log->n; i++)
		if (after_prefix(log->list[i].text, begin))
			its = &log->list[i];
	if (!vfio || !its || its->usec >= vfio->usec)
		return NULL;
	return text_printf(
		"%s had it %.1f s after the start, vfio-pci came at %.1f s: " NEW_IMAGE
		", or take the method override",
		d->driver, (double)its->usec / 1e6, (double)vfio->usec / 1e6);
}

/* A log from the first line on that has no such line: the ids= did not reach vfio-pci. */
static char *no_ids(const struct probe *p, const struct klog *log, const struct device *d)
{
	const struct claim *claim = claims_find(&p->host->claims, d->address);
	char id[DEVICE_ID_SIZE];

	if (!claim || streq(claim->method, "override") || !log->n ||
		!reason_find(log, "Linux version ", "", "") ||
		reason_find(log, "vfio_pci: add [", device_id(d, id), ""))
		return NULL;
	return text_printf(
		"vfio-pci was loaded in this boot, but not told of %s: " NEW_IMAGE, id);
}

static char *not_known(
	const struct probe *p UNUSED, const struct klog *log, const struct device *d)
{
	return text_printf(
		"vfio-pci did not get it%s: look for vfio-pci and %s in the kernel's log (dmesg), and see whether this boot took the new image",
		log->n ? ", and the kernel's log does not tell why" : "",
		d->driver ?: "the device's address");
}

/* The surest first. */
static char *(*const reasons[])(
	const struct probe *p, const struct klog *log, const struct device *d) = {
	rescue,
	no_group,
	refused,
	not_loaded,
	driver_first,
	no_ids,
	not_known,
};

char *reason_not_bound(
	const struct probe *p, const struct klog *log, const struct device *d)
{
	char *why = NULL;

	for (size_t i = 0; !why && i < ARRAY_SIZE(reasons); i++)
		why = reasons[i](p, log, d);
	return why;
}

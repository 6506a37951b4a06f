// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/details.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/scan/capabilities.h"

#include <stdarg.h>

#define PATH_SIZE 256

static void details_add(struct details *details, const char *label, const char *fmt, ...)
	PRINTF(3, 4);
static void details_add(struct details *details, const char *label, const char *fmt, ...)
{
	struct detail *row;
	va_list ap;

	GROW(details->list, details->n);
	row = &details->list[details->n++];
	row->label = xstrdup(label);
	va_start(ap, fmt);
	row->value = text_vprintf(fmt, ap);
	va_end(ap);
}

static void add_identity(struct details *out, const struct device *d)
{
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	details_add(out, "Name", "%s", d->name ?: "unknown");
	details_add(out, "IDs", "%s", device_id(d, id)[0] ? id : "unknown");
	if (device_subsystem_id(d, subsystem)[0])
		details_add(out, "Subsystem", "%s", subsystem);
	if (d->class >= 0)
		details_add(
			out, "Class", "%06x %s", (unsigned)d->class, d->class_name ?: "");
}

static void add_driver(
	struct details *out, const struct host *host, const struct device *d)
{
	const struct driver *driver = d->driver ? host_driver(host, d->driver) : NULL;
	autofree char *modules = NULL;

	details_add(out, "Driver", "%s%s", d->driver ?: "none",
		driver && driver->builtin ? " (part of the kernel)" : "");
	modules = strv_join(d->modules, ", ");
	if (modules[0])
		details_add(out, "Modules", "%s", modules);
}

static void add_place(
	struct details *out, const struct host *host, const struct device *d)
{
	const struct group *g = host_group(host, d);

	if (g && d->group >= 0)
		details_add(out, "Group", "%d, %s: %s", g->number,
			mark_to_string(g->mark), g->why);
	for (size_t i = 0; i < d->n_lifelines; i++)
		details_add(out, "Lifeline", "%s: %s", d->lifelines[i].name,
			d->lifelines[i].why);
	if (d->bridge)
		details_add(out, "Behind", "%s", d->bridge);
	if (d->physfn)
		details_add(out, "Function of", "%s", d->physfn);
}

static void add_attribute(struct details *out, const struct probe *p,
	const struct device *d, const char *label, const char *name)
{
	autofree char *value = NULL;
	char path[PATH_SIZE];

	(void)snprintf(
		path, sizeof(path), "/sys/bus/pci/devices/%.100s/%s", d->address, name);
	if (root_read_attr(p->root, path, &value) < 0)
		return;
	/* What the kernel writes for "none". */
	if (value[0] && !streq(value, "(null)") && !streq(value, "-1"))
		details_add(out, label, "%s", value);
}

/* "8.0 GT/s PCIe x8 (can 16.0 GT/s PCIe x16)", as far as sysfs tells. */
static void add_link(struct details *out, const struct probe *p, const struct device *d)
{
	static const char *const names[] = { "current_link_speed", "current_link_width",
		"max_link_speed", "max_link_width" };
	CLEANUP(strv_freep) char **values = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		autofree char *value = NULL;
		char path[PATH_SIZE];

		(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.100s/%s",
			d->address, names[i]);
		if (root_read_attr(p->root, path, &value) < 0)
			return;
		strv_add(&values, value);
	}
	details_add(out, "Link", "%s x%s (can %s x%s)", values[0], values[1], values[2],
		values[3]);
}

/* Attributes of Documentation/ABI/testing/sysfs-bus-pci, where the device has them. */
static const struct {
	const char *label, *name;
} attributes[] = {
	{ "Reset", "reset_method" },
	{ "Power", "power_state" },
	{ "NUMA node", "numa_node" },
	{ "VFs possible", "sriov_totalvfs" },
	{ "VFs now", "sriov_numvfs" },
	{ "Override", "driver_override" },
};

static void add_hardware(
	struct details *out, const struct probe *p, const struct device *d)
{
	autostrv char **capabilities = NULL;
	autofree char *list = NULL;

	add_link(out, p, d);
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
		add_attribute(out, p, d, attributes[i].label, attributes[i].name);
	capabilities = pci_capabilities(p->root, d);
	list = strv_join(capabilities, ", ");
	if (list[0])
		details_add(out, "Capabilities", "%s", list);
}

void scan_details(const struct probe *p, const struct device *d)
{
	struct details *out = &p->host->details;

	details_done(out);
	out->of = d;
	add_identity(out, d);
	add_driver(out, p->host, d);
	add_place(out, p->host, d);
	add_hardware(out, p, d);
	if (d->modalias)
		details_add(out, "Modalias", "%s", d->modalias);
}

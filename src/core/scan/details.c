// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/details.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/scan/capabilities.h"

#include <stdarg.h>

#define PATH_SIZE 256

static int details_add(struct details *details, const char *label, const char *fmt, ...)
	PRINTF(3, 4);
static int details_add(struct details *details, const char *label, const char *fmt, ...)
{
	struct detail *row;
	va_list ap;

	if (GROW(details->list, details->n) < 0)
		return -ENOMEM;
	row = &details->list[details->n++];
	row->label = strdup(label);
	va_start(ap, fmt);
	row->value = text_vprintf(fmt, ap);
	va_end(ap);
	return row->label && row->value ? 0 : -ENOMEM;
}

static int add_identity(struct details *out, const struct device *d)
{
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	if (details_add(out, "Name", "%s", d->name ?: "unknown") < 0 ||
		details_add(out, "IDs", "%s", device_id(d, id)[0] ? id : "unknown") < 0)
		return -ENOMEM;
	if (device_subsystem_id(d, subsystem)[0] &&
		details_add(out, "Subsystem", "%s", subsystem) < 0)
		return -ENOMEM;
	return d->class < 0 ? 0
			    : details_add(out, "Class", "%06x %s", (unsigned)d->class,
				      d->class_name ?: "");
}

static int add_driver(
	struct details *out, const struct host *host, const struct device *d)
{
	const struct driver *driver = d->driver ? host_driver(host, d->driver) : NULL;
	autofree char *modules = NULL;

	if (details_add(out, "Driver", "%s%s", d->driver ?: "none",
		    driver && driver->builtin ? " (part of the kernel)" : "") < 0 ||
		strv_join(d->modules, ", ", &modules) < 0)
		return -ENOMEM;
	return modules[0] ? details_add(out, "Modules", "%s", modules) : 0;
}

static int add_place(struct details *out, const struct host *host, const struct device *d)
{
	const struct group *g = host_group(host, d);

	if (g && d->group >= 0 &&
		details_add(out, "Group", "%d, %s: %s", g->number,
			mark_to_string(g->mark), g->why) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < d->n_lifelines; i++)
		if (details_add(out, "Lifeline", "%s: %s", d->lifelines[i].name,
			    d->lifelines[i].why) < 0)
			return -ENOMEM;
	if (d->bridge && details_add(out, "Behind", "%s", d->bridge) < 0)
		return -ENOMEM;
	return d->physfn ? details_add(out, "Function of", "%s", d->physfn) : 0;
}

static int add_attribute(struct details *out, const struct probe *p,
	const struct device *d, const char *label, const char *name)
{
	autofree char *value = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(
		path, sizeof(path), "/sys/bus/pci/devices/%.100s/%s", d->address, name);
	r = root_read_attr(p->root, path, &value);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	/* What the kernel writes for "none". */
	if (!value[0] || streq(value, "(null)") || streq(value, "-1"))
		return 0;
	return details_add(out, label, "%s", value);
}

/* "8.0 GT/s PCIe x8 (can 16.0 GT/s PCIe x16)", as far as sysfs tells. */
static int add_link(struct details *out, const struct probe *p, const struct device *d)
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
			return 0;
		if (strv_add(&values, value) < 0)
			return -ENOMEM;
	}
	return details_add(out, "Link", "%s x%s (can %s x%s)", values[0], values[1],
		values[2], values[3]);
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

static int add_hardware(
	struct details *out, const struct probe *p, const struct device *d)
{
	autostrv char **capabilities = NULL;
	autofree char *list = NULL;

	if (add_link(out, p, d) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
		if (add_attribute(out, p, d, attributes[i].label, attributes[i].name) < 0)
			return -ENOMEM;
	if (pci_capabilities(p->root, d, &capabilities) < 0 ||
		strv_join(capabilities, ", ", &list) < 0)
		return -ENOMEM;
	return list[0] ? details_add(out, "Capabilities", "%s", list) : 0;
}

int scan_details(const struct probe *p, const struct device *d)
{
	struct details *out = &p->host->details;

	details_done(out);
	out->of = d;
	return add_identity(out, d) < 0 || add_driver(out, p->host, d) < 0 ||
			       add_place(out, p->host, d) < 0 ||
			       add_hardware(out, p, d) < 0 ||
			       (d->modalias && details_add(out, "Modalias", "%s",
						       d->modalias) < 0)
		       ? -ENOMEM
		       : 0;
}

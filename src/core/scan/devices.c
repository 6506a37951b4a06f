// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/devices.h"
#include "core/base/strv.h"

#define DEVICES "/sys/bus/pci/devices"

/* Room for the path of an attribute: an address has 16 characters at the most. */
#define PATH_SIZE 128

/* The path of an attribute of a device, in the caller's buffer. */
static const char *attribute(char *path, const char *address, const char *name)
{
	(void)snprintf(path, PATH_SIZE, DEVICES "/%.16s/%.40s", address, name);
	return path;
}

/* "10DE:2684" -> two numbers; unknown stays unknown. */
static void read_pair(const char *s, int32_t *first, int32_t *second)
{
	unsigned int a, b;

	if (sscanf(s, "%4x:%4x", &a, &b) != 2)
		return;
	*first = (int32_t)a;
	*second = (int32_t)b;
}

static void read_string(const char *s, char **field)
{
	free(*field);
	*field = xstrdup(s);
}

/* One KEY=VALUE line of uevent; keys of the kernel's pci_uevent(),
 * drivers/pci/pci-driver.c. */
static void read_uevent_line(struct device *d, const char *line)
{
	const char *value;

	if ((value = after_prefix(line, "DRIVER=")))
		read_string(value, &d->driver);
	else if ((value = after_prefix(line, "MODALIAS=")))
		read_string(value, &d->modalias);
	else if ((value = after_prefix(line, "PCI_ID=")))
		read_pair(value, &d->vendor, &d->device);
	else if ((value = after_prefix(line, "PCI_SUBSYS_ID=")))
		read_pair(value, &d->subvendor, &d->subdevice);
	else if ((value = after_prefix(line, "PCI_CLASS=")))
		d->class = (int32_t)(strtoul(value, NULL, 16) & 0xffffff);
}

/* Hexadecimal but for counts, whose base is 10. */
static int32_t read_number(
	const struct root *root, const char *address, const char *name, int base)
{
	autofree char *text = NULL;
	char path[PATH_SIZE];
	char *end;
	unsigned long n;

	if (root_read_attr(root, attribute(path, address, name), &text) < 0)
		return -1;
	n = strtoul(text, &end, base);
	return end == text || *end || n > 0xffffff ? -1 : (int32_t)n;
}

/* For a tree whose devices have no uevent: the attributes one by one. */
static void read_attributes(const struct root *root, struct device *d)
{
	char path[PATH_SIZE];

	d->vendor = read_number(root, d->address, "vendor", 16);
	d->device = read_number(root, d->address, "device", 16);
	d->subvendor = read_number(root, d->address, "subsystem_vendor", 16);
	d->subdevice = read_number(root, d->address, "subsystem_device", 16);
	d->class = read_number(root, d->address, "class", 16);
	if (root_read_attr(root, attribute(path, d->address, "modalias"), &d->modalias) <
		0)
		d->modalias = NULL;
	if (root_link_name(root, attribute(path, d->address, "driver"), &d->driver) < 0)
		d->driver = NULL;
}

static void read_uevent(const struct root *root, struct device *d)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	char path[PATH_SIZE];

	if (root_read_attr(root, attribute(path, d->address, "uevent"), &text) < 0 ||
		!strstr(text, "PCI_ID=")) {
		read_attributes(root, d);
		return;
	}
	lines = strv_split(text, "\n");
	strv_foreach (line, lines)
		read_uevent_line(d, line);
}

/* ".../0000:00:01.0/0000:01:00.0" says which bridge the device is behind. */
static void read_bridge(const struct root *root, struct device *d)
{
	autofree char *target = NULL;
	struct pci_address at;
	char path[PATH_SIZE], *slash, *parent;

	(void)snprintf(path, sizeof(path), DEVICES "/%.16s", d->address);
	if (root_readlink(root, path, &target) < 0)
		return; /* a tree with real directories there */
	slash = strrchr(target, '/');
	if (!slash)
		return;
	*slash = '\0';
	parent = strrchr(target, '/');
	if (parent && pci_address_parse(parent + 1, &at) == 0)
		read_string(parent + 1, &d->bridge);
}

/* The kernel writes "(null)" where none is set (drivers/base/driver.c). */
static void read_override(const struct root *root, struct device *d)
{
	autofree char *text = NULL;
	char path[PATH_SIZE];

	if (root_read_attr(root, attribute(path, d->address, "driver_override"), &text) ==
			0 &&
		text[0] && !streq(text, "(null)"))
		d->override = TAKE(text);
}

static void read_device(const struct root *root, const char *address, struct device *d)
{
	char path[PATH_SIZE];

	d->vendor = d->device = d->subvendor = d->subdevice = d->class = -1;
	d->group = -1;
	d->address = xstrdup(address);
	read_uevent(root, d);
	read_bridge(root, d);
	read_override(root, d);
	if (root_link_name(root, attribute(path, address, "physfn"), &d->physfn) < 0)
		d->physfn = NULL;
	d->vfs_total = read_number(root, address, "sriov_totalvfs", 10);
	d->vfs_now =
		d->vfs_total < 0 ? -1 : read_number(root, address, "sriov_numvfs", 10);
	if (d->vfs_total > 0 && /* by which users' files name it */
		root_list(root, attribute(path, address, "net"), &d->interfaces) < 0)
		d->interfaces = NULL;
	if (d->class >> 8 == 0x0300) /* the kernel makes boot_vga for VGA only */
		d->boot_vga = read_number(root, address, "boot_vga", 16) == 1;
}

static int devices_by_address(const void *a, const void *b)
{
	return pci_address_compare(
		&((const struct device *)a)->at, &((const struct device *)b)->at);
}

static void devices_add_device(
	const struct probe *p, const char *address, const struct pci_address *at)
{
	struct device *d;

	GROW(p->host->devices, p->host->n_devices);
	d = &p->host->devices[p->host->n_devices++];
	read_device(p->root, address, d);
	d->at = *at;
	if (d->vendor >= 0 || d->class >= 0)
		return;
	/* Gone between the listing and now, or a tree that says nothing: not a device. */
	device_done(d);
	p->host->n_devices--;
	host_note(p->host, DEVICES "/%s says nothing: it has neither uevent nor vendor.",
		address);
}

void scan_devices(const struct probe *p)
{
	autostrv char **names = NULL;
	int r = root_list(p->root, DEVICES, &names);

	if (r < 0)
		host_note(p->host, "Cannot list " DEVICES ": %s.", strerrordesc_np(-r));
	strv_foreach (name, names) {
		struct pci_address at;

		if (pci_address_parse(name, &at) < 0)
			host_note(p->host, DEVICES "/%s is no PCI address.", name);
		else
			devices_add_device(p, name, &at);
	}
	if (p->host->n_devices)
		qsort(p->host->devices, p->host->n_devices, sizeof(*p->host->devices),
			devices_by_address);
}

/*
 * A driver of a loadable module has a link to it, and the module its initstate
 * (drivers/base/module.c, kernel/module/sysfs.c). One that is part of the kernel has the
 * link only where its module is in /sys/module too, for a parameter or a version; without
 * one, the driver's uevent tells that sysfs shows drivers at all.
 */
static void read_driver(const struct root *root, const char *name, struct driver *driver)
{
	char path[PATH_SIZE];
	int r;

	driver->name = xstrdup(name);
	(void)snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%.64s/module", name);
	r = root_link_name(root, path, &driver->module);
	if (r < 0 && r != -ENOENT) /* nothing is known */
		return;
	(void)snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%.64s/%s", name,
		r < 0 ? "uevent" : "module/initstate");
	driver->builtin = root_exists(root, path) == (r < 0);
}

/* Reads each distinct driver once: its module, and whether that is built in. */
void scan_drivers(const struct probe *p)
{
	for (size_t i = 0; i < p->host->n_devices; i++) {
		const char *name = p->host->devices[i].driver;

		if (!name || host_driver(p->host, name) || strchr(name, '/'))
			continue;
		GROW(p->host->drivers, p->host->n_drivers);
		read_driver(p->root, name, &p->host->drivers[p->host->n_drivers++]);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directives that make /sys: devices, groups, network interfaces, disks. Names and
 * shapes are the kernel's: Documentation/ABI/testing/sysfs-bus-pci,
 * drivers/pci/pci-sysfs.c, drivers/pci/pci-driver.c (uevent) and
 * sysfs-kernel-iommu_groups.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "sample/modules.h"
#include "sample/pciconfig.h"
#include "sample/pcitree.h"
#include "sample/sysfs.h"

#include <ctype.h>
#include <inttypes.h>

#define PCI_DEVICES "sys/bus/pci/devices"
#define PCI_DRIVERS "sys/bus/pci/drivers"
#define GROUPS "sys/kernel/iommu_groups"

/* What a device's line may say. */
static const struct expand_key device_keys[] = {
	{ "bus", KEY_WORD, NULL },
	{ "caps", KEY_WORD, NULL },
	{ "class", KEY_WORD, NULL },
	{ "config", KEY_WORD, NULL },
	{ "driver", KEY_WORD, NULL },
	{ "group", KEY_WORD, NULL },
	{ "id", KEY_WORD, NULL },
	{ "physfn", KEY_WORD, NULL },
	{ "rev", KEY_WORD, NULL },
	{ "sub", KEY_WORD, NULL },
	{ "boot_vga", KEY_FILE, NULL },
	{ "current_link_speed", KEY_FILE, NULL },
	{ "current_link_width", KEY_FILE, NULL },
	{ "d3cold_allowed", KEY_FILE, "1" },
	{ "driver_override", KEY_FILE, "(null)" },
	{ "irq", KEY_FILE, "0" },
	{ "label", KEY_FILE, NULL },
	{ "local_cpulist", KEY_FILE, NULL },
	{ "max_link_speed", KEY_FILE, NULL },
	{ "max_link_width", KEY_FILE, NULL },
	{ "numa_node", KEY_FILE, "-1" },
	{ "power_state", KEY_FILE, "D0" },
	{ "reset_method", KEY_FILE, NULL },
	{ "sriov_numvfs", KEY_FILE, NULL },
	{ "sriov_totalvfs", KEY_FILE, NULL },
};

/* A device's line, read. */
struct device_line {
	char **words;
	unsigned vendor, device, subvendor, subdevice, class, revision;
	const char *driver;
	char modalias[64];
};

struct expanded_device *expand_find_device(struct expander *x, const char *address)
{
	for (size_t i = 0; i < x->n_devices; i++)
		if (streq(x->devices[i].address, address))
			return &x->devices[i];
	return NULL;
}

static bool parse_pair(const char *s, unsigned *a, unsigned *b)
{
	return expand_hex(s, 4, ':', a) && expand_hex(s + 5, 4, '\0', b);
}

static bool is_driver_name(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/');
}

static int parse_device(struct expander *x, char **words, struct device_line *d)
{
	const char *class = expand_value(words, "class"), *id = expand_value(words, "id");
	const char *sub = expand_value(words, "sub"), *rev = expand_value(words, "rev");
	int r = expand_check_keys(x, words + 2, device_keys, ARRAY_SIZE(device_keys));

	if (r < 0)
		return r;
	d->words = words;
	d->driver = expand_value(words, "driver");
	if (!class || !expand_hex(class, 6, '\0', &d->class))
		return expand_bad(x, "class= needs six hexadecimal digits.");
	if (!id || !parse_pair(id, &d->vendor, &d->device))
		return expand_bad(x, "id= needs VVVV:DDDD.");
	if (sub && !parse_pair(sub, &d->subvendor, &d->subdevice))
		return expand_bad(x, "sub= needs VVVV:DDDD.");
	if (rev && !expand_hex(rev, 2, '\0', &d->revision))
		return expand_bad(x, "rev= needs two hexadecimal digits.");
	if (d->driver && !is_driver_name(d->driver))
		return expand_bad(x, "driver= needs a name without a slash.");
	(void)snprintf(d->modalias, sizeof(d->modalias),
		"pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", d->vendor, d->device,
		d->subvendor, d->subdevice, d->class >> 16, d->class >> 8 & 0xff,
		d->class & 0xff);
	return 0;
}

/* bus=01, bus=01-04 or bus=10000:e0: what lies behind a bridge. */
static int parse_bus(struct expander *x, const char *bus, struct expanded_device *e)
{
	char *end = NULL;
	const char *colon = strchr(bus, ':');

	e->below = e->at.domain;
	if (colon) {
		e->below = (uint32_t)strtoul(bus, &end, 16);
		if (end != colon)
			return expand_bad(x, "bus=%s: no such domain.", bus);
		bus = colon + 1;
	}
	if (expand_hex(bus, 2, '\0', &e->first)) {
		e->last = e->first;
		return 0;
	}
	if (expand_hex(bus, 2, '-', &e->first) && expand_hex(bus + 3, 2, '\0', &e->last))
		return 0;
	return expand_bad(x, "bus=%s: SS or SS-TT is needed.", bus);
}

/* The nearest bridge above a bus: the one with the fewest buses behind it. */
static const struct expanded_device *bridge_above(
	const struct expander *x, const struct pci_address *at)
{
	const struct expanded_device *best = NULL;

	for (size_t i = 0; i < x->n_devices; i++) {
		const struct expanded_device *b = &x->devices[i];

		if (b->last && b->below == at->domain && at->bus >= b->first &&
			at->bus <= b->last &&
			(!best || b->last - b->first <= best->last - best->first))
			best = b;
	}
	return best;
}

static char *device_path(const struct expander *x, const struct expanded_device *e)
{
	const struct expanded_device *up = bridge_above(x, &e->at);

	if (!up)
		return text_printf("sys/devices/pci%04x:%02x/%s", e->at.domain, e->at.bus,
			e->address);
	if (up->below != up->at.domain)
		return text_printf("%s/pci%04x:%02x/%s", up->path, e->at.domain,
			up->first, e->address);
	return text_printf("%s/%s", up->path, e->address);
}

static int pcitree_add_device(struct expander *x, const char *address, const char *bus)
{
	struct expanded_device *e;
	char canonical[32];
	struct pci_address at;

	if (pci_address_parse(address, &at) < 0)
		return expand_bad(x, "%s is no PCI address.", address);
	(void)snprintf(canonical, sizeof(canonical), "%04x:%02x:%02x.%x", at.domain,
		at.bus, at.slot, at.function);
	if (!streq(canonical, address))
		return expand_bad(
			x, "%s: the kernel writes this %s.", address, canonical);
	if (expand_find_device(x, address))
		return expand_bad(x, "%s is there already.", address);
	GROW(x->devices, x->n_devices);
	e = &x->devices[x->n_devices];
	e->at = at;
	e->address = xstrdup(address);
	e->path = device_path(x, e); /* among those before it */
	x->n_devices++;
	return bus ? parse_bus(x, bus, e) : 0;
}

static int put_ids(struct expander *x, const char *dir, const struct device_line *d)
{
	const struct {
		const char *name;
		int digits;
		unsigned value;
	} files[] = {
		{ "vendor", 4, d->vendor },
		{ "device", 4, d->device },
		{ "subsystem_vendor", 4, d->subvendor },
		{ "subsystem_device", 4, d->subdevice },
		{ "class", 6, d->class },
		{ "revision", 2, d->revision },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = expand_put(x, dir, files[i].name, 0444, "0x%0*x\n",
			files[i].digits, files[i].value);

		if (r < 0)
			return r;
	}
	return expand_put(x, dir, "modalias", 0444, "%s\n", d->modalias);
}

/* What follows DRIVER=, if there is one. */
static char *uevent_rest(const struct expanded_device *e, const struct device_line *d)
{
	return text_printf("PCI_CLASS=%04X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
			   "PCI_SLOT_NAME=%s\nMODALIAS=%s\n",
		d->class, d->vendor, d->device, d->subvendor, d->subdevice, e->address,
		d->modalias);
}

static int put_uevent(
	struct expander *x, const struct expanded_device *e, const char *driver)
{
	return expand_put(x, e->path, "uevent", 0644, "%s%s%s%s", driver ? "DRIVER=" : "",
		driver ?: "", driver ? "\n" : "", e->uevent);
}

static bool is_bridge(const struct device_line *d)
{
	return d->class >> 8 == 0x0604;
}

static int put_config(
	struct expander *x, const struct expanded_device *e, const struct device_line *d)
{
	const char *hex = expand_value(d->words, "config");
	const char *names = expand_value(d->words, "caps"), *bad = NULL;
	const struct pci_config header = { d->vendor, d->device, d->subvendor,
		d->subdevice, d->class, d->revision, is_bridge(d), e->at.bus, e->first,
		e->last };
	autostrv char **caps = NULL;
	autofree char *path = NULL;
	uint8_t bytes[PCI_CONFIG_MAX];
	size_t size = 0;

	if (hex && streq(hex, "none"))
		return 0;
	if (names)
		caps = strv_split(names, ",");
	if (!hex)
		bad = pci_config_build(&header, caps, bytes, &size);
	if (bad)
		return expand_bad(x, "caps=: %s is no capability, or one too many.", bad);
	if (hex && (expand_bytes(hex, bytes, sizeof(bytes), &size) < 0 || size < 64))
		return expand_bad(
			x, "config= needs 64 to 4096 bytes in hexadecimal, or none.");
	path = text_printf("%s/config", e->path);
	return expand_errno(
		x, tree_write(x->root, path, TREE_REPLACE, 0644, bytes, size), path);
}

/* Type 0 devices have seven resources, bridges thirteen; none is assigned here. */
static int put_resources(struct expander *x, const char *dir, const struct device_line *d)
{
	static const char zero[] =
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n";
	autobuf struct buf b = { 0 };
	autofree char *text = NULL;

	for (int i = 0; i < (is_bridge(d) ? 13 : 7); i++)
		buf_puts(&b, zero);
	text = buf_take(&b);
	return expand_put(x, dir, "resource", 0444, "%s", text);
}

static int put_bridge(struct expander *x, const struct expanded_device *e)
{
	int r;

	if (!e->last)
		return 0;
	r = expand_put(x, e->path, "secondary_bus_number", 0444, "%u\n", e->first);
	return r < 0 ? r
		     : expand_put(x, e->path, "subordinate_bus_number", 0444, "%u\n",
			       e->last);
}

static int join_group(
	struct expander *x, const struct expanded_device *e, const char *number)
{
	autofree char *dir = text_printf(GROUPS "/%s", number);
	autofree char *members = text_printf(GROUPS "/%s/devices", number);
	int r = expand_make_group(x, number);

	if (r == 0)
		r = expand_link(x, e->path, "iommu_group", dir);
	return r < 0 ? r : expand_link(x, members, e->address, e->path);
}

static struct expanded_driver *get_driver(struct expander *x, const char *name)
{
	struct expanded_driver *driver;

	for (size_t i = 0; i < x->n_drivers; i++)
		if (streq(x->drivers[i].name, name))
			return &x->drivers[i];
	GROW(x->drivers, x->n_drivers);
	driver = &x->drivers[x->n_drivers];
	driver->name = xstrdup(name);
	x->n_drivers++;
	return driver;
}

static int make_driver(struct expander *x, const char *dir)
{
	static const char *const controls[] = { "bind", "unbind", "new_id", "remove_id",
		"uevent" };

	for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
		int r = expand_put(x, dir, controls[i], 0200, "%s", "");

		if (r < 0)
			return r;
	}
	return 0;
}

static int bind_driver(struct expander *x, struct expanded_device *e, const char *name)
{
	struct expanded_driver *driver = get_driver(x, name);
	autofree char *dir = text_printf(PCI_DRIVERS "/%s", name);
	int r = 0;

	e->driver = xstrdup(name);
	if (!driver->used)
		r = make_driver(x, dir);
	driver->used = true;
	if (r == 0)
		r = expand_link(x, e->path, "driver", dir);
	return r < 0 ? r : expand_link(x, dir, e->address, e->path);
}

static int unbind_driver(struct expander *x, struct expanded_device *e)
{
	autofree char *link = text_printf("%s/driver", e->path);
	autofree char *back = text_printf(PCI_DRIVERS "/%s/%s", e->driver, e->address);
	int r;

	free(TAKE(e->driver));
	r = expand_errno(x, tree_remove(x->root, link), link);
	return r < 0 ? r : expand_errno(x, tree_remove(x->root, back), back);
}

static int link_virtual(
	struct expander *x, const struct expanded_device *e, const char *address)
{
	struct expanded_device *physical =
		address ? expand_find_device(x, address) : NULL;
	char name[32];
	int r;

	if (!address)
		return 0;
	if (!physical)
		return expand_bad(
			x, "physfn=%s: no such device before this line.", address);
	(void)snprintf(name, sizeof(name), "virtfn%u", physical->functions++);
	r = expand_link(x, physical->path, name, e->path);
	return r < 0 ? r : expand_link(x, e->path, "physfn", physical->path);
}

static int put_device(
	struct expander *x, struct expanded_device *e, const struct device_line *d)
{
	bool vga = d->class >> 8 == 0x0300;
	int r = put_ids(x, e->path, d);

	e->uevent = uevent_rest(e, d);
	if (r == 0)
		r = expand_put(x, e->path, "enable", 0644, "%d\n", d->driver != NULL);
	if (r == 0 && vga) /* the others have no such file */
		r = expand_put(x, e->path, "boot_vga", 0444, "0\n");
	if (r == 0)
		r = expand_key_files(
			x, e->path, d->words, device_keys, ARRAY_SIZE(device_keys));
	if (r == 0)
		r = put_uevent(x, e, d->driver);
	if (r == 0)
		r = put_resources(x, e->path, d);
	if (r == 0)
		r = put_bridge(x, e);
	return r < 0 ? r : put_config(x, e, d);
}

int expand_device(struct expander *x, char **words)
{
	const char *group = expand_value(words, "group");
	struct device_line d = { 0 };
	struct expanded_device *e;
	int r = parse_device(x, words, &d);

	if (r == 0)
		r = pcitree_add_device(x, words[1], expand_value(words, "bus"));
	if (r < 0)
		return r;
	e = &x->devices[x->n_devices - 1];
	r = put_device(x, e, &d);
	if (r == 0)
		r = expand_link(x, e->path, "subsystem", "sys/bus/pci");
	if (r == 0)
		r = expand_link(x, PCI_DEVICES, e->address, e->path);
	if (r == 0 && d.driver)
		r = bind_driver(x, e, d.driver);
	if (r == 0 && group)
		r = join_group(x, e, group);
	return r < 0 ? r : link_virtual(x, e, expand_value(words, "physfn"));
}

int expand_bind(struct expander *x, char **words)
{
	struct expanded_device *e = expand_find_device(x, words[1]);
	const char *name = streq(words[2], "-") ? NULL : words[2];
	int r = 0;

	if (!e)
		return expand_bad(x, "%s: no such device before this line.", words[1]);
	if (name && !is_driver_name(name))
		return expand_bad(x, "%s is no name of a driver.", name);
	if (e->driver)
		r = unbind_driver(x, e);
	if (r == 0)
		r = put_uevent(x, e, name);
	return r < 0 || !name ? r : bind_driver(x, e, name);
}

int expand_driver(struct expander *x, char **words)
{
	struct expanded_driver *driver = get_driver(x, words[1]);

	if (driver->module)
		return expand_bad(x, "driver %s has its module already.", words[1]);
	driver->module = xstrdup(words[2]);
	return 0;
}

/* The module of that name, as the running kernel has it; NULL if none has it. */
static const struct expanded_module *find_module(
	const struct expander *x, const char *name)
{
	const struct expanded_module *found = NULL;

	for (size_t i = 0; i < x->n_modules; i++) {
		const struct expanded_module *m = &x->modules[i];

		if (streq(m->name, name) &&
			(!found || (x->running && streq(m->release, x->running))))
			found = m;
	}
	return found;
}

/*
 * The module a driver is from: the one stated, or one of its own name. A driver that is
 * part of the kernel has none: pcieport, the stated ones, and those that no module has.
 */
static int link_module(struct expander *x, const struct expanded_driver *driver)
{
	autofree char *dir = text_printf(PCI_DRIVERS "/%s", driver->name);
	autofree char *name = expand_underscored(driver->module ?: driver->name);
	autofree char *module = text_printf("sys/module/%s", name);
	const struct expanded_module *known = find_module(x, name);
	int r;

	if (known ? known->builtin
		  : !driver->module && (x->n_modules || streq(driver->name, "pcieport")))
		return 0;
	r = expand_dir(x, "sys/module", name);
	if (r == 0)
		r = expand_link(x, dir, "module", module);
	if (r == 0)
		r = expand_put(x, module, "initstate", 0444, "live\n");
	return r;
}

int pcitree_finish(struct expander *x)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < x->n_drivers; i++)
		if (x->drivers[i].used)
			r = link_module(x, &x->drivers[i]);
	return r;
}

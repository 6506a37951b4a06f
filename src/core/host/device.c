// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/device.h"
#include "core/base/strv.h"

void device_done(struct device *d)
{
	free(d->address);
	free(d->name);
	free(d->class_name);
	free(d->modalias);
	free(d->driver);
	free(d->override);
	strv_free(d->modules);
	free(d->bridge);
	free(d->physfn);
	strv_free(d->interfaces);
	for (size_t i = 0; i < d->n_lifelines; i++) {
		free(d->lifelines[i].name);
		free(d->lifelines[i].why);
	}
	free(d->lifelines);
}

/* Base class or base class and subclass -> kind; PCI Code and ID Assignment, as in
 * pci.ids. */
static const struct {
	int32_t class;
	int shift; /* how many low bits of the class do not matter */
	enum device_kind kind;
} kinds[] = {
	{ 0x01, 16, DEVICE_STORAGE },
	{ 0x02, 16, DEVICE_NETWORK },
	{ 0x03, 16, DEVICE_GPU },
	{ 0x04, 16, DEVICE_AUDIO },
	{ 0x06, 16, DEVICE_BRIDGE },
	{ 0x0c03, 8, DEVICE_USB },
	{ 0x0d, 16, DEVICE_NETWORK },
};

enum device_kind device_kind(const struct device *d)
{
	for (size_t i = 0; d->class >= 0 && i < ARRAY_SIZE(kinds); i++)
		if (d->class >> kinds[i].shift == kinds[i].class)
			return kinds[i].kind;
	return DEVICE_OTHER;
}

const char *device_kind_to_string(enum device_kind kind)
{
	static const char *const words[] = {
		[DEVICE_OTHER] = "other",
		[DEVICE_GPU] = "GPU",
		[DEVICE_NETWORK] = "network",
		[DEVICE_STORAGE] = "storage",
		[DEVICE_USB] = "USB",
		[DEVICE_AUDIO] = "audio",
		[DEVICE_BRIDGE] = "bridge",
	};

	return words[kind];
}

bool device_is_bridge(const struct device *d)
{
	return device_kind(d) == DEVICE_BRIDGE;
}

bool device_is_passed(const struct device *d)
{
	return streq_null(d->driver, "vfio-pci");
}

bool device_is_display(const struct device *d)
{
	return device_kind(d) == DEVICE_GPU && d->class >> 8 != 0x0302;
}

bool device_same_id(const struct device *a, const struct device *b)
{
	return a->vendor >= 0 && a->device >= 0 && a->vendor == b->vendor &&
	       a->device == b->device;
}

bool device_same_slot(const struct device *a, const struct device *b)
{
	return a->at.domain == b->at.domain && a->at.bus == b->at.bus &&
	       a->at.slot == b->at.slot;
}

/* Reads 1 to max hexadecimal digits up to the end character; what follows it, or NULL. */
static const char *hex_field(const char *s, size_t max, char end, unsigned long *ret)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF");

	if (n == 0 || n > max || s[n] != end)
		return NULL;
	*ret = strtoul(s, NULL, 16);
	return s + n + (end != '\0');
}

int pci_address_parse(const char *s, struct pci_address *ret)
{
	unsigned long domain = 0, bus, slot, function;
	const char *first = strchr(s, ':'), *p = s;

	if (first && strchr(first + 1, ':'))
		p = hex_field(p, 8, ':', &domain);
	p = p ? hex_field(p, 2, ':', &bus) : NULL;
	p = p ? hex_field(p, 2, '.', &slot) : NULL;
	p = p ? hex_field(p, 1, '\0', &function) : NULL;
	if (!p || slot > 0x1f || function > 7)
		return -EINVAL;
	*ret = (struct pci_address){ (uint32_t)domain, (uint8_t)bus, (uint8_t)slot,
		(uint8_t)function };
	return 0;
}

static uint64_t address_number(const struct pci_address *a)
{
	return (uint64_t)a->domain << 16 | (uint64_t)a->bus << 8 |
	       (uint64_t)a->slot << 3 | a->function;
}

void pci_address_format(const struct pci_address *a, char *buf)
{
	(void)snprintf(buf, PCI_ADDRESS_SIZE, "%04x:%02x:%02x.%x", a->domain, a->bus,
		a->slot, a->function);
}

int pci_address_compare(const struct pci_address *a, const struct pci_address *b)
{
	uint64_t x = address_number(a), y = address_number(b);

	return (x > y) - (x < y);
}

static const char *id_pair(int32_t vendor, int32_t device, char *buf)
{
	if (vendor < 0 || device < 0)
		buf[0] = '\0';
	else
		(void)snprintf(buf, DEVICE_ID_SIZE, "%04x:%04x",
			(unsigned)vendor & 0xffff, (unsigned)device & 0xffff);
	return buf;
}

const char *device_id(const struct device *d, char *buf)
{
	return id_pair(d->vendor, d->device, buf);
}

const char *device_subsystem_id(const struct device *d, char *buf)
{
	return id_pair(d->subvendor, d->subdevice, buf);
}

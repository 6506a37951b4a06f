// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample/pciconfig.h"
#include "core/base/strv.h"

/* IDs and lengths: PCI Local Bus 3.0, PCI Express 6.0, as in linux/pci_regs.h. */
static const struct capability {
	const char *name;
	uint16_t id, size;
	uint16_t flags; /* of the word after ID and next pointer */
	bool extended;
} capabilities[] = {
	{ "pm", 0x01, 0x08, 0x0003, false },
	{ "vpd", 0x03, 0x08, 0, false },
	{ "msi", 0x05, 0x18, 0x0080, false },
	{ "ssvid", 0x0d, 0x08, 0, false },
	{ "pcie", 0x10, 0x3c, 0x0002, false },
	{ "pcie-root", 0x10, 0x3c, 0x0042, false },
	{ "pcie-up", 0x10, 0x3c, 0x0052, false },
	{ "pcie-down", 0x10, 0x3c, 0x0062, false },
	{ "pcie-bridge", 0x10, 0x3c, 0x0072, false },
	{ "pcie-integrated", 0x10, 0x3c, 0x0092, false },
	{ "msix", 0x11, 0x0c, 0x0007, false },
	{ "af", 0x13, 0x08, 0x0306, false },
	{ "aer", 0x01, 0x48, 0, true },
	{ "dsn", 0x03, 0x0c, 0, true },
	{ "acs", 0x0d, 0x08, 0x005f, true },
	{ "ari", 0x0e, 0x08, 0, true },
	{ "ats", 0x0f, 0x08, 0, true },
	{ "sriov", 0x10, 0x40, 0, true },
	{ "pri", 0x13, 0x10, 0, true },
	{ "rebar", 0x15, 0x10, 0, true },
	{ "ltr", 0x18, 0x08, 0, true },
	{ "secpci", 0x19, 0x20, 0, true },
	{ "pasid", 0x1b, 0x08, 0, true },
	{ "dpc", 0x1d, 0x40, 0, true },
	{ "l1ss", 0x1e, 0x10, 0, true },
	{ "ptm", 0x1f, 0x0c, 0, true },
};

/* Little endian, as the bus is. */
static void put16(uint8_t *p, unsigned value)
{
	p[0] = value & 0xff;
	p[1] = value >> 8 & 0xff;
}

static void put_header(uint8_t *c, const struct pci_config *h)
{
	put16(c + 0x00, h->vendor);
	put16(c + 0x02, h->device);
	put16(c + 0x04, 0x0006); /* memory, bus master */
	c[0x08] = h->revision & 0xff;
	c[0x09] = h->class & 0xff;
	put16(c + 0x0a, h->class >> 8);
	if (h->bridge) {
		c[0x0e] = 1;
		c[0x18] = h->primary & 0xff;
		c[0x19] = h->secondary & 0xff;
		c[0x1a] = h->subordinate & 0xff;
	} else {
		put16(c + 0x2c, h->subvendor);
		put16(c + 0x2e, h->subdevice);
	}
}

static const struct capability *find_capability(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++)
		if (streq(capabilities[i].name, name))
			return &capabilities[i];
	return NULL;
}

/* Where the next capability goes, and who points to it. */
struct chain {
	size_t next, limit, pointer;
};

static bool put_capability(uint8_t *c, const struct pci_config *h, struct chain *chain,
	const struct capability *cap)
{
	uint8_t *p = c + chain->next;

	if (chain->next + cap->size > chain->limit)
		return false;
	if (cap->extended) {
		put16(p, cap->id);
		p[2] = 1; /* version; the upper 12 bits are the pointer to the next */
		if (chain->pointer)
			put16(c + chain->pointer, (unsigned)chain->next << 4 | 1);
		chain->pointer = chain->next + 2;
		put16(p + 4, cap->flags);
	} else {
		p[0] = (uint8_t)cap->id;
		c[chain->pointer] = (uint8_t)chain->next;
		chain->pointer = chain->next + 1;
		put16(p + 2, cap->flags);
		c[0x06] = 0x10; /* status: there is a list */
	}
	if (!cap->extended && cap->id == 0x0d) {
		put16(p + 4, h->subvendor);
		put16(p + 6, h->subdevice);
	}
	chain->next += (cap->size + 3u) & ~3u;
	return true;
}

const char *pci_config_build(const struct pci_config *header, char *const *caps,
	uint8_t out[static PCI_CONFIG_MAX], size_t *ret_size)
{
	struct chain plain = { 0x40, 0x100, 0x34 }, extended = { 0x100, 0x1000, 0 };

	memset(out, 0, PCI_CONFIG_MAX);
	put_header(out, header);
	*ret_size = 64;
	strv_foreach (name, caps) {
		const struct capability *cap = find_capability(name);

		if (!cap || !put_capability(
				    out, header, cap->extended ? &extended : &plain, cap))
			return name;
		if (*ret_size < (cap->extended ? 4096 : 256))
			*ret_size = cap->extended ? 4096 : 256;
	}
	return NULL;
}

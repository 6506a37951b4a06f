// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/capabilities.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <endian.h>
#include <pci/header.h>

/* Those a user of passthrough asks for; names as lspci(8) and the PCI standards write
 * them. */
static const struct {
	bool extended;
	unsigned int id;
	const char *name;
} capability_names[] = {
	{ false, PCI_CAP_ID_PM, "power management" },
	{ false, PCI_CAP_ID_MSI, "MSI" },
	{ false, PCI_CAP_ID_MSIX, "MSI-X" },
	{ false, PCI_CAP_ID_EXP, "PCI Express" },
	{ false, PCI_CAP_ID_AF, "advanced features (FLR)" },
	{ true, PCI_EXT_CAP_ID_AER, "AER" },
	{ true, PCI_EXT_CAP_ID_ACS, "ACS" },
	{ true, PCI_EXT_CAP_ID_ARI, "ARI" },
	{ true, PCI_EXT_CAP_ID_ATS, "ATS" },
	{ true, PCI_EXT_CAP_ID_SRIOV, "SR-IOV" },
	{ true, PCI_EXT_CAP_ID_PRI, "PRI" },
	{ true, PCI_EXT_CAP_ID_REBAR, "resizable BAR" },
	{ true, PCI_EXT_CAP_ID_PASID, "PASID" },
};

/* PCI Express has 4096 bytes of configuration space, a capability at a multiple of four.
 */
#define SPACE 4096
#define EXTENDED 0x100
#define STEP 4

/* Which capabilities there are, and what was visited: each place once, or a chain would
 * never end. */
struct chain {
	int fd;
	bool found[ARRAY_SIZE(capability_names)];
	bool visited[SPACE / STEP];
};

/* The 32 bits there, little-endian; all ones where there are none, as the bus has it. */
static uint32_t read_long(const struct chain *c, size_t at)
{
	uint32_t value;

	return pread(c->fd, &value, sizeof(value), (off_t)at) == sizeof(value)
		       ? le32toh(value)
		       : UINT32_MAX;
}

static bool visit(struct chain *c, size_t at)
{
	bool first = !c->visited[at / STEP];

	c->visited[at / STEP] = true;
	return first;
}

static void note(struct chain *c, bool extended, unsigned int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(capability_names); i++)
		if (capability_names[i].extended == extended &&
			capability_names[i].id == id)
			c->found[i] = true;
}

/* Whether the device is one of PCI Express: only such have extended ones. */
static bool walk_standard(struct chain *c)
{
	uint32_t status = read_long(c, PCI_COMMAND) >> 16;
	size_t at = read_long(c, PCI_CAPABILITY_LIST) & 0xfc;
	bool express = false;

	if (!(status & PCI_STATUS_CAP_LIST))
		return false;
	while (at && visit(c, at)) {
		uint32_t header = read_long(c, at);
		unsigned int id = header & 0xff;

		if (id == 0xff)
			break;
		note(c, false, id);
		express |= id == PCI_CAP_ID_EXP;
		at = header >> 8 & 0xfc;
	}
	return express;
}

static void walk_extended(struct chain *c)
{
	size_t at = EXTENDED;

	while (at && visit(c, at)) {
		uint32_t header = read_long(c, at);

		if (!header || header == UINT32_MAX)
			break;
		note(c, true, header & 0xffff);
		at = header >> 20 & 0xffc;
	}
}

char **capabilities_read(int fd)
{
	struct chain c = { .fd = fd };
	char **list = NULL;

	if (walk_standard(&c))
		walk_extended(&c);
	for (size_t i = 0; i < ARRAY_SIZE(capability_names); i++)
		if (c.found[i])
			strv_add(&list, capability_names[i].name);
	return list;
}

char **pci_capabilities(const struct root *root, const struct device *d)
{
	autofree char *path = text_printf("/sys/bus/pci/devices/%s/config", d->address);
	autoclose int fd = root_open_regular(root, path);

	return fd < 0 ? NULL : capabilities_read(fd);
}

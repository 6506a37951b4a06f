// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Proxmox VE: "qm set" lines, and a section of /etc/pve/mapping/pci.cfg, which names the
 * IDs too, so that a device which moved is noticed. An address without a function is all
 * functions of the slot (qm(1), PCI(e) Passthrough in the PVE administration guide).
 */
#include "core/export/export.h"

/* All endpoints of the slot that the host has come along. */
static bool whole_slot(const struct export *e, size_t first)
{
	const struct device *d = e->devices[first];
	size_t n = 0;

	for (size_t i = 0; i < e->p.host->n_devices; i++)
		n += device_same_slot(&e->p.host->devices[i], d);
	return d->at.function == 0 && export_functions(e, first) == n;
}

/* "0000:01:00", or "0000:01:00.0;0000:01:00.2". */
static void write_path(const struct export *e, size_t first, struct buf *out)
{
	const char *address = e->devices[first]->address;

	if (whole_slot(e, first)) {
		buf_printf(out, "%.*s", (int)strcspn(address, "."), address);
		return;
	}
	for (size_t i = 0; i < export_functions(e, first); i++)
		buf_printf(out, "%s%s", i ? ";" : "", e->devices[first + i]->address);
}

/* A graphics card is the guest's first one where any function of it is VGA. */
static const char *display(const struct export *e, size_t first)
{
	for (size_t i = 0; i < export_functions(e, first); i++)
		if (export_is_vga(e->devices[first + i]))
			return ",x-vga=1";
	return "";
}

/* A section's name: "pci-0000-01-00-0". */
static void write_name(const struct device *d, struct buf *out)
{
	char name[PCI_ADDRESS_SIZE];

	(void)snprintf(name, sizeof(name), "%s", d->address);
	for (char *p = name; *p; p++)
		*p = *p == ':' || *p == '.' ? '-' : *p;
	buf_printf(out, "pci-%s", name);
}

/* The node's name is the host's; only what can be one. */
static void write_node(const struct export *e, struct buf *out)
{
	autofree char *name = NULL;

	if (root_read_attr(e->p.root, "/etc/hostname", &name) == 0)
		name[strcspn(name, ".\n")] = '\0';
	if (!name || !name[0] ||
		name[strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")])
		buf_puts(out, "NODE");
	else
		buf_puts(out, name);
}

static void write_mapping(const struct export *e, size_t first, struct buf *out)
{
	const struct device *d = e->devices[first];
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	write_name(d, out);
	buf_printf(out, "\n    map id=%s", device_id(d, id));
	if (d->group >= 0)
		buf_printf(out, ",iommugroup=%d", d->group);
	buf_puts(out, ",node=");
	write_node(e, out);
	buf_puts(out, ",path=");
	write_path(e, first, out);
	if (device_subsystem_id(d, subsystem)[0])
		buf_printf(out, ",subsystem-id=%s", subsystem);
	buf_puts(out, "\n");
}

static void proxmox_write_all(const struct export *e, struct buf *out)
{
	unsigned n = 0;

	buf_puts(out,
		"# VMID is the virtual machine's number; pcie=1 needs its machine type to be q35.\n");
	for (size_t i = 0; i < e->n; i += export_functions(e, i)) {
		buf_printf(out, "qm set VMID --hostpci%u '", n++);
		write_path(e, i, out);
		buf_printf(out, ",pcie=1%s'\n", display(e, i));
	}
	buf_puts(out,
		"\n# Or by a mapping, which also checks the IDs: these lines go into /etc/pve/mapping/pci.cfg.\n");
	for (size_t i = 0; i < e->n; i += export_functions(e, i))
		write_mapping(e, i, out);
	buf_puts(out, "\n# And then:\n");
	n = 0;
	for (size_t i = 0; i < e->n; i += export_functions(e, i)) {
		buf_printf(out, "qm set VMID --hostpci%u mapping=", n++);
		write_name(e->devices[i], out);
		buf_printf(out, ",pcie=1%s\n", display(e, i));
	}
}

const struct export_format export_proxmox = {
	.name = "proxmox",
	.summary = "qm set lines and a mapping for Proxmox VE",
	.write = proxmox_write_all,
};

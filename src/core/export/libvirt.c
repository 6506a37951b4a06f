// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libvirt's <hostdev>, for the <devices> of a domain: virsh edit, or a file each for
 * virsh attach-device. Functions of one slot are put together in a guest's slot by
 * address; libvirt makes the root port for a bus that is not there yet
 * (https://libvirt.org/formatdomain.html, https://libvirt.org/pci-hotplug.html).
 */
#include "core/export/export.h"

/* Above what virt-manager and virt-install take. */
#define FIRST_BUS 0x10

static void write_address(const struct export *e, size_t i, unsigned bus, struct buf *out)
{
	if (export_functions(e, i) == 1)
		return; /* libvirt finds a place */
	buf_printf(out,
		"  <address type='pci' domain='0x0000' bus='0x%02x' slot='0x00' function='0x%x'%s/>\n",
		bus, export_guest_function(e, i),
		export_slot(e, i) == i ? " multifunction='on'" : "");
}

static void write_device(const struct export *e, size_t i, unsigned bus, struct buf *out)
{
	const struct device *d = e->devices[i];

	buf_printf(out,
		"<hostdev mode='subsystem' type='pci' managed='%s'>\n"
		"  <driver name='vfio'/>\n"
		"  <source>\n"
		"    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n"
		"  </source>\n",
		export_is_kept(e, d) ? "no" : "yes", d->at.domain, d->at.bus, d->at.slot,
		d->at.function);
	write_address(e, i, bus, out);
	buf_puts(out, "</hostdev>\n");
}

static void write_notes(const struct device *d, struct buf *out)
{
	if (export_is_vga(d))
		buf_printf(out,
			"<!-- %s as the only display: take <graphics> and <video> out, and put in\n     <video><model type='none'/></video> -->\n",
			d->address);
	if (d->boot_vga)
		buf_printf(out,
			"<!-- %s is the host's own first display, whose ROM was changed by running it: if\n     the guest shows nothing, add <rom file='FILE'/> with the card's ROM as its maker ships it -->\n",
			d->address);
}

static void libvirt_write_all(const struct export *e, struct buf *out)
{
	unsigned bus = FIRST_BUS - 1;

	for (size_t i = 0; i < e->n; i++) {
		bus += export_slot(e, i) == i;
		write_notes(e->devices[i], out);
		write_device(e, i, bus, out);
	}
}

const struct export_format export_libvirt = {
	.name = "libvirt",
	.summary = "<hostdev> elements for a domain of libvirt",
	.write = libvirt_write_all,
};

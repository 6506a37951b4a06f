// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU's arguments, for -machine q35. Each slot gets a root port of its own, where its
 * functions are together again: drivers of graphics cards look for their sound there.
 * Function 0 must be there and says multifunction=on (docs/pcie.txt of QEMU).
 */
#include "core/export/export.h"

static void write_notes(const struct export *e, struct buf *out)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct device *d = e->devices[i];

		if (!export_is_kept(e, d))
			buf_printf(out,
				"# %s is not on vfio-pci yet: pciferry bind, or apply and a reboot, comes first.\n",
				d->address);
		if (export_is_vga(d))
			buf_printf(out,
				"# %s as the only display: -vga none -display none. With SeaBIOS, not OVMF, add x-vga=on.\n",
				d->address);
		if (d->boot_vga)
			buf_printf(out,
				"# %s is the host's own first display, whose ROM was changed by running it: if the\n"
				"# guest shows nothing, add romfile=FILE with the card's ROM as its maker ships it.\n",
				d->address);
	}
}

/* QEMU takes four digits of a domain in host=, and any path in sysfs. */
static void write_source(const struct device *d, struct buf *out)
{
	if (d->at.domain > 0xffff)
		buf_printf(out, "sysfsdev=/sys/bus/pci/devices/%s", d->address);
	else
		buf_printf(out, "host=%s", d->address);
}

static void write_device(const struct export *e, size_t i, unsigned port, struct buf *out)
{
	bool first = export_slot(e, i) == i;

	buf_puts(out, "-device vfio-pci,");
	write_source(e->devices[i], out);
	buf_printf(out, ",bus=pciferry%u,addr=0x0.0x%x%s", port,
		export_guest_function(e, i),
		first && export_functions(e, i) > 1 ? ",multifunction=on" : "");
}

static void qemu_write_all(const struct export *e, struct buf *out)
{
	unsigned port = 0;

	write_notes(e, out);
	for (size_t i = 0; i < e->n; i++) {
		const char *end = i + 1 < e->n ? " \\\n" : "\n";

		if (export_slot(e, i) == i) {
			port++;
			buf_printf(out,
				"-device pcie-root-port,id=pciferry%u,chassis=%u \\\n",
				port, 100 + port); /* out of the way of others */
		}
		write_device(e, i, port, out);
		buf_puts(out, end);
	}
}

const struct export_format export_qemu = {
	.name = "qemu",
	.summary = "arguments for qemu-system-x86_64 -machine q35",
	.write = qemu_write_all,
};

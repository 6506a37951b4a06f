// SPDX-License-Identifier: GPL-2.0-or-later
/* The display of a server's management controller: what its remote console shows. */
#include "core/lifeline/bmc.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

/*
 * Sources: the PCI tables of the kernel's drivers/gpu/drm/ast, mgag200 (0520 and 0521 are
 * plain cards of the nineties) and hisilicon/hibmc; names as in pci.ids.
 */
static const struct {
	int32_t vendor, device; /* -1: any display controller of that vendor */
	const char *name;
} displays[] = {
	{ 0x1a03, -1, "ASPEED" },
	{ 0x102b, 0x0522, "Matrox G200e" },
	{ 0x102b, 0x0524, "Matrox G200e" },
	{ 0x102b, 0x0530, "Matrox G200eV" },
	{ 0x102b, 0x0532, "Matrox G200eW" },
	{ 0x102b, 0x0533, "Matrox G200eH" },
	{ 0x102b, 0x0534, "Matrox G200eR" },
	{ 0x102b, 0x0536, "Matrox G200eW3" },
	{ 0x102b, 0x0538, "Matrox G200eH3" },
	{ 0x102b, 0x053a, "Matrox G200eH5" },
	{ 0x19e5, 0x1711, "HiSilicon iBMC" },
};

void trace_bmc(struct trace *t)
{
	for (size_t i = 0; i < t->host->n_devices; i++)
		for (size_t j = 0; j < ARRAY_SIZE(displays); j++) {
			struct device *d = &t->host->devices[i];

			if (device_kind(d) != DEVICE_GPU ||
				d->vendor != displays[j].vendor ||
				(displays[j].device >= 0 &&
					d->device != displays[j].device))
				continue;
			lifeline_add(d, t->lifeline,
				"it is the display of the server's management controller (%s): its remote console shows it",
				displays[j].name);
		}
}

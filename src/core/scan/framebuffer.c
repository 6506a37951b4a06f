// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/scan/framebuffer.h"

#include <inttypes.h>

#define IOMEM_MAX ((size_t)1 << 20)

struct range {
	uint64_t start, end;
};

/* What /proc/iomem calls it: the resource that sysfb makes, and its drivers'. */
static const char *const names[] = { "BOOTFB", "efifb", "vesafb", "simplefb",
	"simple-framebuffer", "simpledrm" };

/* "  c0000000-c07e8fff : BOOTFB". All addresses are 0 for those who may not see them. */
static bool is_framebuffer(const char *line, struct range *ret)
{
	int n = 0;

	if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %n", &ret->start, &ret->end, &n) <
			2 ||
		!n || !ret->end)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (after_prefix(line + n, names[i]))
			return true;
	return false;
}

/* Whether a BAR of the device holds the range; "resource" has a BAR a line. */
static bool framebuffer_holds(
	const struct probe *p, const struct device *d, const struct range *fb)
{
	autofree char *path = NULL, *text = NULL;
	autostrv char **lines = NULL;

	path = text_printf("/sys/bus/pci/devices/%s/resource", d->address);
	if (root_read_attr(p->root, path, &text) < 0)
		return false;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines) {
		struct range bar;

		if (sscanf(line, "%" SCNx64 " %" SCNx64, &bar.start, &bar.end) == 2 &&
			bar.end && bar.start <= fb->start && fb->end <= bar.end)
			return true;
	}
	return false;
}

void scan_framebuffer(const struct probe *p)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	struct range fb = { 0, 0 };

	if (root_read(p->root, "/proc/iomem", IOMEM_MAX, &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines) {
		if (!is_framebuffer(line, &fb))
			continue;
		for (size_t i = 0; i < p->host->n_devices; i++) {
			struct device *d = &p->host->devices[i];

			if (device_kind(d) == DEVICE_GPU)
				d->boot_framebuffer |= framebuffer_holds(p, d, &fb);
		}
	}
}

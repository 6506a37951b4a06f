// SPDX-License-Identifier: GPL-2.0-or-later
/* udev rules, for the driver_override they set and what else they do to drivers. */
#include "fuzz.h"
#include "core/format/udev.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct device d = {
		.address = (char *)"0000:01:00.0",
		.vendor = 0x10de,
		.device = 0x1e84,
		.subvendor = -1,
		.subdevice = -1,
		.class = 0x030000,
	};
	static const struct device *const chain[] = { &d, NULL };
	static char *const words[] = { (char *)"quiet", (char *)"a=b", NULL };
	const struct udev_device device = { .chain = chain, .words = words };
	const struct script script = { .path = "/etc/udev/rules.d/60-x.rules" };
	struct udev_override once = { 0 }, twice = { 0 };
	CLEANUP(acts_done) struct acts acts = { 0 };
	autofree char *text = fuzz_text(data, size);

	udev_read(&script, text, &device, &once, NULL);
	if (strstr(text, "driver_override"))
		udev_read(&script, text, &device, &twice, &acts);
	MUST(!once.driver == !twice.driver && once.probes == twice.probes);
	MUST(!once.driver || strstr(text, "driver_override"));
	free(once.driver);
	free(twice.driver);
	return 0;
}

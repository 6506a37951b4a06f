// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/firmware.h"
#include "core/base/strv.h"

void firmware_done(struct firmware *firmware)
{
	free(firmware->complaint);
	free(firmware->board);
	strv_free(firmware->units);
	strv_free(firmware->noiommu);
}

bool firmware_is_noiommu(const struct firmware *firmware, const char *address)
{
	strv_foreach (entry, firmware->noiommu)
		if (streq(strchr(entry, ' ') + 1, address))
			return true;
	return false;
}

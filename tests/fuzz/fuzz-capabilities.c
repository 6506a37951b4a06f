// SPDX-License-Identifier: GPL-2.0-or-later
/* A device's configuration space: every chain ends, and a part of a space has no
 * capability that the whole one lacks. */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/scan/capabilities.h"

#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autostrv char **all = NULL, **less = NULL;
	autoclose int fd = memfd_create("config", MFD_CLOEXEC);

	MUST(fd >= 0);
	MUST(write(fd, data, size) == (ssize_t)size);
	all = capabilities_read(fd);
	MUST(ftruncate(fd, (off_t)size / 2) == 0);
	less = capabilities_read(fd);
	strv_foreach (name, less)
		MUST(strv_has(all, name));
	return 0;
}

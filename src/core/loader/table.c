// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loader/loader.h"

/* First match wins. */
static const struct loader *const loaders[] = {
	&loader_grub,
};

const struct loader *loader_detect(const struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++)
		if (loaders[i]->boots(host))
			return loaders[i];
	return NULL;
}

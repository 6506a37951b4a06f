// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/uses.h"

void uses_done(struct uses *uses)
{
	for (size_t i = 0; i < uses->n; i++)
		free(uses->list[i].text);
	free(uses->list);
	*uses = (struct uses){ 0 };
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/details.h"

void details_done(struct details *details)
{
	for (size_t i = 0; i < details->n; i++) {
		free(details->list[i].label);
		free(details->list[i].value);
	}
	free(details->list);
	*details = (struct details){ 0 };
}

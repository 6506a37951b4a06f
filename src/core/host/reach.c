// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/reach.h"
#include "core/base/strv.h"

void reach_done(struct reach *reach)
{
	free(reach->server);
	strv_free(reach->addresses);
	*reach = (struct reach){ 0 };
}

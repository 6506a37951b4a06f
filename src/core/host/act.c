// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/act.h"
#include "core/host/host.h"

void acts_done(struct acts *acts)
{
	for (size_t i = 0; i < acts->n; i++)
		act_done(&acts->list[i]);
	free(acts->list);
	*acts = (struct acts){ 0 };
}

static bool same_group(const struct host *host, const char *address, int group)
{
	const struct device *named = host_device(host, address);

	return named && named->group >= 0 && named->group == group;
}

bool act_concerns(const struct act *act, const struct host *host, const struct device *d)
{
	char id[DEVICE_ID_SIZE];

	if (act->interface)
		return false;
	if (act->address && act->kind == ACT_NEW_ID) { /* the IDs of that device */
		const struct device *named = host_device(host, act->address);

		return named && device_same_id(named, d);
	}
	if (act->address)
		return streq(act->address, d->address) ||
		       (act->group && same_group(host, act->address, d->group));
	return !act->id || streq(act->id, device_id(d, id));
}

bool act_gives(const struct act *act)
{
	return (act->kind == ACT_OVERRIDE || act->kind == ACT_BIND ||
		       act->kind == ACT_NEW_ID || act->kind == ACT_DETACH) &&
	       streq_null(act->driver, "vfio-pci");
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/request.h"
#include "core/base/strv.h"
#include "core/plan/plan.h"

static void request_add(const struct host *host, struct request *request, size_t index,
	const char *method)
{
	const struct device *d = &host->devices[index];
	const struct claim *old = claims_find(&request->claims, d->address);
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	(void)device_id(d, id);
	if (old && !method && streq(old->id, id)) /* else it is another device's */
		return;
	(void)device_subsystem_id(d, subsystem);
	claims_set(&request->claims, d->address, id, subsystem[0] ? subsystem : "-",
		method ?: "auto");
}

/* The device, or with it every endpoint of its group: one cannot go without the others.
 * Those that were not in the request are added to the list of added, which may be NULL.
 */
static void add_group(const struct host *host, struct request *request,
	const struct device *d, const char *method, char ***added)
{
	const struct group *g = host_group(host, d);

	if (d->group < 0) {
		request_add(host, request, (size_t)(d - host->devices), method);
		return;
	}
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *member = &host->devices[g->devices[i]];
		bool new = !request_has(request, member->address);

		if (device_is_bridge(member))
			continue;
		request_add(host, request, g->devices[i], method);
		if (new &&added)
			strv_add(added, member->address);
	}
}

/* The user has seen the group now, and chosen it as it is. */
static void accept_group(
	const struct host *host, struct request *request, const struct device *d)
{
	size_t kept = 0;

	for (char **a = request->grown; a && *a; a++) {
		const struct device *other = host_device(host, *a);

		if (other && other->group >= 0 && other->group == d->group)
			free(*a);
		else
			request->grown[kept++] = *a;
	}
	if (request->grown)
		request->grown[kept] = NULL;
}

void request_start(const struct host *host, struct request *ret)
{
	struct request request = { 0 };

	claims_copy(&host->claims, &request.claims);
	for (size_t i = 0; i < host->claims.n; i++) {
		const struct claim *claim = &host->claims.list[i];
		const struct device *d = host_device(host, claim->address);
		char id[DEVICE_ID_SIZE];

		/* With the IOMMU off at that time, the group was not known yet. */
		if (d && streq(device_id(d, id), claim->id) && !device_is_bridge(d))
			add_group(host, &request, d, NULL, &request.grown);
	}
	*ret = request;
}

void request_done(struct request *request)
{
	claims_done(&request->claims);
	strv_free(request->accepted);
	strv_free(request->grown);
	*request = (struct request){ 0 };
}

int request_choose(const struct host *host, struct request *request,
	const struct device *d, const char *method, struct err *err)
{
	if (device_is_bridge(d))
		return err_set(err, -EPERM,
			"%s is a bridge: bridges stay with the host, the devices behind them can go.",
			d->address);
	if (d->vendor < 0 || d->device < 0)
		return err_set(err, -EPERM,
			"%s has no known vendor and device ID, so it cannot be claimed.",
			d->address);
	accept_group(host, request, d);
	add_group(host, request, d, method, NULL);
	return 0;
}

int request_drop(const struct host *host, struct request *request, const char *address,
	struct err *err)
{
	const struct device *d = host_device(host, address);
	const struct group *g = d && d->group >= 0 ? host_group(host, d) : NULL;

	if (!request_has(request, address))
		return err_set(err, -ENOENT, "%s is not claimed.", address);
	for (size_t i = 0; g && i < g->n_devices; i++)
		claims_remove(&request->claims, host->devices[g->devices[i]].address);
	claims_remove(&request->claims, address);
	return 0;
}

bool request_has(const struct request *request, const char *address)
{
	return claims_find(&request->claims, address);
}

/* Whoever gets d gets the other too: one of its group, or a virtual function of it. */
static bool goes_with(const struct device *d, const struct device *other)
{
	if (!other)
		return false;
	return (other->group >= 0 && other->group == d->group) ||
	       streq_null(other->physfn, d->address);
}

void request_give(const struct host *host, struct request *request,
	const struct device *d, const char *user, const char *group)
{
	bool given = false;

	for (size_t i = 0; i < request->claims.n; i++) {
		struct claim *claim = &request->claims.list[i];
		const struct device *other = host_device(host, claim->address);

		if (d && !streq(d->address, claim->address) && !goes_with(d, other))
			continue;
		claim_set_access(claim, user, group);
		given = true;
	}
	request->given_nothing = d && !given && (user || group) ? d->address : NULL;
}

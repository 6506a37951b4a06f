// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/planner/states.h"
#include "core/planner/forecast_boot.h"
#include "core/planner/forecast_device.h"
#include "core/planner/planner.h"

/* Of another kernel than the newest: the same driver may have another name there. */
static bool is_other(const struct device_state *s, const struct driver_forecast *out)
{
	return !streq_null(s->at_boot, out->driver) &&
	       (!out->own || streq_null(s->at_boot, "vfio-pci"));
}

static void add_kernel(const struct forecast_boot *boot, bool newest,
	const struct host *host, struct device_states *ret)
{
	for (size_t i = 0; i < ret->n; i++) {
		struct device_state *s = &ret->list[i];
		CLEANUP(driver_forecast_done) struct driver_forecast out = { 0 };

		forecast_device(boot, NULL, &host->devices[i], &out);
		if (!newest) {
			s->differs |= is_other(s, &out);
			continue;
		}
		s->changes = out.doubt ||
			     (!streq_null(s->running, out.driver) &&
				     (!out.own || streq_null(s->running, "vfio-pci")));
		s->unknown = out.doubt;
		s->at_boot = s->changes || !out.own ? TAKE(out.driver)
			     : s->running	    ? xstrdup(s->running)
						    : NULL;
	}
}

void device_states_find(const struct host *host, struct device_states *ret)
{
	CLEANUP(draft_done) struct draft draft = { .host = host };
	CLEANUP(forecast_state_done) struct forecast_state state = { 0 };
	struct request request = { .claims = host->claims }; /* borrowed */
	autoplan struct plan *plan = NULL;

	*ret = (struct device_states){ 0 };
	if (host->disk || !host->n_devices)
		return;
	draft.request = &request;
	draft.plan = plan = xcalloc(1, sizeof(*plan));
	draft_start(&draft);
	forecast_state_make(&draft, false, &state);
	ret->list = xcalloc(host->n_devices, sizeof(*ret->list));
	ret->n = host->n_devices;
	for (size_t i = 0; i < ret->n; i++) {
		ret->list[i].running = host->devices[i].driver;
		ret->list[i].wanted =
			claims_find(&host->claims, host->devices[i].address);
	}
	for (size_t i = 0; i < host->n_kernels || i == 0; i++) {
		CLEANUP(forecast_boot_done) struct forecast_boot boot = { 0 };

		forecast_boot_make(
			&state, host->n_kernels ? &host->kernels[i] : NULL, &boot);
		add_kernel(&boot, i == 0, host, ret);
	}
}

void device_states_done(struct device_states *states)
{
	for (size_t i = 0; i < states->n; i++)
		free(states->list[i].at_boot);
	free(states->list);
	*states = (struct device_states){ 0 };
}

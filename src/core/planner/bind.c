// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/planner/bind.h"
#include "core/base/strv.h"
#include "core/facts/facts.h"
#include "core/host/module.h"
#include "core/plan/draft.h"
#include "core/plan/request.h"
#include "core/planner/checks.h"
#include "core/planner/forecast_own.h"

struct bind {
	struct draft draft;
	const struct bind_request *request;
};

void bind_request_done(struct bind_request *request)
{
	request_done(&request->request);
	strv_free(request->homes);
	*request = (struct bind_request){ 0 };
}

int bind_choose(const struct host *host, struct bind_request *request,
	const struct device *d, struct err *err)
{
	return facts_choose(host, &request->request, d, NULL, err);
}

/* -- what stands against it -------------------------------------------------------- */

static void check_host(struct bind *bind)
{
	const struct host *host = bind->draft.host;

	if (!host->live)
		draft_finding(&bind->draft, FINDING_REFUSAL, FOUND_NOT_LIVE, NULL,
			"This is not the running host: nothing can be bound here. These would move on the running one.");
	if (plan_refuse_doomed(&bind->draft, true))
		return;
	for (size_t i = 0; i < host->n_kernels && host->running; i++) {
		const struct kernel *k = &host->kernels[i];

		if (streq(k->release, host->running) && k->modules &&
			module_place(k->modules, "vfio_pci") == MODULE_MISSING) {
			draft_finding(&bind->draft, FINDING_REFUSAL, FOUND_NO_VFIO, NULL,
				"The running kernel, %s, has no vfio-pci.", k->release);
			return;
		}
	}
}

/* A use that its driver cannot cope with has to end first: nobody can accept a hang. */
static void check_uses(struct bind *bind)
{
	for (size_t i = 0; i < bind->draft.host->uses.n; i++) {
		const struct use *use = &bind->draft.host->uses.list[i];

		draft_finding(&bind->draft,
			use->holds ? FINDING_REFUSAL : FINDING_WARNING,
			use->holds ? FOUND_IN_USE : FOUND_USED, use->address,
			use->holds
				? "%s: %s. End that first: the driver may hang, or data be lost."
				: "%s: %s, and loses it.",
			use->address, use->text);
	}
	if (!bind->draft.host->uses.hidden)
		return;
	draft_finding(&bind->draft, FINDING_INFO, FOUND_USES_HIDDEN, NULL,
		"Which programs use the devices is seen by root only.");
}

/* Drivers of graphics cards that are known to hang or crash when they are to let go. */
static const char *const hanging[] = { "nvidia", "amdgpu" };

static void check_driver(struct bind *bind, const struct device *d)
{
	for (size_t i = 0; d->driver && i < ARRAY_SIZE(hanging); i++)
		if (streq(d->driver, hanging[i])) {
			draft_finding(&bind->draft, FINDING_WARNING, FOUND_MAY_HANG,
				d->address,
				"%s: the driver %s is known to hang when it has to let go. From the next boot on (pciferry apply) is safer.",
				d->address, d->driver);
			return;
		}
}

static void check_way_there(struct bind *bind, const struct device *d)
{
	plan_check_device(&bind->draft, d);
	check_driver(bind, d);
}

static void tell_rescan(struct bind *bind)
{
	draft_finding(&bind->draft, FINDING_WARNING, FOUND_RESCAN, NULL,
		"The devices are removed, and the bus is looked through anew: that resets what was set for them (driver_override, power, addresses of memory), names of interfaces and disks may change, and other devices that were removed come back too. One that does not come back needs a reboot.");
}

/* -- the moves --------------------------------------------------------------------- */

/* By what was recorded, in sets or with the claim; else by the module that wants it, and
 * what that makes here. NULL where nothing is known. */
static const char *home_of(const struct bind *bind, const struct device *d)
{
	const struct claim *claim = claims_find(&bind->draft.host->claims, d->address);

	strv_foreach (home, bind->request->homes) {
		const char *driver = after_prefix(home, d->address);

		if (driver && driver[0] == '=')
			return driver + 1;
	}
	if (claim && claim->driver && draft_device(&bind->draft, claim))
		return streq(claim->driver, "-") ? NULL : claim->driver;
	return forecast_native(bind->draft.host, d);
}

static void add_move(struct bind *bind, const struct device *d, const char *after)
{
	char id[DEVICE_ID_SIZE];
	const struct move move = {
		.address = d->address,
		.id = (char *)device_id(d, id),
		.before = d->driver,
		.after = (char *)after,
		.override_before = d->override,
		.override_after = bind->request->back ? NULL : (char *)after,
		.rescan = bind->request->back && bind->request->rescan,
	};

	steps_add_move(&bind->draft.plan->steps, &move);
}

static void move_there(struct bind *bind, const struct device *d)
{
	if (!device_is_passed(d))
		add_move(bind, d, "vfio-pci");
}

static void move_back(struct bind *bind, const struct device *d)
{
	const char *home = home_of(bind, d);

	if (d->driver && !device_is_passed(d))
		return;
	if (!home)
		draft_finding(&bind->draft, FINDING_WARNING, FOUND_NO_HOME, d->address,
			"Which driver %s had before is not known: it is left without one. With --rescan the kernel looks for one.",
			d->address);
	if (bind->request->rescan && d->physfn)
		draft_finding(&bind->draft, FINDING_REFUSAL, FOUND_RESCAN_VF, d->address,
			"%s is a virtual function: it is made by %s, looking for it does not bring it back.",
			d->address, d->physfn);
	add_move(bind, d, home);
}

/*
 * The last function first on the way there, the first one first on the way back: a card's
 * sound lets go before its graphics does.
 */
static void plan_moves(struct bind *bind)
{
	const struct claims *claims = &bind->request->request.claims;

	for (size_t i = 0; i < claims->n; i++) {
		size_t at = bind->request->back ? i : claims->n - 1 - i;
		const struct device *d = draft_device(&bind->draft, &claims->list[at]);

		if (!d)
			continue;
		if (bind->request->back) {
			move_back(bind, d);
		} else {
			move_there(bind, d);
			check_way_there(bind, d);
		}
	}
	if (bind->request->rescan && bind->request->back)
		tell_rescan(bind);
}

struct plan *bind_build(const struct host *host, const struct bind_request *request)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	struct bind bind = {
		.draft = { .host = host,
			.request = &request->request,
			.plan = plan,
			.now = true },
		.request = request,
	};
	CLEANUP(facts_done) struct facts facts = { 0 };

	claims_copy(&request->request.claims, &plan->claims);
	facts_find(host, &plan->claims, &facts);
	bind.draft.facts = &facts;
	check_host(&bind);
	plan_moves(&bind);
	if (plan->steps.n_moves)
		check_uses(&bind);
	plan_sort_findings(plan);
	return plan;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands against a plan: lifelines, groups, the IOMMU, the kernels. */
#include "core/planner/checks.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/facts/facts.h"
#include "core/host/iommu.h"
#include "core/host/module.h"
#include "core/plan/draft.h"
#include "core/planner/console.h"
#include "core/planner/kargs.h"
#include "core/planner/vfs.h"

/* In this plan, or in an earlier one for this very device, though what was accepted for
 * the next boot is not for now. */
static bool is_accepted(
	const struct draft *draft, const struct device *d, const char *name)
{
	const struct claim *claim = claims_find(&draft->plan->claims, d->address);

	return strv_has(draft->request->accepted, name) ||
	       (!draft->now && claim && strv_has(claim->accepted, name));
}

/* The next plan needs to know. */
static void remember_accepted(
	struct draft *draft, const struct device *d, const char *name)
{
	struct claim *claim = claims_find(&draft->plan->claims, d->address);

	if (claim && strv_has(draft->request->accepted, name))
		strv_add_new(&claim->accepted, name);
}

static void check_lifelines(struct draft *draft, const struct device *d)
{
	for (size_t i = 0; i < d->n_lifelines; i++) {
		const struct lifeline *l = &d->lifelines[i];
		bool accepted = is_accepted(draft, d, l->name);

		if (device_is_passed(d) && !accepted) {
			draft_finding(draft, FINDING_WARNING,
				finding_of_lifeline(l->name), d->address,
				"%s: %s. It is on vfio-pci already: the host does without this now.",
				d->address, l->why);
			continue;
		}
		draft_finding(draft, accepted ? FINDING_WARNING : FINDING_REFUSAL,
			finding_of_lifeline(l->name), d->address,
			accepted
				? "%s: %s. The host loses this, as accepted by its name, \"%s\"."
				: "%s: %s. The host would lose this. To take it all the same, accept it by its name, \"%s\".",
			d->address, l->why, l->name);
		remember_accepted(draft, d, l->name);
	}
}

/*
 * A device that nobody chose comes along, since the IOMMU has put it into a group with a
 * claimed one. Functions of the claimed one's slot are what one would expect.
 */
static void check_grown(struct draft *draft, const struct device *d)
{
	const struct group *g = host_group(draft->host, d);
	const struct device *with = NULL;
	bool slot = false, accepted = strv_has(draft->request->accepted, "collateral");

	for (size_t i = 0; i < g->n_devices && !slot; i++) {
		const struct device *other = &draft->host->devices[g->devices[i]];

		if (!claims_find(&draft->host->claims, other->address))
			continue;
		with = other;
		slot = device_same_slot(d, other);
	}
	if (!with || !claims_find(&draft->plan->claims, d->address))
		return;
	if (slot) {
		draft_finding(draft, FINDING_WARNING, FOUND_GROUP_MEMBER, d->address,
			"%s was not chosen, but is in group %d with %s, of the same slot: it goes along.",
			d->address, g->number, with->address);
		return;
	}
	draft_finding(draft, accepted ? FINDING_WARNING : FINDING_REFUSAL,
		FOUND_COLLATERAL, d->address,
		accepted
			? "%s was not chosen, but is in group %d with %s: it goes along, as accepted."
			: "%s was not chosen, but is in group %d with %s and would have to go along. Choose it too, accept that by the name \"collateral\", or release %s.",
		d->address, g->number, with->address, with->address);
}

/* Members that stay with a host driver make the whole group unusable for VFIO. */
static void check_members(
	struct draft *draft, const struct device *d, const struct group *g)
{
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *other = &draft->host->devices[g->devices[i]];

		if (device_is_bridge(other) ||
			claims_find(&draft->plan->claims, other->address) ||
			driver_keeps_viable(other->driver) ||
			plan_find(draft->plan, FOUND_GROUP_INCOMPLETE, other->address))
			continue;
		draft_finding(draft, FINDING_REFUSAL, FOUND_GROUP_INCOMPLETE,
			other->address,
			"%s is in group %d with %s and must go along: choose it too.",
			other->address, g->number, d->address);
	}
}

/*
 * Intel's VMD controller makes a PCI domain of its own, past ffff, for the disks behind
 * it (drivers/pci/controller/vmd.c): without its driver they are not there.
 */
static void check_vmd(struct draft *draft, const struct device *d, const struct group *g)
{
	if (d->at.domain <= 0xffff)
		return;
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *other = &draft->host->devices[g->devices[i]];

		if (!streq_null(other->driver, "vmd"))
			continue;
		draft_finding(draft, FINDING_REFUSAL, FOUND_BEHIND_VMD, d->address,
			"%s is behind the VMD controller %s, in whose group %d it is: when that goes to vfio-pci, it disappears. Turn VMD off in the firmware setup to hand over what is behind it.",
			d->address, other->address, g->number);
		return;
	}
}

static void check_group(struct draft *draft, const struct device *d)
{
	const struct group *g = host_group(draft->host, d);

	if (d->group < 0)
		return; /* a fact says so */
	check_vmd(draft, d, g);
	if (g->mark == MARK_BLOCKED && d->n_lifelines == 0) {
		bool lifeline =
			false; /* of another member, which is claimed and told itself */

		for (size_t i = 0; i < g->n_devices; i++)
			lifeline |= draft->host->devices[g->devices[i]].n_lifelines > 0;
		if (!lifeline) {
			draft_finding(draft, FINDING_REFUSAL, FOUND_GROUP_BLOCKED,
				d->address, "Group %d: %s", g->number, g->why);
			return;
		}
	}
	check_members(draft, d, g);
}

/* What is known of a device and stands against it; a note tells why nobody would. Where
 * no device at all has a group that is said once. */
static void check_facts(struct draft *draft, const struct device *d)
{
	bool all = fact_find(draft->facts, FOUND_NO_GROUP, NULL);

	for (size_t i = 0; i < draft->facts->n; i++) {
		const struct fact *fact = &draft->facts->list[i];
		autofree char *text = NULL;

		if (!streq_null(fact->address, d->address) ||
			(all && fact->id == FOUND_NO_GROUP))
			continue;
		text = fact_sentence(fact);
		draft_finding(draft,
			fact->weight == FACT_WARNS ? FINDING_WARNING : FINDING_REFUSAL,
			fact->id, d->address, "%s", text);
	}
}

/* What should be known of the host. Of a word that the plan asks for it says that itself.
 */
static void tell_facts(struct draft *draft)
{
	for (size_t i = 0; i < draft->facts->n; i++) {
		const struct fact *fact = &draft->facts->list[i];
		autofree char *text = NULL;

		if (fact->address || fact->weight != FACT_WARNS ||
			(fact->id == FOUND_ACS_OVERRIDE &&
				(draft->plan->claims.acs_override ||
					draft->request->acs_off)))
			continue;
		text = fact_sentence(fact);
		draft_finding(draft, FINDING_WARNING, fact->id, NULL, "%s", text);
	}
}

bool plan_refuse_doomed(struct draft *draft, bool now)
{
	bool doomed = false;

	for (size_t i = 0; i < draft->facts->n; i++) {
		const struct fact *fact = &draft->facts->list[i];
		autofree char *text = NULL;

		if (fact->address || fact->weight != FACT_DOOMS ||
			(fact->id == FOUND_IOMMU_OFF && draft->host->firmware.place))
			continue;
		doomed = true;
		if (!now && fact->plan != FACT_PLAN_NONE)
			continue;
		text = fact_sentence(fact);
		draft_finding(draft, FINDING_REFUSAL, fact->id, NULL, "%s%s",
			now && fact->plan != FACT_PLAN_NONE
				? "Nothing can be handed over without a reboot. "
				: "",
			text);
	}
	return doomed;
}

void plan_check_device(struct draft *draft, const struct device *d)
{
	if (device_is_bridge(d)) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_BRIDGE, d->address,
			"%s is a bridge: bridges stay with the host, the devices behind them can go.",
			d->address);
		return;
	}
	check_lifelines(draft, d);
	check_facts(draft, d);
	plan_check_vfs(draft, d);
	if (draft->host->iommu == IOMMU_ACTIVE) /* else that is said already */
		check_group(draft, d);
}

#define UNKNOWN_FIRMWARE                                                                 \
	" If there are no groups then either, turn VT-d on in the firmware setup."

/*
 * No groups, no passthrough. Where a word on the command line can change that, this plan
 * is the first of two steps: it turns the IOMMU on and remembers the claims. A word that
 * switches it off stays unless the plan was asked to turn it on.
 */
static void check_iommu(struct draft *draft)
{
	const struct fact *fact = fact_find(draft->facts, FOUND_IOMMU_OFF, NULL);
	autofree char *text = fact ? fact_sentence(fact) : NULL;

	if (!fact || fact->plan == FACT_PLAN_NONE || draft->host->firmware.place)
		return; /* refused as what dooms all */
	if (host_iommu_off_karg(draft->host, draft->user_kargs)) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_IOMMU_OFF, NULL, "%s", text);
		return;
	}
	draft->enable_only = true;
	if (draft->plan->claims.n == 0) {
		draft_finding(draft, FINDING_INFO, FOUND_IOMMU_ON, NULL,
			"The IOMMU is off in this boot. The next one turns it on: then its groups show, and devices can be chosen.%s",
			draft->host->iommu == IOMMU_UNKNOWN ? UNKNOWN_FIRMWARE : "");
		return;
	}
	draft_finding(draft, FINDING_WARNING, FOUND_TWO_STEPS, NULL,
		"The IOMMU is off, so its groups are not known yet. This is step one of two: it turns the IOMMU on and remembers the choice. Reboot, then run pciferry again to hand the devices over.%s",
		draft->host->iommu == IOMMU_UNKNOWN ? UNKNOWN_FIRMWARE : "");
}

/* Every kernel one could boot must have vfio-pci, or its boots leave all devices alone.
 */
static void check_kernels(struct draft *draft)
{
	autostrv char **without = NULL;
	autofree char *list = NULL;
	size_t known = 0;

	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		const struct kernel *k = &draft->host->kernels[i];

		known += k->modules != NULL;
		if (k->modules && module_place(k->modules, "vfio_pci") == MODULE_MISSING)
			strv_add(&without, k->release);
	}
	if (!known) {
		draft_finding(draft, FINDING_WARNING, FOUND_UNKNOWN_KERNEL, NULL,
			"No kernel's modules were found under /lib/modules: whether vfio-pci is there, and which modules want the devices, is not known.");
		return;
	}
	if (!without)
		return;
	list = strv_join(without, ", ");
	draft_finding(draft,
		strv_len(without) == known ? FINDING_REFUSAL : FINDING_WARNING,
		FOUND_NO_VFIO, NULL,
		"No vfio-pci in the kernel %s: booted with it, the devices stay with the host.",
		list);
}

void plan_checks(struct draft *draft)
{
	if (draft->plan->claims.n == 0) {
		if (draft->plan->claims.iommu_on &&
			!(plan_refuse_doomed(draft, false) && plan_refusal(draft->plan)))
			check_iommu(draft);
		return;
	}
	check_kernels(draft);
	(void)plan_refuse_doomed(draft, false);
	tell_facts(draft);
	check_iommu(draft);
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct device *d =
			draft_device(draft, &draft->plan->claims.list[i]);

		if (d)
			plan_check_device(draft, d);
	}
	strv_foreach (address, draft->request->grown)
		check_grown(draft, host_device(draft->host, address));
	plan_console(draft);
}

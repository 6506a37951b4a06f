// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands against a plan: lifelines, groups, the IOMMU, the kernels. */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/host/module.h"
#include "core/existing/existing.h"
#include "core/plan/draft.h"

/* In this plan, or in an earlier one for this very device, though what was accepted for
 * the next boot is not for now. What vfio-pci has is lost already. */
static bool is_accepted(const struct build *b, const struct device *d, const char *name)
{
	const struct claim *claim = claims_find(&b->plan->claims, d->address);

	return device_is_passed(d) || strv_has(b->wish->accepted, name) ||
	       (!b->now && claim && strv_has(claim->accepted, name));
}

/* The next plan needs to know. */
static int remember_accepted(struct build *b, const struct device *d, const char *name)
{
	struct claim *claim = claims_find(&b->plan->claims, d->address);

	return claim && strv_has(b->wish->accepted, name)
		       ? strv_add_new(&claim->accepted, name)
		       : 0;
}

static int check_lifelines(struct build *b, const struct device *d)
{
	for (size_t i = 0; i < d->n_lifelines; i++) {
		const struct lifeline *l = &d->lifelines[i];
		bool accepted = is_accepted(b, d, l->name);
		char name[64];
		int r;

		(void)snprintf(name, sizeof(name), "lifeline:%s", l->name);
		r = build_finding(b, accepted ? FINDING_WARNING : FINDING_REFUSAL, name,
			accepted ? "%s: %s. The host loses this, as accepted by its "
				   "name, \"%s\"."
				 : "%s: %s. The host would lose this. To take it all the "
				   "same, accept it by its name, \"%s\".",
			d->address, l->why, l->name);
		if (r < 0 || remember_accepted(b, d, l->name) < 0)
			return -ENOMEM;
	}
	return 0;
}

/*
 * A device that nobody chose comes along, since the IOMMU has put it into a group with a
 * claimed one. Functions of the claimed one's slot are what one would expect.
 */
static int check_grown(struct build *b, const struct device *d)
{
	const struct group *g = host_group(b->host, d);
	const struct device *with = NULL;
	bool slot = false, accepted = strv_has(b->wish->accepted, "collateral");

	for (size_t i = 0; i < g->n_devices && !slot; i++) {
		const struct device *other = &b->host->devices[g->devices[i]];

		if (!claims_find(&b->host->claims, other->address))
			continue;
		with = other;
		slot = device_same_slot(d, other);
	}
	if (!with || !claims_find(&b->plan->claims, d->address))
		return 0;
	if (slot)
		return build_finding(b, FINDING_WARNING, "group-member",
			"%s was not chosen, but is in group %d with %s, of the same "
			"slot: "
			"it goes along.",
			d->address, g->number, with->address);
	return build_finding(b, accepted ? FINDING_WARNING : FINDING_REFUSAL,
		"collateral",
		accepted
			? "%s was not chosen, but is in group %d with %s: it goes along, "
			  "as accepted."
			: "%s was not chosen, but is in group %d with %s and would have "
			  "to go along. Choose it too, accept that by the name "
			  "\"collateral\", or release %s.",
		d->address, g->number, with->address, with->address);
}

/* Members that stay with a host driver make the whole group unusable for VFIO. */
static int check_members(struct build *b, const struct device *d, const struct group *g)
{
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *other = &b->host->devices[g->devices[i]];

		if (device_is_bridge(other) ||
			claims_find(&b->plan->claims, other->address) ||
			driver_keeps_viable(other->driver))
			continue;
		return build_finding(b, FINDING_REFUSAL, "group-incomplete",
			"%s is in group %d with %s and must go along: choose it too.",
			other->address, g->number, d->address);
	}
	return 0;
}

/*
 * Intel's VMD controller makes a PCI domain of its own, past ffff, for the disks behind
 * it (drivers/pci/controller/vmd.c): without its driver they are not there.
 */
static int check_vmd(struct build *b, const struct device *d, const struct group *g)
{
	if (d->at.domain <= 0xffff)
		return 0;
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *other = &b->host->devices[g->devices[i]];

		if (!streq_null(other->driver, "vmd"))
			continue;
		return build_finding(b, FINDING_REFUSAL, "behind-vmd",
			"%s is behind the VMD controller %s, in whose group %d it is: "
			"when that goes to vfio-pci, it disappears. Turn VMD off in the "
			"firmware setup to hand over what is behind it.",
			d->address, other->address, g->number);
	}
	return 0;
}

static int check_group(struct build *b, const struct device *d)
{
	const struct group *g = host_group(b->host, d);

	if (d->group < 0)
		return build_finding(b, FINDING_REFUSAL, "no-group",
			"%s is in no IOMMU group: the IOMMU does not translate for it, "
			"so it cannot be handed over.",
			d->address);
	if (g->mark == MARK_BLOCKED && d->n_lifelines == 0) {
		bool lifeline =
			false; /* of another member, which is claimed and told itself */

		for (size_t i = 0; i < g->n_devices; i++)
			lifeline |= b->host->devices[g->devices[i]].n_lifelines > 0;
		if (!lifeline)
			return build_finding(b, FINDING_REFUSAL, "group-blocked",
				"Group %d: %s", g->number, g->why);
	}
	return check_vmd(b, d, g) < 0 ? -ENOMEM : check_members(b, d, g);
}

int build_check_device(struct build *b, const struct device *d)
{
	int r;

	if (device_is_bridge(d))
		return build_finding(b, FINDING_REFUSAL, "bridge",
			"%s is a bridge: bridges stay with the host, the devices behind "
			"them can go.",
			d->address);
	r = check_lifelines(b, d);
	if (r == 0)
		r = build_check_vfs(b, d);
	if (r == 0 && b->host->iommu == IOMMU_ACTIVE) /* else that is said already */
		r = check_group(b, d);
	return r;
}

static int refuse_off(struct build *b)
{
	static const char *const settings[] = {
		[CPU_UNKNOWN] = "IOMMU, VT-d or AMD-Vi",
		[CPU_INTEL] = "VT-d (Intel Virtualization Technology for Directed I/O)",
		[CPU_AMD] = "IOMMU (also called AMD-Vi), and SVM",
		[CPU_ARM] = "SMMU",
	};

	return build_finding(b, FINDING_REFUSAL, "iommu-off",
		"The IOMMU is off%s: turn on %s in the firmware setup, reboot, and try "
		"again.",
		b->host->iommu == IOMMU_OFF
			? ", although the firmware offers one"
			: " and the firmware was not seen to offer one",
		settings[b->host->cpu]);
}

static int refuse_word(struct build *b, const char *name)
{
	autofree char *word = NULL;

	if (text_set(&word, "%s=off", name) < 0)
		return -ENOMEM;
	return build_finding(b, FINDING_REFUSAL, "iommu-off",
		"The kernel command line has %s: take that word out%s, reboot, and try "
		"again.",
		word,
		users_word_goes(b->host, b->loader, word)
			? " (pciferry apply --iommu-on, or p on the wizard's check page)"
			: "");
}

/* Whether a word on the command line, ours or one that waits for the reboot, turns it on;
 * or one that switches it off is on its way out. */
static bool word_turns_on(const struct build *b, char *const *running)
{
	if (host_iommu_off_karg(b->host, running))
		return b->host->iommu != IOMMU_ABSENT;
	if (b->host->cpu != CPU_INTEL || b->host->iommu == IOMMU_ABSENT)
		return false;
	return build_needs_intel_on(b) ||
	       (words_value_has(b->user_words, "intel_iommu", "on") &&
		       !words_value_has(running, "intel_iommu", "on"));
}

#define UNKNOWN_FIRMWARE                                                                 \
	" If there are no groups then either, turn VT-d on in the firmware setup."

/*
 * No groups, no passthrough. Where a word on the command line can change that, this plan
 * is the first of two steps: it turns the IOMMU on and remembers the claims.
 */
static int check_iommu(struct build *b)
{
	autostrv char **running = NULL;
	const char *off;

	if (b->host->iommu == IOMMU_ACTIVE)
		return 0;
	if (b->host->cmdline && words_split(b->host->cmdline, &running) < 0)
		return -ENOMEM;
	off = host_iommu_off_karg(b->host, b->user_words);
	if (off)
		return refuse_word(b, off);
	if (!word_turns_on(b, running))
		return refuse_off(b);
	b->enable_only = true;
	if (b->plan->claims.n == 0)
		return build_finding(b, FINDING_INFO, "iommu-on",
			"The IOMMU is off in this boot. The next one turns it on: then "
			"its groups show, and devices can be chosen.%s",
			b->host->iommu == IOMMU_UNKNOWN ? UNKNOWN_FIRMWARE : "");
	return build_finding(b, FINDING_WARNING, "two-steps",
		"The IOMMU is off, so its groups are not known yet. This is step one of "
		"two: it turns the IOMMU on and remembers the choice. Reboot, then run "
		"pciferry again to hand the devices over.%s",
		b->host->iommu == IOMMU_UNKNOWN ? UNKNOWN_FIRMWARE : "");
}

/* Every kernel one could boot must have vfio-pci, or its boots leave all devices alone.
 */
static int check_kernels(struct build *b)
{
	autostrv char **without = NULL;
	autofree char *list = NULL;
	size_t known = 0;

	for (size_t i = 0; i < b->host->n_kernels; i++) {
		const struct kernel *k = &b->host->kernels[i];

		known += k->modules != NULL;
		if (k->modules &&
			module_place(k->modules, "vfio_pci") == MODULE_MISSING &&
			strv_add(&without, k->release) < 0)
			return -ENOMEM;
	}
	if (!known)
		return build_finding(b, FINDING_WARNING, "unknown-kernel",
			"No kernel's modules were found under /lib/modules: whether "
			"vfio-pci is there, and which modules want the devices, is not "
			"known.");
	if (!without)
		return 0;
	if (strv_join(without, ", ", &list) < 0)
		return -ENOMEM;
	return build_finding(b,
		strv_len(without) == known ? FINDING_REFUSAL : FINDING_WARNING, "no-vfio",
		"No vfio-pci in the kernel %s: booted with it, the devices stay with the "
		"host.",
		list);
}

int build_checks(struct build *b)
{
	int r = 0;

	if (b->plan->claims.n == 0)
		return b->plan->claims.iommu_on ? check_iommu(b) : 0;
	r = check_kernels(b);
	if (r == 0)
		r = check_iommu(b);
	for (size_t i = 0; r == 0 && i < b->plan->claims.n; i++) {
		const struct device *d = build_device(b, &b->plan->claims.list[i]);

		r = d ? build_check_device(b, d) : 0;
	}
	strv_foreach (address, b->wish->grown)
		if (r == 0)
			r = check_grown(b, host_device(b->host, address));
	return r < 0 ? r : build_console(b);
}

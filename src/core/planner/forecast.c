// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver each device will have after the reboot, for every installed kernel. */
#include "core/planner/forecast.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"
#include "core/host/module.h"
#include "core/loader/boots.h"
#include "core/planner/forecast_boot.h"
#include "core/planner/forecast_device.h"

#define VFIO "vfio-pci"

static bool had_none(const struct draft *draft, const struct device *d)
{
	const struct claim *claim = claims_find(&draft->host->claims, d->address);

	return streq_null(claim->driver, "-");
}

static const char *device_why(const struct draft *draft, const struct device *d,
	const struct driver_forecast *out, bool claimed, const char *entry)
{
	bool was_vfio = streq_null(d->driver, VFIO);

	if (out->why)
		return out->why;
	if (claimed && draft->enable_only)
		return "this step only turns the IOMMU on";
	if (claims_find(&draft->host->claims, d->address) && !claimed && was_vfio)
		return out->driver ? "released, back to its own driver"
		       : had_none(draft, d)
			       ? "released; it had no driver before"
			       : "released, and no driver that is loaded takes it";
	if (was_vfio && !streq_null(out->driver, VFIO) && !out->acted)
		return entry ? "nothing gives it to vfio-pci with this boot entry"
			     : "vfio-pci got it at run time, and nothing does so at boot";
	return "nothing changes for it";
}

static void add_row(struct draft *draft, const struct forecast_boot *boot,
	const struct device *d, const struct driver_forecast *out)
{
	struct plan *plan = draft->plan;
	bool claimed = claims_find(&plan->claims, d->address);
	struct forecast *f;

	GROW(plan->forecasts, plan->n_forecasts);
	f = &plan->forecasts[plan->n_forecasts++];
	f->kernel = boot->kernel ? boot->kernel->release : "";
	f->address = xstrdup(d->address);
	f->now = d->driver ? xstrdup(d->driver) : NULL;
	f->certain = !out->doubt;
	f->after = f->certain && out->driver ? xstrdup(out->driver) : NULL;
	f->doubt = f->certain ? NULL : xstrdup(out->doubt);
	f->why = f->doubt ? text_printf("not known: %s", f->doubt)
			  : xstrdup(device_why(draft, d, out, claimed, boot->entry));
	f->chosen = claimed;
	f->entry = boot->entry ? xstrdup(boot->entry) : NULL;
	f->by_default = boot->by_default;
	f->stays = f->certain && out->own && !streq_null(d->driver, VFIO);
}

/* One device in one kernel, without and with the plan. */
struct outcome {
	const struct forecast_boot *boot; /* as planned */
	const struct device *device;
	const struct driver_forecast *without, *with;
};

static bool is_vfio(const char *driver)
{
	return streq_null(driver, VFIO);
}

/* The host has it now, and needs it. */
static bool is_lifeline(const struct device *d)
{
	return d->n_lifelines > 0 && d->driver && !is_vfio(d->driver);
}

static bool same_outcome(const struct outcome *o)
{
	return streq_null(o->without->driver, o->with->driver) &&
	       streq_null(o->without->doubt, o->with->doubt);
}

/* A device nobody chose whose driver is not known: the plan's doing, or as it is. */
static void check_doubt(struct draft *draft, const struct outcome *o)
{
	const struct device *d = o->device;
	bool lifeline = is_lifeline(d), ours = !same_outcome(o);
	enum finding_id id = lifeline ? FOUND_LIFELINE_UNKNOWN : FOUND_UNKNOWN;

	if ((!ours && !lifeline) || plan_find(draft->plan, id, d->address))
		return;
	draft_finding(draft, ours && lifeline ? FINDING_REFUSAL : FINDING_WARNING, id,
		d->address,
		ours ? "%s was not chosen, but with this plan it is not known which driver it will have: %s."
		     : "The host needs %s, and with or without this plan it is not known which driver it will have: %s.",
		d->address, o->with->doubt);
}

/* What the host needs goes, and no plan of ours does that. */
static void check_lost(struct draft *draft, const struct outcome *o)
{
	const struct device *d = o->device;

	if (!is_lifeline(d) ||
		(o->with->driver ? !is_vfio(o->with->driver) : o->with->own) ||
		plan_find(draft->plan, FOUND_LIFELINE_LOST, d->address) ||
		plan_find(draft->plan, FOUND_COLLATERAL, d->address))
		return;
	draft_finding(draft, FINDING_WARNING, FOUND_LIFELINE_LOST, d->address,
		"%s: %s. The host loses this at the next boot, and not by this plan: %s goes to %s: %s.",
		d->address, d->lifelines[0].why, d->driver,
		o->with->driver ?: "no driver",
		o->with->why ?: "its driver is not loaded any more");
}

/* A device nobody chose must not change without a word: once for all kernels. */
static void check_collateral(struct draft *draft, const struct outcome *o)
{
	const struct device *d = o->device;
	const struct driver_forecast *with = o->with;
	bool accepted = strv_has(draft->request->accepted, "collateral");
	bool taken = is_vfio(with->driver) && !is_vfio(d->driver);

	if ((!taken &&
		    (o->without->gone || streq_null(o->without->driver, with->driver))) ||
		plan_find(draft->plan, FOUND_COLLATERAL, d->address))
		return;
	draft_finding(draft, accepted ? FINDING_WARNING : FINDING_REFUSAL,
		FOUND_COLLATERAL, d->address,
		accepted
			? "%s was not chosen, but will go from %s to %s, as accepted: %s."
			: "%s was not chosen, but would go from %s to %s: %s. To have it so all the same, accept it by its name, \"collateral\".",
		d->address, d->driver ?: "no driver", with->driver ?: "no driver",
		with->why ?: "its driver is not loaded any more");
}

/* A device nobody chose. What a claim is dropped of is meant to change. */
static void check_other(struct draft *draft, const struct outcome *o)
{
	bool released = claims_find(&draft->host->claims, o->device->address);

	if (o->with->gone || released)
		return;
	if (o->with->doubt) {
		check_doubt(draft, o);
		return;
	}
	if (draft->plan->steps.n_changes)
		check_collateral(draft, o);
	check_lost(draft, o);
}

/* A claim of which it is not known whether it comes true: that is to be accepted, and the
 * next plan needs to know. */
static void check_unknown(struct draft *draft, const struct outcome *o)
{
	const struct device *d = o->device;
	struct claim *claim = claims_find(&draft->plan->claims, d->address);
	bool accepted = strv_has(draft->request->accepted, "unknown");

	if (accepted)
		strv_add_new(&claim->accepted, "unknown");
	accepted = strv_has(claim->accepted, "unknown");
	if (plan_find(draft->plan, FOUND_UNKNOWN, d->address))
		return;
	draft_finding(draft, accepted ? FINDING_WARNING : FINDING_REFUSAL, FOUND_UNKNOWN,
		d->address,
		accepted
			? "Whether %s gets to vfio-pci is not known, as accepted by its name, \"unknown\": %s."
			: "Whether %s gets to vfio-pci is not known: %s. To have it so all the same, accept it by its name, \"unknown\".",
		d->address, o->with->doubt);
}

/* A claim that does not come true, for a reason that is told nowhere else. */
static void check_claim(struct draft *draft, const struct outcome *o)
{
	const struct kernel *k = o->boot->kernel;
	const char *address = o->device->address, *pf = o->device->physfn;

	if ((k && k->modules && module_place(k->modules, "vfio_pci") == MODULE_MISSING) ||
		(pf && plan_find(draft->plan, FOUND_VFS_NOT_MADE, pf)))
		return;
	if (o->with->doubt) {
		check_unknown(draft, o);
		return;
	}
	if (is_vfio(o->with->driver) || plan_find(draft->plan, FOUND_NO_EFFECT, address))
		return;
	draft_finding(draft, FINDING_REFUSAL, FOUND_NO_EFFECT, address,
		"%s would not get to vfio-pci%s%s%s: %s.", address,
		o->boot->entry ? " with the boot entry \"" : "", o->boot->entry ?: "",
		o->boot->entry ? "\"" : "",
		o->with->why ?: "nothing gives it to vfio-pci");
}

/* A released device that gets no driver of its own, since a line of the user's keeps that
 * away. */
static void check_released(
	struct draft *draft, const struct device *d, const struct driver_forecast *with)
{
	const struct claim *old = claims_find(&draft->host->claims, d->address);

	if (!old || !draft_device(draft, old) || with->driver || !with->keeper ||
		plan_find(draft->plan, FOUND_USERS_KEEP, d->address))
		return;
	draft_finding(draft, FINDING_WARNING, FOUND_USERS_KEEP, d->address,
		"%s is released, but gets no driver: %s. That is yours: take it out there to have its own driver back.",
		d->address, with->keeper);
}

/* refused: for another reason, which may be that of the device, too. */
static void add_forecast(struct draft *draft, const struct forecast_boot *before,
	const struct forecast_boot *after, const struct device *d, bool refused)
{
	CLEANUP(driver_forecast_done)
	struct driver_forecast without = { 0 }, with = { 0 };
	const struct outcome o = { after, d, &without, &with };
	const struct claim *claim = claims_find(&draft->plan->claims, d->address);

	forecast_device(before, NULL, d, &without);
	forecast_device(after, before, d, &with);
	add_row(draft, after, d, &with);
	if (claim && !draft_device(draft, claim)) /* another one's, which is gone */
		return;
	if (!claim) {
		check_released(draft, d, &with);
		check_other(draft, &o);
	} else if (draft->plan->steps.n_changes && !refused && !draft->enable_only) {
		check_claim(draft, &o);
	}
}

static void forecast_kernel(struct draft *draft, const struct forecast_state *now,
	const struct forecast_state *planned, const struct kernel *k,
	const struct boot_entry *entry, bool told, bool refused)
{
	CLEANUP(forecast_boot_done) struct forecast_boot before = { 0 }, after = { 0 };

	forecast_boot_make(now, k, &before);
	forecast_boot_make(planned, k, &after);
	after.entry = entry && told ? entry->title ?: entry->id : NULL;
	after.by_default = after.entry && entry->is_default;
	for (size_t i = 0; i < draft->host->n_devices; i++)
		add_forecast(draft, &before, &after, &draft->host->devices[i], refused);
}

/* The entries before and after the plan: the same ones, in the same order. */
struct menu {
	struct boot_entries now, planned;
	bool refused; /* the plan is, whatever the forecast says */
};

static void menu_done(struct menu *menu)
{
	boot_entries_done(&menu->now);
	boot_entries_done(&menu->planned);
}

/* Commands of the plan have kernel-install write the entries of kernels anew: what they
 * had of their own is gone then. */
static void renew_entries(const struct draft *draft, struct boot_entries *planned)
{
	const char *text = draft_text(draft, KERNEL_CMDLINE);
	autostrv char **source = NULL;
	size_t n = 0;

	if (!text)
		return;
	cmdlines_kargs(text, &format_cmdline, &(struct cmdline_edit){ 0 }, &source, &n);
	for (size_t i = 0; i < planned->n; i++) {
		if (!planned->list[i].kernel)
			continue;
		strv_free(planned->list[i].kargs);
		planned->list[i].kargs = strv_copy(source);
	}
}

static void menu_make(const struct draft *draft, const struct forecast_state *now,
	const struct forecast_state *planned, struct menu *ret)
{
	*ret = (struct menu){ 0 };
	if (draft->kargs_problem)
		return;
	loader_boots(&now->host, draft->loader, &ret->now);
	loader_boots(&planned->host, draft->loader, &ret->planned);
	if (ret->now.n != ret->planned.n)
		menu_done(ret);
	if (draft->loader && draft->loader->renewed && draft->plan->steps.n_commands)
		renew_entries(draft, &ret->planned);
}

/* Whether the entry may boot the kernel. One of which nobody knows what it boots may be
 * of a kernel that is gone: it counts where no other names this one, or it boots by
 * itself. */
static bool may_boot(
	const struct menu *menu, const struct boot_entry *entry, const struct kernel *k)
{
	bool named = false;

	if (entry->kernel || entry->is_default)
		return !entry->kernel || entry->kernel == k;
	for (size_t i = 0; i < menu->now.n; i++)
		named |= menu->now.list[i].kernel && menu->now.list[i].kernel == k;
	return !named;
}

static bool same_words(const struct boot_entry *a, const struct boot_entry *b)
{
	autostrv char **x = kargs_that_matter(a->kargs),
		      **y = kargs_that_matter(b->kargs);

	return strv_equal(x, y);
}

/* Of the kernel's entries the first; *ret_differ: words that matter are not the same in
 * all. */
static const struct boot_entry *first_entry(
	const struct menu *menu, const struct kernel *k, bool *ret_differ)
{
	const struct boot_entry *first = NULL;
	size_t at = 0;

	*ret_differ = false;
	for (size_t i = 0; i < menu->now.n; i++) {
		if (!may_boot(menu, &menu->now.list[i], k))
			continue;
		if (!first) {
			first = &menu->now.list[i];
			at = i;
		}
		*ret_differ |=
			!same_words(first, &menu->now.list[i]) ||
			!same_words(&menu->planned.list[at], &menu->planned.list[i]);
	}
	return first;
}

static void forecast_entry(struct draft *draft, const struct menu *menu, size_t i,
	const struct kernel *k, bool told)
{
	CLEANUP(forecast_state_done) struct forecast_state now = { 0 }, planned = { 0 };

	forecast_state_entry(draft, false, menu->now.list[i].kargs, &now);
	forecast_state_entry(draft, true, menu->planned.list[i].kargs, &planned);
	forecast_kernel(
		draft, &now, &planned, k, &menu->now.list[i], told, menu->refused);
}

/* Once for all of the kernel's entries that give the same, else for each. */
static void forecast_menu(struct draft *draft, const struct menu *menu,
	const struct forecast_state *now, const struct forecast_state *planned,
	const struct kernel *k)
{
	bool differ;
	const struct boot_entry *first = first_entry(menu, k, &differ);

	if (!first) {
		forecast_kernel(draft, now, planned, k, NULL, false, menu->refused);
		return;
	}
	if (!differ) {
		forecast_entry(draft, menu, (size_t)(first - menu->now.list), k, false);
		return;
	}
	for (size_t i = 0; i < menu->now.n; i++)
		if (may_boot(menu, &menu->now.list[i], k))
			forecast_entry(draft, menu, i, k, true);
}

void plan_forecast(struct draft *draft)
{
	CLEANUP(forecast_state_done) struct forecast_state now = { 0 }, planned = { 0 };
	CLEANUP(menu_done) struct menu menu = { 0 };

	forecast_state_make(draft, false, &now);
	forecast_state_make(draft, true, &planned);
	menu_make(draft, &now, &planned, &menu);
	menu.refused = plan_refusal(draft->plan);
	for (size_t i = 0; i < draft->host->n_kernels; i++)
		forecast_menu(draft, &menu, &now, &planned, &draft->host->kernels[i]);
	if (draft->host->n_kernels == 0)
		forecast_menu(draft, &menu, &now, &planned, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver each device will have after the reboot, for every installed kernel. */
#include "core/planner/forecast.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/host/module.h"
#include "core/loader/boots.h"
#include "core/planner/forecast_boot.h"
#include "core/planner/forecast_device.h"

#define VFIO "vfio-pci"

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
				   : "released; which driver takes it is not known";
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
	f->after = out->driver ? xstrdup(out->driver) : NULL;
	f->why = xstrdup(device_why(draft, d, out, claimed, boot->entry));
	f->chosen = claimed;
	f->entry = boot->entry ? xstrdup(boot->entry) : NULL;
	f->by_default = boot->by_default;
	f->stays = out->own && !streq_null(d->driver, VFIO);
}

/* A device nobody chose must not change without a word: once for all kernels. */
static void check_collateral(struct draft *draft, const struct device *d,
	const struct driver_forecast *without, const struct driver_forecast *with)
{
	bool accepted = strv_has(draft->request->accepted, "collateral");
	/* A race is not left to chance where the host would lose what it needs. */
	bool race = with->race && d->n_lifelines > 0;
	bool taken =
		race || (streq_null(with->driver, VFIO) && !streq_null(d->driver, VFIO));

	if (with->gone || claims_find(&draft->host->claims, d->address) ||
		(!taken &&
			(without->gone || streq_null(without->driver, with->driver))) ||
		plan_find(draft->plan, FOUND_COLLATERAL, d->address))
		return;
	draft_finding(draft, accepted ? FINDING_WARNING : FINDING_REFUSAL,
		FOUND_COLLATERAL, d->address,
		accepted
			? "%s was not chosen, but will go from %s to %s, as accepted: %s."
			: "%s was not chosen, but would go from %s to %s: %s. To have it so all the same, accept it by its name, \"collateral\".",
		d->address, d->driver ?: "no driver", race ? VFIO : with->driver ?: "no driver",
		with->why ?: "its driver is not loaded any more");
}

/* A claim that does not come true, for a reason that is told nowhere else. */
static void check_claim(struct draft *draft, const struct forecast_boot *boot,
	const struct device *d, const struct driver_forecast *with)
{
	if (plan_refusal(draft->plan) || draft->enable_only ||
		streq_null(with->driver, VFIO) ||
		(d->physfn && plan_find(draft->plan, FOUND_VFS_NOT_MADE, d->physfn)) ||
		plan_find(draft->plan, FOUND_NO_EFFECT, d->address))
		return;
	if (boot->kernel && boot->kernel->modules &&
		module_place(boot->kernel->modules, "vfio_pci") == MODULE_MISSING)
		return;
	draft_finding(draft, FINDING_WARNING, FOUND_NO_EFFECT, d->address,
		"%s would not get to vfio-pci%s%s%s: %s.", d->address,
		boot->entry ? " with the boot entry \"" : "", boot->entry ?: "",
		boot->entry ? "\"" : "", with->why ?: "nothing gives it to vfio-pci");
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

static void add_forecast(struct draft *draft, const struct forecast_boot *before,
	const struct forecast_boot *after, const struct device *d)
{
	CLEANUP(driver_forecast_done)
	struct driver_forecast without = { 0 }, with = { 0 };
	bool claimed = claims_find(&draft->plan->claims, d->address);

	forecast_device(before, NULL, d, &without);
	forecast_device(after, before, d, &with);
	add_row(draft, after, d, &with);
	if (!claimed)
		check_released(draft, d, &with);
	if (draft->plan->steps.n_changes == 0)
		return;
	if (claimed)
		check_claim(draft, after, d, &with);
	else
		check_collateral(draft, d, &without, &with);
}

static void forecast_kernel(struct draft *draft, const struct forecast_state *now,
	const struct forecast_state *planned, const struct kernel *k,
	const struct boot_entry *entry, bool told)
{
	CLEANUP(forecast_boot_done) struct forecast_boot before = { 0 }, after = { 0 };

	forecast_boot_make(now, k, &before);
	forecast_boot_make(planned, k, &after);
	after.entry = entry && told ? entry->title ?: entry->id : NULL;
	after.by_default = after.entry && entry->is_default;
	for (size_t i = 0; i < draft->host->n_devices; i++)
		add_forecast(draft, &before, &after, &draft->host->devices[i]);
}

/* The entries before and after the plan: the same ones, in the same order. */
struct menu {
	struct boot_entries now, planned;
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
	forecast_kernel(draft, &now, &planned, k, &menu->now.list[i], told);
}

/* Once for all of the kernel's entries that give the same, else for each. */
static void forecast_menu(struct draft *draft, const struct menu *menu,
	const struct forecast_state *now, const struct forecast_state *planned,
	const struct kernel *k)
{
	bool differ;
	const struct boot_entry *first = first_entry(menu, k, &differ);

	if (!first) {
		forecast_kernel(draft, now, planned, k, NULL, false);
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
	for (size_t i = 0; i < draft->host->n_kernels; i++)
		forecast_menu(draft, &menu, &now, &planned, &draft->host->kernels[i]);
	if (draft->host->n_kernels == 0)
		forecast_menu(draft, &menu, &now, &planned, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver each device will have after the reboot, for every installed kernel. */
#include "core/base/strv.h"
#include "core/host/module.h"
#include "core/planner/outlook.h"

#define VFIO "vfio-pci"

static const char *device_why(const struct build *b, const struct device *d,
	const struct outcome *out, bool claimed)
{
	bool was_vfio = streq_null(d->driver, VFIO);

	if (out->why)
		return out->why;
	if (claimed && b->enable_only)
		return "this step only turns the IOMMU on";
	if (claims_find(&b->host->claims, d->address) && !claimed && was_vfio)
		return out->driver ? "released, back to its own driver"
				   : "released; which driver takes it is not known";
	if (was_vfio && !streq_null(out->driver, VFIO))
		return "vfio-pci got it at run time, and nothing does so at boot";
	return "nothing changes for it";
}

static int add_row(struct build *b, const struct boot *boot, const struct device *d,
	const struct outcome *out)
{
	struct plan *plan = b->plan;
	bool claimed = claims_find(&plan->claims, d->address);
	struct forecast *f;

	if (GROW(plan->forecasts, plan->n_forecasts) < 0)
		return -ENOMEM;
	f = &plan->forecasts[plan->n_forecasts++];
	f->kernel = boot->kernel ? boot->kernel->release : "";
	f->address = strdup(d->address);
	f->now = d->driver ? strdup(d->driver) : NULL;
	f->after = out->driver ? strdup(out->driver) : NULL;
	f->why = strdup(device_why(b, d, out, claimed));
	f->chosen = claimed;
	f->stays = out->own && !streq_null(d->driver, VFIO);
	return f->address && f->why && !f->now == !d->driver && !f->after == !out->driver
		       ? 0
		       : -ENOMEM;
}

static bool told(const struct build *b, const char *name, const char *address)
{
	for (size_t i = 0; i < b->plan->n_findings; i++)
		if (streq(b->plan->findings[i].name, name) &&
			after_prefix(b->plan->findings[i].text, address))
			return true;
	return false;
}

/* A device nobody chose must not change without a word: once for all kernels. */
static int check_collateral(struct build *b, const struct device *d,
	const struct outcome *without, const struct outcome *with)
{
	bool accepted = strv_has(b->wish->accepted, "collateral");
	/* A race is not left to chance where the host would lose what it needs. */
	bool race = with->race && d->n_lifelines > 0;
	bool taken =
		race || (streq_null(with->driver, VFIO) && !streq_null(d->driver, VFIO));

	if (with->gone || claims_find(&b->host->claims, d->address) ||
		(!taken && streq_null(without->driver, with->driver)) ||
		told(b, "collateral", d->address))
		return 0;
	return build_finding(b, accepted ? FINDING_WARNING : FINDING_REFUSAL,
		"collateral",
		accepted
			? "%s was not chosen, but will go from %s to %s, as accepted: %s."
			: "%s was not chosen, but would go from %s to %s: %s. To have it "
			  "so all the same, accept it by its name, \"collateral\".",
		d->address, d->driver ?: "no driver", race ? VFIO : with->driver ?: "no driver",
		with->why ?: "its driver is not loaded any more");
}

/* A claim that does not come true, for a reason that is told nowhere else. */
static int check_claim(struct build *b, const struct boot *boot, const struct device *d,
	const struct outcome *with)
{
	if (plan_refusal(b->plan) || b->enable_only || streq_null(with->driver, VFIO) ||
		told(b, "no-effect", d->address))
		return 0;
	if (boot->kernel && boot->kernel->modules &&
		module_place(boot->kernel->modules, "vfio_pci") == MODULE_MISSING)
		return 0;
	return build_finding(b, FINDING_WARNING, "no-effect",
		"%s would not get to vfio-pci: %s.", d->address,
		with->why ?: "nothing gives it to vfio-pci");
}

static int forecast_device(struct build *b, const struct boot *before,
	const struct boot *after, const struct device *d)
{
	CLEANUP(outcome_done) struct outcome without = { 0 }, with = { 0 };
	bool claimed = claims_find(&b->plan->claims, d->address);
	int r;

	if (boot_predict(before, NULL, d, &without) < 0 ||
		boot_predict(after, before, d, &with) < 0)
		return -ENOMEM;
	r = add_row(b, after, d, &with);
	if (r < 0 || b->plan->n_changes == 0)
		return r;
	return claimed ? check_claim(b, after, d, &with)
		       : check_collateral(b, d, &without, &with);
}

static int forecast_kernel(struct build *b, const struct outlook *now,
	const struct outlook *planned, const struct kernel *k)
{
	CLEANUP(boot_done) struct boot before = { 0 }, after = { 0 };
	int r = boot_make(now, k, &before);

	if (r == 0)
		r = boot_make(planned, k, &after);
	for (size_t i = 0; r == 0 && i < b->host->n_devices; i++)
		r = forecast_device(b, &before, &after, &b->host->devices[i]);
	return r;
}

int build_forecast(struct build *b)
{
	CLEANUP(outlook_done) struct outlook now = { 0 }, planned = { 0 };
	int r = outlook_make(b, false, &now);

	if (r == 0)
		r = outlook_make(b, true, &planned);
	for (size_t i = 0; r == 0 && i < b->host->n_kernels; i++)
		r = forecast_kernel(b, &now, &planned, &b->host->kernels[i]);
	if (r == 0 && b->host->n_kernels == 0)
		r = forecast_kernel(b, &now, &planned, NULL);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver each device will have after the reboot, for every installed kernel. */
#include "core/base/strv.h"
#include "core/host/module.h"
#include "core/method/idlist.h"
#include "core/method/method.h"

/* The driver that a module makes, by what is bound here; else the module's own name. */
static const char *driver_of(const struct host *host, const char *module)
{
	for (size_t i = 0; i < host->n_drivers; i++)
		if (host->drivers[i].module &&
			module_name_equal(host->drivers[i].module, module))
			return host->drivers[i].name;
	return module;
}

static bool kernel_has_vfio(const struct kernel *k)
{
	return !k || !k->modules ||
	       module_place(k->modules, "vfio_pci") != MODULE_MISSING;
}

const char *forecast_native(const struct host *host, const struct device *d)
{
	return d->modules ? driver_of(host, d->modules[0]) : NULL;
}

/* Whether one of the IDs for vfio-pci names this device. */
static bool named_by_id(const struct build *b, const struct device *d)
{
	return id_list_names(b->ids, d) || id_list_names(b->users_ids, d);
}

static int predict(const struct build *b, const struct kernel *k, const struct device *d,
	struct forecast *f)
{
	bool claimed = claims_find(&b->plan->claims, d->address);
	bool was = claims_find(&b->host->claims, d->address);
	const char *after = d->driver, *why = "nothing changes for it";

	if (b->enable_only) {
		why = "this step only turns the IOMMU on";
	} else if (claimed && !kernel_has_vfio(k)) {
		why = "this kernel has no vfio-pci";
	} else if (claimed || (named_by_id(b, d) && !method_driver_builtin(b, d))) {
		after = "vfio-pci";
		why = claimed ? "claimed" : "it has an ID that vfio-pci is given";
	} else if (was && d->driver && streq(d->driver, "vfio-pci")) {
		after = forecast_native(b->host, d);
		why = after ? "released, back to its own driver"
			    : "released; which driver takes it is not known";
	}
	f->kernel = k ? k->release : "";
	f->address = strdup(d->address);
	f->now = d->driver ? strdup(d->driver) : NULL;
	f->after = after ? strdup(after) : NULL;
	f->why = strdup(why);
	f->chosen = claimed;
	return f->address && f->why && !f->now == !d->driver && !f->after == !after
		       ? 0
		       : -ENOMEM;
}

static int predict_all(struct build *b, const struct kernel *k)
{
	for (size_t i = 0; i < b->host->n_devices; i++) {
		struct plan *plan = b->plan;

		if (GROW(plan->forecasts, plan->n_forecasts) < 0 ||
			predict(b, k, &b->host->devices[i],
				&plan->forecasts[plan->n_forecasts++]) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* A device nobody chose must not change without a word. */
static int check_collateral(struct build *b)
{
	for (size_t i = 0; b->plan->n_changes && i < b->plan->n_forecasts; i++) {
		const struct forecast *f = &b->plan->forecasts[i];
		bool released = claims_find(&b->host->claims, f->address);

		if (f->chosen || released || streq_null(f->now, f->after) ||
			!streq(f->kernel, b->plan->forecasts[0].kernel))
			continue;
		if (build_finding(b, FINDING_REFUSAL, "collateral",
			    "%s was not chosen, but would go from %s to %s: %s.",
			    f->address, f->now ?: "no driver", f->after ?: "no driver",
			    f->why) < 0)
			return -ENOMEM;
	}
	return 0;
}

int build_forecast(struct build *b)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < b->host->n_kernels; i++)
		r = predict_all(b, &b->host->kernels[i]);
	if (b->host->n_kernels == 0)
		r = predict_all(b, NULL);
	return r < 0 ? r : check_collateral(b);
}

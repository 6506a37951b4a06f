// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/groupless.h"
#include "core/base/strv.h"
#include "core/existing/kargs.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/loader/boots.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"

/* The AMD IOMMU's own function: nobody hands it over. */
#define IOMMU_CLASS 0x0806

/* The words of this boot and of the next one. */
struct words {
	const struct host *host;
	const struct evidence *loader;
	char **running; /* of this boot */
	char **next; /* of the next one */
	char **any; /* and those that single entries have on top */
	bool known;
};

static void words_done(struct words *w)
{
	strv_free(w->running);
	strv_free(w->next);
	strv_free(w->any);
}

static struct fact *add_gpu(
	struct facts *ret, const struct device *d, const char *why, const char *place)
{
	return fact_add(ret, FOUND_IGFX_OFF, FACT_DOOMS, d->address,
		"%s is in no IOMMU group, so it cannot be handed over: %s (%s) keeps the integrated GPU out of the IOMMU.",
		d->address, why, place);
}

/* "intel_iommu=on,igfx_off" of this boot. */
static bool by_igfx_off(const struct words *w, const struct device *d, struct facts *ret)
{
	const char *now = kargs_igfx_off(w->running), *next = kargs_igfx_off(w->any);
	autofree char *place = NULL;
	struct fact *fact;

	if (!now)
		return false;
	if (w->known && !next) {
		fact = add_gpu(ret, d, now, "/proc/cmdline");
		fact->plan = FACT_PLAN_REBOOT;
		fact_fix(fact, "%s is not configured any more: reboot.", now);
		return true;
	}
	place = existing_karg_place(w->host, next ?: now);
	fact = add_gpu(ret, d, next ?: now, place);
	if (next && existing_igfx_goes(w->host, w->loader, next)) {
		fact->plan = FACT_PLAN_IOMMU;
		fact_fix(fact,
			"Plan to take igfx_off out (pciferry apply --iommu-on), and reboot: then the GPU has a group and can be chosen.");
	} else {
		fact_fix(fact,
			"Take igfx_off out of %s, and reboot: then the GPU has a group and can be chosen.",
			next ?: now);
	}
	return true;
}

/* Debian's default. */
static bool by_kernel(const struct words *w, const struct device *d, struct facts *ret)
{
	const struct kernel *k = host_running_kernel(w->host);
	struct fact *fact;

	if (kernel_intel_default(k) != INTEL_ON_BUT_GPU ||
		kargs_value_has(w->running, "intel_iommu", "on"))
		return false;
	fact = fact_add(ret, FOUND_IGFX_OFF, FACT_DOOMS, d->address,
		"%s is in no IOMMU group, so it cannot be handed over: unless told, this kernel keeps the integrated GPU out of the IOMMU (CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF of /boot/config-%s).",
		d->address, k->release);
	if (kargs_value_has(w->next, "intel_iommu", "on")) {
		fact->plan = FACT_PLAN_REBOOT;
		fact_fix(fact, "intel_iommu=on is configured already: reboot.");
	} else {
		fact->plan = FACT_PLAN_IOMMU;
		fact_fix(fact,
			"Plan intel_iommu=on (pciferry apply --iommu-on), and reboot: then the GPU has a group and can be chosen.");
	}
	return true;
}

static void add_device(const struct words *w, const struct device *d, struct facts *ret)
{
	if (d->class >> 8 == IOMMU_CLASS)
		(void)fact_add(ret, FOUND_NO_GROUP, FACT_NOTE, d->address,
			"%s is the IOMMU itself: it is in no group, and stays with the host.",
			d->address);
	else if (!(w->host->cpu == CPU_INTEL && device_is_intel_gpu(d) &&
			 (by_igfx_off(w, d, ret) || by_kernel(w, d, ret))))
		(void)fact_add(ret, FOUND_NO_GROUP, FACT_DOOMS, d->address,
			"%s is in no IOMMU group: the IOMMU does not translate for it, so it cannot be handed over.",
			d->address);
}

void facts_groupless(
	const struct host *host, const struct claims *claims, struct facts *ret)
{
	CLEANUP(words_done)
	struct words w = { .host = host, .loader = loader_pick(host, claims->loader) };
	struct err err;

	if (host->iommu != IOMMU_ACTIVE)
		return;
	if (host->cmdline)
		w.running = kargs_split(host->cmdline);
	w.known = loader_next_kargs(host, w.loader, true, &w.next, &err) == 0 &&
		  loader_any_kargs(host, w.loader, true, &w.any, &err) == 0;
	for (size_t i = 0; i < host->n_devices; i++)
		if (host->devices[i].group < 0 && !device_is_bridge(&host->devices[i]))
			add_device(&w, &host->devices[i], ret);
}

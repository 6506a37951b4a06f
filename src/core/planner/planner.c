// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan's making: its steps, in their order. */
#include "core/planner/planner.h"
#include "core/base/strv.h"
#include "core/existing/existing.h"
#include "core/host/modprobe.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/plan/draft.h"

/*
 * A claim remembers which driver the device had: once vfio-pci has it nothing else tells.
 * "-" is none. What was remembered stays, whoever has the device now.
 */
static int remember_drivers(struct build *b)
{
	for (size_t i = 0; i < b->plan->claims.n; i++) {
		struct claim *claim = &b->plan->claims.list[i];
		const struct claim *old = claims_find(&b->host->claims, claim->address);
		const struct device *d = build_device(b, claim);
		const char *driver = NULL;

		if (claim->driver)
			continue;
		if (old && streq(old->id, claim->id)) /* dropped and chosen again */
			driver = old->driver;
		if (!driver && d && !streq_null(d->driver, "vfio-pci"))
			driver = d->driver ?: (old ? NULL : "-");
		if (driver && claim_driver_valid(driver) &&
			claim_set_driver(claim, driver) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* Whether vfio-pci is a module here, or part of a kernel, or one here and one there. */
static void place_vfio(struct build *b)
{
	for (size_t i = 0; i < b->host->n_kernels; i++) {
		struct module_index *modules = b->host->kernels[i].modules;
		enum module_place place =
			modules ? module_place(modules, "vfio_pci") : MODULE_LOADABLE;

		b->vfio_builtin |= place == MODULE_BUILTIN;
		b->vfio_loadable |= place == MODULE_LOADABLE;
	}
	b->vfio_loadable |= !b->vfio_builtin;
}

/* With the last device goes what was asked for on its account. */
static int forget_acs(struct build *b)
{
	struct claims *claims = &b->plan->claims;

	return claims->n || !b->host->claims.n ? 0
					       : claims_set_acs_override(claims, NULL);
}

/* What the plan reads besides the host: modprobe.d's lines, the user's own words. */
static int build_start(struct build *b)
{
	struct err err;
	int r;

	place_vfio(b);
	if (claims_copy(&b->wish->claims, &b->plan->claims) < 0 || forget_acs(b) < 0 ||
		remember_drivers(b) < 0 || host_modprobe(b->host, &b->modprobe) < 0)
		return -ENOMEM;
	b->generator = initramfs_pick(b->host, b->plan->claims.initramfs);
	b->loader = loader_pick(b->host, b->plan->claims.loader);
	r = loader_words(b->host, b->loader, false, &b->user_words, &err);
	if (r == 0 || r == -ENOMEM)
		return r < 0 ? r : users_turn_on(b);
	b->words_problem = strdup(err.text);
	return b->words_problem ? 0 : -ENOMEM;
}

static void build_done(struct build *b)
{
	modprobe_lines_done(&b->modprobe);
	strv_free(b->user_words);
	strv_free(b->ids);
	strv_free(b->users_ids);
	strv_free(b->unwanted);
	strv_free(b->early);
	free(b->words_problem);
}

/* The last part, for others add to the claims; the file is the first to be written. */
static int build_claims(struct build *b)
{
	struct plan *plan = b->plan;
	autofree char *text = NULL;
	size_t n = plan->n_changes;
	struct change last;
	int r;

	if (claims_format(&plan->claims, &text) < 0)
		return -ENOMEM;
	r = build_change(b, CLAIMS_PATH, text,
		plan->claims.n ? "the devices you chose"
		: text	       ? "what you asked for"
			       : "no device is chosen any more");
	if (r < 0 || plan->n_changes == n)
		return r;
	last = plan->changes[n];
	memmove(plan->changes + 1, plan->changes, n * sizeof(last));
	plan->changes[0] = last;
	return 0;
}

static void drop_finding(struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (streq(plan->findings[i].name, name)) {
			free(plan->findings[i].name);
			free(plan->findings[i].text);
			plan->findings[i] = plan->findings[--plan->n_findings];
			return;
		}
}

/* Nothing is written where another program makes the files: the user is told what to do,
 * for which the changes were planned. */
static int build_by_hand(struct build *b)
{
	struct plan *plan = b->plan;
	const struct loader *loader = b->loader ? b->loader->loader : NULL;
	bool wanted = plan->claims.n || plan->words;

	if (!loader || !loader->instruct)
		return 0;
	if (wanted && loader->instruct(b, plan->words) < 0)
		return -ENOMEM;
	changes_free(TAKE(plan->changes), plan->n_changes);
	commands_free(TAKE(plan->commands), plan->n_commands);
	products_free(TAKE(plan->products), plan->n_products);
	plan->n_changes = plan->n_commands = plan->n_products = 0;
	if (!wanted)
		return 0;
	drop_finding(plan, "unknown-initramfs");
	return build_finding(b, FINDING_REFUSAL, "by-hand",
		"This host is kept by %s (%s): pciferry writes nothing here. The plan "
		"says "
		"what to do by hand.",
		loader->title, b->loader->why);
}

int plan_build(const struct host *host, const struct plan_wish *wish, struct plan **ret,
	struct err *err)
{
	static int (*const steps[])(struct build *) = {
		build_start,
		build_methods,
		build_checks,
		users_ids,
		users_tell,
		build_vfio,
		build_vfs, /* its rules are in the images; those of access mean nothing
			    * there, where no user is known */
		build_initramfs,
		build_access,
		build_cmdline,
		build_claims,
		build_by_hand,
		build_forecast,
		build_network,
	};
	autoplan struct plan *plan = calloc(1, sizeof(*plan));
	CLEANUP(build_done) struct build b = { .host = host, .wish = wish, .plan = plan };

	if (!plan)
		return err_oom(err);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (steps[i](&b) < 0)
			return err_oom(err);
	plan_sort_findings(plan);
	*ret = TAKE(plan);
	return 0;
}

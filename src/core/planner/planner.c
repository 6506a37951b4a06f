// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan's making: its steps, in their order. */
#include "core/planner/planner.h"
#include "core/access/access.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/devices.h"
#include "core/existing/existing.h"
#include "core/existing/ids.h"
#include "core/existing/kargs.h"
#include "core/facts/facts.h"
#include "core/format/kargs.h"
#include "core/host/modprobe.h"
#include "core/host/module.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/images.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/boots.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/method/dropins.h"
#include "core/method/methods.h"
#include "core/plan/draft.h"
#include "core/planner/checks.h"
#include "core/planner/cmdline.h"
#include "core/planner/forecast.h"
#include "core/planner/lasting.h"
#include "core/planner/network.h"
#include "core/planner/vfs.h"

/*
 * A claim remembers which driver the device had: once vfio-pci has it nothing else tells.
 * "-" is none. What was remembered stays, whoever has the device now.
 */
static void remember_drivers(struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		struct claim *claim = &draft->plan->claims.list[i];
		const struct claim *old =
			claims_find(&draft->host->claims, claim->address);
		const struct device *d = draft_device(draft, claim);
		const char *driver = NULL;

		if (claim->driver)
			continue;
		if (old && streq(old->id, claim->id)) /* dropped and chosen again */
			driver = old->driver;
		if (!driver && d && !streq_null(d->driver, "vfio-pci"))
			driver = d->driver ?: (old ? NULL : "-");
		if (driver && claim_driver_valid(driver))
			claim_set_driver(claim, driver);
	}
}

/* Once it is not made any more, nothing else tells whose virtual function it was. */
static void remember_physfns(struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		struct claim *claim = &draft->plan->claims.list[i];
		const struct claim *old =
			claims_find(&draft->host->claims, claim->address);
		const struct device *d = draft_device(draft, claim);

		if (d && d->physfn && (!old || !streq(old->id, claim->id)))
			claim_set_physfn(claim, d->physfn);
	}
}

/* Whether vfio-pci is a module here, or part of a kernel, or one here and one there. */
static void place_vfio(struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		struct module_index *modules = draft->host->kernels[i].modules;
		enum module_place place =
			modules ? module_place(modules, "vfio_pci") : MODULE_LOADABLE;

		draft->vfio_builtin |= place == MODULE_BUILTIN;
		draft->vfio_loadable |= place == MODULE_LOADABLE;
	}
	draft->vfio_loadable |= !draft->vfio_builtin;
}

/* With the last device goes what was asked for on its account. */
static void forget_acs(struct draft *draft)
{
	struct claims *claims = &draft->plan->claims;

	if (!claims->n && draft->host->claims.n)
		claims_set_acs_override(claims, NULL);
}

/* The entries' own words, and what is typed at the menu of the one that boots. */
static void read_boots(struct draft *draft)
{
	const struct boot_entry *boots;
	autostrv char **words = NULL;

	draft->boots = xcalloc(1, sizeof(*draft->boots));
	if (!draft->kargs_problem)
		loader_boots(draft->host, draft->loader, draft->boots);
	for (size_t i = 0; i < draft->boots->n; i++)
		kargs_without(draft->boots->list[i].kargs, draft->host->claims.added);
	boots = boots_default(draft->boots);
	words = kargs_way_out(boots ? boots->kargs : draft->user_kargs);
	draft->plan->way_out = strv_join(words, " ");
}

/* What the plan reads besides the host: modprobe.d's lines, the user's own words. */
void draft_start(struct draft *draft)
{
	struct err err;

	place_vfio(draft);
	claims_copy(&draft->request->claims, &draft->plan->claims);
	forget_acs(draft);
	remember_drivers(draft);
	remember_physfns(draft);
	host_modprobe(draft->host, &draft->modprobe);
	draft->generator = initramfs_pick(draft->host, draft->plan->claims.initramfs);
	draft->loader = loader_pick(draft->host, draft->plan->claims.loader);
	if (loader_kargs(draft->host, draft->loader, false, &draft->user_kargs, &err) < 0)
		draft->kargs_problem = xstrdup(err.text);
	read_boots(draft);
	if (!draft->kargs_problem) {
		existing_turn_on(draft);
		existing_acs_off(draft);
	}
}

void draft_done(struct draft *draft)
{
	modprobe_lines_done(&draft->modprobe);
	strv_free(draft->user_kargs);
	strv_free(draft->line_ids);
	if (draft->boots)
		boot_entries_done(draft->boots);
	free(draft->boots);
	strv_free(draft->ids);
	strv_free(draft->existing_ids);
	strv_free(draft->unwanted);
	strv_free(draft->early);
	free(draft->kargs_problem);
}

/* The last part, for others add to the claims; the file is the first to be written. */
static void write_claims(struct draft *draft)
{
	struct plan *plan = draft->plan;
	autofree char *text = claims_format(&plan->claims);
	size_t n = plan->steps.n_changes;
	struct change last;

	draft_change(draft, CLAIMS_PATH, text,
		plan->claims.n ? "the devices you chose"
		: text	       ? "what you asked for"
			       : "no device is chosen any more");
	if (plan->steps.n_changes == n)
		return;
	last = plan->steps.changes[n];
	memmove(plan->steps.changes + 1, plan->steps.changes, n * sizeof(last));
	plan->steps.changes[0] = last;
}

static void drop_finding(struct plan *plan, enum finding_id id)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (plan->findings[i].id == id) {
			finding_done(&plan->findings[i]);
			plan->findings[i] = plan->findings[--plan->n_findings];
			return;
		}
}

/* The words alone are the user's to add, where this boot has not got them. */
static void words_by_hand(struct draft *draft)
{
	const struct loader *loader = draft->loader->loader;
	autostrv char **running = kargs_split(draft->host->cmdline ?: "");
	autostrv char **missing = NULL;
	autofree char *line = NULL;

	strv_foreach (word, draft->plan->kargs)
		if (!strv_has(running, word))
			strv_add(&missing, word);
	if (!missing)
		return;
	line = strv_join(missing, " ");
	loader->instruct(draft, missing);
	draft_finding(draft, FINDING_REFUSAL, FOUND_BY_HAND, NULL,
		"%s boots this host (%s), and has the kernel command line in no file. Give it these words as the plan says, reboot, and plan again: %s",
		loader->title, draft->loader->why, line);
}

/* Nothing is written where another program makes the files: the user is told what to do,
 * for which the changes were planned. */
static void write_by_hand(struct draft *draft)
{
	struct plan *plan = draft->plan;
	const struct loader *loader = draft->loader ? draft->loader->loader : NULL;
	bool wanted = plan->claims.n || plan->kargs;
	struct steps moves = { 0 };

	if (!loader || !loader->instruct)
		return;
	if (loader->words_only) {
		words_by_hand(draft);
		return;
	}
	if (wanted)
		loader->instruct(draft, plan->kargs);
	moves.moves = TAKE(plan->steps.moves);
	moves.n_moves = plan->steps.n_moves;
	plan->steps.n_moves = 0;
	steps_done(&plan->steps);
	plan->steps = moves;
	if (!wanted)
		return;
	drop_finding(plan, FOUND_UNKNOWN_INITRAMFS);
	draft_finding(draft, FINDING_REFUSAL, FOUND_BY_HAND, NULL,
		"This host is kept by %s (%s): pciferry writes nothing here. The plan says what to do by hand.",
		loader->title, draft->loader->why);
}

/* The claims as the files have them; what their devices are, and what would be right for
 * them, the disk alone does not tell. */
static struct plan *plan_of_disk(const struct host *host)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	struct draft draft = { .host = host, .plan = plan };

	claims_copy(&host->claims, &plan->claims);
	for (size_t i = 0; i < plan->claims.n; i++) {
		const struct claim *claim = &plan->claims.list[i];

		GROW(plan->chosen, plan->n_chosen);
		plan->chosen[plan->n_chosen++] =
			(struct plan_claim){ .address = xstrdup(claim->address),
				.method = xstrdup(claim->method),
				.why = text_printf(
					"%s is claimed in " CLAIMS_PATH
					"; whether it is there is not visible from here",
					claim->id) };
	}
	draft_finding(&draft, FINDING_REFUSAL, FOUND_NOT_VISIBLE, NULL,
		"No plan can be made: " NOT_VISIBLE
		". pciferry undo takes back what was set up there.");
	return plan;
}

/* The forecast may have added to what was accepted. */
static void write_accepted(struct draft *draft)
{
	if (draft->plan->steps.n_changes)
		write_claims(draft);
}

struct plan *plan_build(const struct host *host, const struct request *request)
{
	static void (*const steps[])(struct draft *) = {
		draft_start,
		methods_choose,
		plan_checks,
		existing_ids,
		existing_tell,
		dropins_write,
		plan_vfs, /* its rules are in the images; those of access mean nothing
			   * there, where no user is known */
		images_write,
		access_write,
		plan_cmdline,
		write_claims,
		write_by_hand,
		plan_lasting,
		plan_forecast,
		write_accepted,
		plan_network,
	};
	struct plan *plan;
	CLEANUP(draft_done)
	struct draft draft = { .host = host, .request = request };
	CLEANUP(facts_done) struct facts facts = { 0 };

	if (host->disk)
		return plan_of_disk(host);
	facts_find(host, &request->claims, &facts);
	draft.facts = &facts;
	draft.plan = plan = xcalloc(1, sizeof(*plan));
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		steps[i](&draft);
	plan_sort_findings(plan);
	return plan;
}

/* The claims that the steps leave; false where they do not change them. */
static bool claims_left(const struct steps *steps, struct claims *ret)
{
	struct err err;

	for (size_t i = 0; i < steps->n_changes; i++)
		if (streq(steps->changes[i].path, CLAIMS_PATH))
			return claims_parse(steps->changes[i].after, ret, &err) == 0;
	return false;
}

static char **users_keep(
	const struct host *host, const struct request *request, const struct steps *steps)
{
	autoplan struct plan *plan = xcalloc(1, sizeof(*plan));
	char **kept = NULL;

	CLEANUP(draft_done)
	struct draft draft = { .host = host, .request = request, .plan = plan };

	draft_start(&draft);
	steps_copy(steps, &plan->steps);
	existing_tell_devices(&draft);
	plan_forecast(&draft);
	for (size_t i = 0; i < plan->n_findings; i++)
		if (plan->findings[i].id == FOUND_USERS_KEEP)
			strv_add(&kept, plan->findings[i].text);
	return kept;
}

char **plan_users_keep(const struct host *host, const struct steps *steps)
{
	struct request request = { 0 };
	char **kept = NULL;

	if (claims_left(steps, &request.claims))
		kept = users_keep(host, &request, steps);
	claims_done(&request.claims);
	return kept;
}

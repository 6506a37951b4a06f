// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/method/methods.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/method/method.h"

#include <stdarg.h>

/* One file each. */
extern const struct method method_ids, method_override, method_alias, method_blacklist;

/* "auto" goes from the top. */
const struct method *const method_table[] = {
	&method_ids,
	&method_override,
	&method_alias,
	&method_blacklist,
	NULL,
};

const struct method *method_find(const char *name)
{
	for (size_t i = 0; method_table[i]; i++)
		if (streq(method_table[i]->name, name))
			return method_table[i];
	return NULL;
}

/* Takes the method for the claim; its reason, and why those before it do not suit. */
static void take(const struct method *method, struct claim *claim, char *no, char *reason,
	char **why)
{
	free(claim->method);
	claim->method = xstrdup(method->name);
	*why = no ? text_printf("%s; %s", no, reason) : xstrdup(reason);
}

/* The first method that suits, one after another down to what only would do; else the
 * last reason why not as a refusal. */
static void choose_auto(
	struct draft *draft, const struct device *d, struct claim *claim, char **why)
{
	autofree char *no = NULL;

	for (enum fit enough = FIT; enough > UNFIT; enough--) {
		freep(&no);
		no = NULL;
		for (size_t i = 0; method_table[i]; i++) {
			autofree char *reason = NULL;
			enum fit fit = method_table[i]->applies(draft, d, &reason);

			if (fit >= enough) {
				take(method_table[i], claim, no, reason, why);
				return;
			}
			free(no);
			no = TAKE(reason);
		}
	}
	*why = TAKE(no);
	draft_finding(draft, FINDING_REFUSAL, FOUND_NO_METHOD, d->address,
		"%s cannot be handed over yet: %s.", d->address, *why);
}

/* An earlier plan's method, which does not suit any more: a twin is to stay with the host
 * now, a driver is another one. */
static void choose_anew(
	struct draft *draft, const struct device *d, struct claim *claim, char **why)
{
	autofree char *old = TAKE(claim->method), *no = TAKE(*why);

	claim->method = xstrdup("auto");
	choose_auto(draft, d, claim, why);
	if (!streq(claim->method, "auto"))
		draft_finding(draft, FINDING_WARNING, FOUND_METHOD_CHANGED, d->address,
			"The method %s does not suit %s any more: %s. It goes by %s from now on.",
			old, d->address, no, claim->method);
}

/* The user's own choice is kept, but not where it would do harm or nothing. */
static void check_chosen(
	struct draft *draft, const struct device *d, struct claim *claim, char **why)
{
	const struct claim *old = claims_find(&draft->host->claims, claim->address);
	const struct method *method = method_find(claim->method);

	if (!method)
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_METHOD, d->address,
			"%s: there is no method \"%s\".", d->address, claim->method);
	else if (method->applies(draft, d, why) != UNFIT)
		return;
	else if (old && streq(old->method, claim->method))
		choose_anew(draft, d, claim, why);
	else
		draft_finding(draft, FINDING_REFUSAL, FOUND_METHOD_UNFIT, d->address,
			"The method %s does not suit %s: %s. The method auto takes one that does.",
			method->name, d->address, *why);
}

/* Where no boot without vfio-pci would load them, they are named: to be loaded by hand.
 */
static void tell_no_rescue(
	struct draft *draft, const struct device *d, const struct claim *claim)
{
	const struct method *method = method_find(claim->method);
	autostrv char **modules = NULL;
	autofree char *list = NULL;

	if (!method || !method->no_rescue)
		return;
	modules = method_modules(draft, d);
	list = strv_join(modules, " ");
	if (modules)
		draft_finding(draft, FINDING_WARNING, FOUND_NO_WAY_OUT, d->address,
			"A boot with %s does not give %s its own driver: %s. There, run: modprobe -a %s",
			draft->plan->way_out, d->address, method->no_rescue, list);
}

static void resolve(struct draft *draft, struct claim *claim, struct plan_claim *row)
{
	struct device *d = draft_device(draft, claim);
	const struct device *pf;

	row->present = d;
	if (!d && (pf = host_waits_for(draft->host, claim))) {
		row->why = xstrdup("claimed earlier; it is not there until it is made");
		draft_finding(draft, FINDING_WARNING, FOUND_DEVICE_GONE, claim->address,
			"%s (%s) is claimed in " CLAIMS_PATH
			" but is not there: %s has %d virtual functions now. pciferry vfs %s NUMBER has them made, now and at every boot.",
			claim->address, claim->id, pf->address, pf->vfs_now, pf->address);
	} else if (!d) {
		row->why = xstrdup("claimed earlier, but no such device is there now");
		draft_finding(draft, FINDING_WARNING, FOUND_DEVICE_GONE, claim->address,
			"%s (%s) is claimed in " CLAIMS_PATH
			" but is not there: it was taken out, or addresses have moved. pciferry repair plans what to do about it.",
			claim->address, claim->id);
	} else if (streq(claim->method, "auto")) {
		choose_auto(draft, d, claim, &row->why);
	} else {
		check_chosen(draft, d, claim, &row->why);
	}
	if (d)
		tell_no_rescue(draft, d, claim);
	row->address = xstrdup(claim->address);
	row->method = xstrdup(claim->method);
}

void methods_choose(struct draft *draft)
{
	struct plan *plan = draft->plan;

	for (size_t i = 0; i < plan->claims.n; i++) {
		GROW(plan->chosen, plan->n_chosen);
		resolve(draft, &plan->claims.list[i], &plan->chosen[plan->n_chosen++]);
	}
}

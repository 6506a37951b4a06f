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
static int take(const struct method *method, struct claim *claim, char *no, char *reason,
	char **why)
{
	char *name = strdup(method->name);

	if (!name)
		return -ENOMEM;
	free(claim->method);
	claim->method = name;
	return no ? method_because(0, why, "%s; %s", no, reason)
		  : method_because(0, why, "%s", reason);
}

/* The first method that suits, one after another down to what only would do; else the
 * last reason why not as a refusal. */
static int choose_auto(
	struct draft *draft, const struct device *d, struct claim *claim, char **why)
{
	autofree char *no = NULL;

	for (int enough = FIT; enough > UNFIT; enough--) {
		freep(&no);
		no = NULL;
		for (size_t i = 0; method_table[i]; i++) {
			autofree char *reason = NULL;
			int fit = method_table[i]->applies(draft, d, &reason);

			if (fit < 0)
				return fit;
			if (fit >= enough)
				return take(method_table[i], claim, no, reason, why);
			free(no);
			no = TAKE(reason);
		}
	}
	*why = TAKE(no);
	return draft_finding(draft, FINDING_REFUSAL, FOUND_NO_METHOD, d->address,
		"%s cannot be handed over yet: %s.", d->address, *why);
}

/* An earlier plan's method, which does not suit any more: a twin is to stay with the host
 * now, a driver is another one. */
static int choose_anew(
	struct draft *draft, const struct device *d, struct claim *claim, char **why)
{
	autofree char *old = TAKE(claim->method), *no = TAKE(*why);
	int r;

	claim->method = strdup("auto");
	r = claim->method ? choose_auto(draft, d, claim, why) : -ENOMEM;
	if (r < 0 || streq(claim->method, "auto"))
		return r;
	return draft_finding(draft, FINDING_WARNING, FOUND_METHOD_CHANGED, d->address,
		"The method %s does not suit %s any more: %s. It goes by %s from now on.",
		old, d->address, no, claim->method);
}

/* The user's own choice is kept, but not where it would do harm or nothing. */
static int check_chosen(
	struct draft *draft, const struct device *d, struct claim *claim, char **why)
{
	const struct claim *old = claims_find(&draft->host->claims, claim->address);
	const struct method *method = method_find(claim->method);
	int r;

	if (!method)
		return draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_METHOD,
			d->address, "%s: there is no method \"%s\".", d->address,
			claim->method);
	r = method->applies(draft, d, why);
	if (r)
		return r < 0 ? r : 0;
	if (old && streq(old->method, claim->method))
		return choose_anew(draft, d, claim, why);
	return draft_finding(draft, FINDING_REFUSAL, FOUND_METHOD_UNFIT, d->address,
		"The method %s does not suit %s: %s. The method auto takes one that does.",
		method->name, d->address, *why);
}

/* Where no boot without vfio-pci would load them, they are named: to be loaded by hand.
 */
static int tell_no_rescue(
	struct draft *draft, const struct device *d, const struct claim *claim)
{
	const struct method *method = method_find(claim->method);
	autostrv char **modules = NULL;
	autofree char *list = NULL;

	if (!method || !method->no_rescue)
		return 0;
	if (method_modules(draft, d, &modules) < 0 || strv_join(modules, " ", &list) < 0)
		return -ENOMEM;
	return modules ? draft_finding(draft, FINDING_WARNING, FOUND_NO_WAY_OUT,
				 d->address,
				 "A boot with pciferry.off module_blacklist=vfio_pci does not give %s its own driver: %s. There, run: modprobe -a %s",
				 d->address, method->no_rescue, list)
		       : 0;
}

static int resolve(struct draft *draft, struct claim *claim, struct plan_claim *row)
{
	struct device *d = draft_device(draft, claim);
	int r;

	row->present = d;
	if (!d) {
		r = method_because(
			0, &row->why, "claimed earlier, but no such device is there now");
		if (r == 0)
			r = draft_finding(draft, FINDING_WARNING, FOUND_DEVICE_GONE,
				claim->address,
				"%s (%s) is claimed in " CLAIMS_PATH
				" but is not there: it was taken out, or addresses have moved. pciferry repair plans what to do about it.",
				claim->address, claim->id);
	} else if (streq(claim->method, "auto")) {
		r = choose_auto(draft, d, claim, &row->why);
	} else {
		r = check_chosen(draft, d, claim, &row->why);
	}
	if (r == 0 && d)
		r = tell_no_rescue(draft, d, claim);
	row->address = strdup(claim->address);
	row->method = strdup(claim->method);
	return r < 0 ? r : row->address && row->method ? 0 : -ENOMEM;
}

int methods_choose(struct draft *draft)
{
	struct plan *plan = draft->plan;

	for (size_t i = 0; i < plan->claims.n; i++) {
		int r = GROW(plan->chosen, plan->n_chosen);

		if (r == 0)
			r = resolve(draft, &plan->claims.list[i],
				&plan->chosen[plan->n_chosen++]);
		if (r < 0)
			return r;
	}
	return 0;
}

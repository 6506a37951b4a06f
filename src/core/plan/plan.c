// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/plan.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/existing/existing.h"
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
		remember_drivers(b) < 0 || modprobe_read(b->host, &b->modprobe) < 0)
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

static int by_severity(const void *a, const void *b)
{
	return (int)((const struct finding *)b)->severity -
	       (int)((const struct finding *)a)->severity;
}

/* Stable: qsort is not, and findings of one severity keep the order they came in. */
void plan_sort_findings(struct plan *plan)
{
	for (size_t i = 1; i < plan->n_findings; i++)
		for (size_t j = i; j > 0 && by_severity(&plan->findings[j - 1],
						    &plan->findings[j]) > 0;
			j--) {
			struct finding swap = plan->findings[j];

			plan->findings[j] = plan->findings[j - 1];
			plan->findings[j - 1] = swap;
		}
}

int plan_build(const struct host *host, const struct plan_wish *wish, struct plan **ret,
	struct err *err)
{
	static int (*const steps[])(struct build *) = {
		build_start,
		build_methods,
		build_checks,
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

static void free_findings(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++) {
		free(plan->findings[i].name);
		free(plan->findings[i].text);
	}
	free(plan->findings);
}

static void free_chosen(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_chosen; i++) {
		free(plan->chosen[i].address);
		free(plan->chosen[i].method);
		free(plan->chosen[i].why);
	}
	free(plan->chosen);
}

static void free_forecasts(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_forecasts; i++) {
		free(plan->forecasts[i].address);
		free(plan->forecasts[i].now);
		free(plan->forecasts[i].after);
		free(plan->forecasts[i].why);
	}
	free(plan->forecasts);
}

void change_done(struct change *c)
{
	free(c->path);
	free(c->before);
	free(c->after);
	free(c->why);
}

void changes_free(struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		change_done(&changes[i]);
	free(changes);
}

int command_copy(const struct command *from, bool back, struct command *to)
{
	back &= !!from->undo;
	to->why = strdup(from->why);
	return to->why && strv_copy(back ? from->undo : from->argv, &to->argv) == 0 &&
			       strv_copy(back ? from->argv : from->undo, &to->undo) == 0
		       ? 0
		       : -ENOMEM;
}

void commands_free(struct command *commands, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		strv_free(commands[i].argv);
		strv_free(commands[i].undo);
		free(commands[i].why);
	}
	free(commands);
}

int product_copy(const struct product *from, struct product *to)
{
	to->command = from->command;
	to->replaced = from->replaced;
	to->path = strdup(from->path);
	to->why = strdup(from->why);
	return to->path && to->why && strv_copy(from->list, &to->list) == 0 &&
			       strv_copy(from->holds, &to->holds) == 0
		       ? 0
		       : -ENOMEM;
}

void product_done(struct product *product)
{
	free(product->path);
	strv_free(product->list);
	strv_free(product->holds);
	free(product->why);
	*product = (struct product){ 0 };
}

void products_free(struct product *products, size_t n)
{
	for (size_t i = 0; i < n; i++)
		product_done(&products[i]);
	free(products);
}

void moves_free(struct move *moves, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(moves[i].address);
		free(moves[i].id);
		free(moves[i].before);
		free(moves[i].after);
		free(moves[i].override_before);
		free(moves[i].override_after);
	}
	free(moves);
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	claims_done(&plan->claims);
	free_chosen(plan);
	free_findings(plan);
	changes_free(plan->changes, plan->n_changes);
	commands_free(plan->commands, plan->n_commands);
	products_free(plan->products, plan->n_products);
	moves_free(plan->moves, plan->n_moves);
	strv_free(plan->words);
	strv_free(plan->instructions);
	free_forecasts(plan);
	free(plan);
}

void plan_freep(struct plan **plan)
{
	plan_free(*plan);
}

bool plan_is_empty(const struct plan *plan)
{
	return plan->n_changes == 0 && plan->n_commands == 0 && plan->n_moves == 0;
}

const struct finding *plan_refusal(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (plan->findings[i].severity == FINDING_REFUSAL)
			return &plan->findings[i];
	return NULL;
}

bool plan_has_finding(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (streq(plan->findings[i].name, name))
			return true;
	return false;
}

const char *finding_word(const struct finding *f)
{
	if (f->severity != FINDING_REFUSAL)
		return NULL;
	return streq(f->name, "collateral") ? f->name
					    : after_prefix(f->name, "lifeline:");
}

const char *severity_word(enum severity severity)
{
	static const char *const words[] = {
		[FINDING_INFO] = "info",
		[FINDING_WARNING] = "warning",
		[FINDING_REFUSAL] = "refusal",
	};

	return words[severity];
}

/* "claim A, B": the addresses in one set of claims and not in the other. */
static void add_difference(struct buf *b, const char *verb, const struct claims *in,
	const struct claims *not_in)
{
	bool first = true;

	for (size_t i = 0; i < in->n; i++) {
		if (claims_find(not_in, in->list[i].address))
			continue;
		buf_printf(b, "%s%s",
			!first	 ? ", "
			: b->len ? "; "
				 : "",
			first ? verb : "");
		buf_printf(b, "%s%s", first ? " " : "", in->list[i].address);
		first = false;
	}
}

/* "bind A, B" or "unbind A, B": what moves without a reboot. */
static void add_moves(struct buf *b, const struct plan *plan)
{
	bool bind = plan->n_moves && streq_null(plan->moves[0].after, "vfio-pci");

	for (size_t i = 0; i < plan->n_moves; i++)
		if (!plan->moves[i].vfs)
			buf_printf(b, "%s%s",
				b->len ? ", "
				: bind ? "bind "
				       : "unbind ",
				plan->moves[i].address);
}

/* "4 virtual functions of A": numbers that change, from the next boot on at the latest.
 */
static void add_vfs(struct buf *b, const struct host *host, const struct plan *plan)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		const char *address = host->devices[i].address;
		unsigned was = claims_vfs(&host->claims, address),
			 wanted = claims_vfs(&plan->claims, address);

		if (was != wanted)
			buf_printf(b, "%s%u virtual functions of %s", b->len ? "; " : "",
				wanted, address);
	}
}

int plan_summary(const struct host *host, const struct plan *plan, char **ret)
{
	autobuf struct buf b = { 0 };

	add_moves(&b, plan);
	if (b.len) /* its claims are but what is to move */
		return buf_take(&b, ret);
	add_vfs(&b, host, plan);
	add_difference(&b, "claim", &plan->claims, &host->claims);
	add_difference(&b, "release", &host->claims, &plan->claims);
	if (plan->claims.iommu_on && !host->claims.iommu_on)
		buf_printf(&b, "%sturn the IOMMU on", b.len ? "; " : "");
	if (!streq_null(plan->claims.acs_override, host->claims.acs_override))
		buf_printf(&b, "%s%s pcie_acs_override", b.len ? "; " : "",
			plan->claims.acs_override ? "ask for" : "drop");
	if (!b.len)
		buf_puts(&b, "bring the files up to date");
	return buf_take(&b, ret);
}

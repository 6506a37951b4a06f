// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/plan.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/plan/draft.h"

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

void finding_done(struct finding *f)
{
	free(f->address);
	free(f->text);
}

static void free_findings(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		finding_done(&plan->findings[i]);
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
		free(plan->forecasts[i].doubt);
		free(plan->forecasts[i].why);
		free(plan->forecasts[i].entry);
	}
	free(plan->forecasts);
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	claims_done(&plan->claims);
	free_chosen(plan);
	free_findings(plan);
	steps_done(&plan->steps);
	strv_free(plan->kargs);
	free(plan->way_out);
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
	return !plan->steps.n_changes && !plan->steps.n_commands && !plan->steps.n_moves;
}

bool forecast_same(const struct forecast *a, const struct forecast *b)
{
	return streq_null(a->after, b->after) && streq_null(a->doubt, b->doubt);
}

bool forecast_stays(const struct forecast *f)
{
	return f->certain && (f->stays || streq_null(f->now, f->after));
}

const struct finding *plan_refusal(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (plan->findings[i].severity == FINDING_REFUSAL)
			return &plan->findings[i];
	return NULL;
}

const struct finding *plan_find(
	const struct plan *plan, enum finding_id id, const char *address)
{
	for (size_t i = 0; i < plan->n_findings; i++) {
		const struct finding *f = &plan->findings[i];

		if (f->id == id && (!address || streq_null(f->address, address)))
			return f;
	}
	return NULL;
}

const char *finding_name(const struct finding *f)
{
	return finding_rows[f->id].name;
}

const char *finding_accept_name(const struct finding *f)
{
	return f->severity == FINDING_REFUSAL ? finding_rows[f->id].acceptable : NULL;
}

const char *severity_to_string(enum severity severity)
{
	static const char *const kargs[] = {
		[FINDING_INFO] = "info",
		[FINDING_WARNING] = "warning",
		[FINDING_REFUSAL] = "refusal",
	};

	return kargs[severity];
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
	bool bind =
		plan->steps.n_moves && streq_null(plan->steps.moves[0].after, "vfio-pci");

	for (size_t i = 0; i < plan->steps.n_moves; i++)
		if (!plan->steps.moves[i].vfs)
			buf_printf(b, "%s%s",
				b->len ? ", "
				: bind ? "bind "
				       : "unbind ",
				plan->steps.moves[i].address);
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

char *plan_summary(const struct host *host, const struct plan *plan)
{
	struct buf b = { 0 };

	add_moves(&b, plan);
	if (b.len) /* its claims are but what is to move */
		return buf_take(&b);
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
	return buf_take(&b);
}

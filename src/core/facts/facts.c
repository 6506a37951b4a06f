// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/facts.h"
#include "core/facts/acs.h"
#include "core/facts/denylist.h"
#include "core/facts/groupless.h"
#include "core/facts/interrupts.h"
#include "core/facts/iommu.h"
#include "core/facts/platform.h"

static void (*const rows[])(
	const struct host *host, const struct claims *claims, struct facts *ret) = {
	facts_platform,
	facts_iommu,
	facts_groupless,
	facts_denylist,
	facts_interrupts,
	facts_acs,
};

void facts_find(const struct host *host, const struct claims *claims, struct facts *ret)
{
	*ret = (struct facts){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i](host, claims, ret);
}

void facts_done(struct facts *facts)
{
	for (size_t i = 0; i < facts->n; i++) {
		free(facts->list[i].address);
		free(facts->list[i].text);
		free(facts->list[i].fix);
	}
	free(facts->list);
	*facts = (struct facts){ 0 };
}

int facts_choose(const struct host *host, struct request *request, const struct device *d,
	const char *method, struct err *err)
{
	CLEANUP(facts_done) struct facts facts = { 0 };
	const struct fact *fact;
	autofree char *why = NULL;

	if (device_is_bridge(d))
		return request_choose(host, request, d, method, err);
	facts_groupless(host, &request->claims, &facts);
	fact = fact_find(&facts, FOUND_IGFX_OFF, d->address)
		       ?: fact_find(&facts, FOUND_NO_GROUP, d->address);
	if (!fact)
		return request_choose(host, request, d, method, err);
	why = fact_sentence(fact);
	return err_set(err, -EPERM, "%s", why);
}

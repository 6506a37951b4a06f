// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/verify/expect.h"
#include "core/base/strv.h"
#include "core/verify/verify.h"

void expectations_done(struct expectations *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->list[i].kernel);
		free(e->list[i].address);
		free(e->list[i].id);
		free(e->list[i].subsystem);
		free(e->list[i].before);
		free(e->list[i].after);
	}
	free(e->list);
	strv_free(e->kargs);
	*e = (struct expectations){ 0 };
}

/* Copies the row; NULL drivers stay NULL. */
static int expect_add(struct expectations *e, const struct expectation *row)
{
	struct expectation *new;

	if (GROW(e->list, e->n) < 0)
		return -ENOMEM;
	new = &e->list[e->n++];
	new->kernel = strdup(row->kernel);
	new->address = strdup(row->address);
	new->id = strdup(row->id);
	new->subsystem = strdup(row->subsystem);
	new->before = row->before ? strdup(row->before) : NULL;
	new->after = row->after ? strdup(row->after) : NULL;
	new->chosen = row->chosen;
	return new->kernel &&new->address &&new->id &&new->subsystem &&
			       !new->before == !row->before && !new->after == !row->after
		       ? 0
		       : -ENOMEM;
}

int expectations_from(
	const struct host *host, const struct plan *plan, struct expectations *ret)
{
	CLEANUP(expectations_done) struct expectations e = { 0 };

	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];
		const struct device *d = host_device(host, f->address);
		char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];
		const struct expectation row = {
			.kernel = (char *)f->kernel,
			.address = f->address,
			.id = (char *)device_id(d, id),
			.subsystem = (char *)device_subsystem_id(d, subsystem),
			.before = f->now,
			.after = f->after,
			.chosen = f->chosen,
		};

		if (expect_add(&e, &row) < 0)
			return -ENOMEM;
	}
	if (strv_copy(plan->kargs, &e.kargs) < 0)
		return -ENOMEM;
	*ret = e;
	e = (struct expectations){ 0 };
	return 0;
}

int expectations_copy(
	const struct expectations *from, bool reversed, struct expectations *ret)
{
	CLEANUP(expectations_done) struct expectations e = { 0 };

	for (size_t i = 0; i < from->n; i++) {
		struct expectation row = from->list[i];

		if (reversed) {
			row.before = from->list[i].after;
			row.after = from->list[i].before;
		}
		if (expect_add(&e, &row) < 0)
			return -ENOMEM;
	}
	if (!reversed && strv_copy(from->kargs, &e.kargs) < 0)
		return -ENOMEM;
	*ret = e;
	e = (struct expectations){ 0 };
	return 0;
}

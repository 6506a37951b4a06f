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
	free(e->way_out);
	*e = (struct expectations){ 0 };
}

/* Copies the row; NULL drivers stay NULL. */
static void expect_add(struct expectations *e, const struct expectation *row)
{
	struct expectation *new;

	GROW(e->list, e->n);
	new = &e->list[e->n++];
	new->kernel = xstrdup(row->kernel);
	new->address = xstrdup(row->address);
	new->id = xstrdup(row->id);
	new->subsystem = xstrdup(row->subsystem);
	new->before = row->before ? xstrdup(row->before) : NULL;
	new->after = row->after ? xstrdup(row->after) : NULL;
	new->certain = row->certain;
	new->chosen = row->chosen;
}

/* Of several entries of one kernel the row that says what will be: all the same, or the
 * entry that boots by itself; false: another row does, or nobody knows. */
static bool is_promise(const struct plan *plan, size_t at)
{
	const struct forecast *f = &plan->forecasts[at];
	bool first = true, same = true;

	for (size_t i = 0; f->entry && i < plan->n_forecasts; i++) {
		const struct forecast *other = &plan->forecasts[i];

		if (i == at || !streq(f->kernel, other->kernel) ||
			!streq(f->address, other->address))
			continue;
		first &= i > at;
		same &= streq_null(f->after, other->after);
	}
	return same ? first : f->by_default;
}

void expectations_from(
	const struct host *host, const struct plan *plan, struct expectations *ret)
{
	*ret = (struct expectations){ .kargs = strv_copy(plan->kargs) };
	ret->way_out = plan->way_out ? xstrdup(plan->way_out) : NULL;
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
			.certain = f->certain,
			.chosen = f->chosen,
		};

		if (is_promise(plan, i))
			expect_add(ret, &row);
	}
}

void expectations_copy(
	const struct expectations *from, bool reversed, struct expectations *ret)
{
	*ret = (struct expectations){ .kargs = reversed ? NULL : strv_copy(from->kargs) };
	for (size_t i = 0; i < from->n; i++) {
		struct expectation row = from->list[i];

		if (reversed) {
			row.before = from->list[i].after;
			row.after = from->list[i].before;
		}
		expect_add(ret, &row);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/verify/repair.h"
#include "core/base/text.h"
#include "core/facts/facts.h"
#include "core/plan/request.h"

#include <stdarg.h>

/* What is the same model: nothing that sysfs shows tells two of one model apart. */
struct model {
	const char *id, *subsystem; /* "-" and "": not known, any */
};

static bool same_subsystem(const char *a, const char *b)
{
	return a[0] == '-' || b[0] == '-' || !a[0] || !b[0] || streq(a, b);
}

static bool is_model(const struct device *d, const struct model *m)
{
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	return streq(device_id(d, id), m->id) &&
	       same_subsystem(device_subsystem_id(d, subsystem), m->subsystem);
}

static bool was_model(const struct expectation *row, const struct model *m)
{
	return streq(row->id, m->id) && same_subsystem(row->subsystem, m->subsystem);
}

static struct model model_of(const struct claim *claim)
{
	return (struct model){ claim->id, claim->subsystem };
}

static bool repair_holds(const struct host *host, const struct claim *claim)
{
	const struct device *d = host_device(host, claim->address);
	struct model m = model_of(claim);

	return d && is_model(d, &m);
}

/* The n-th device of the model that no claim holds, or NULL. */
static const struct device *nth_free(const struct host *host, const struct claims *claims,
	const struct model *m, size_t n)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];
		const struct claim *claim = claims_find(claims, d->address);

		if (is_model(d, m) && !(claim && repair_holds(host, claim)) && n-- == 0)
			return d;
	}
	return NULL;
}

/* How many claims of the model before this one do not hold, and how many in all. */
static void count_lost(const struct host *host, const struct claims *claims,
	const struct claim *claim, size_t *ret_before, size_t *ret_all)
{
	*ret_before = *ret_all = 0;
	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *other = &claims->list[i];

		if (!streq(other->id, claim->id) || repair_holds(host, other) ||
			host_waits_for(host, other))
			continue;
		*ret_before += other < claim;
		(*ret_all)++;
	}
}

/* The host kept one of the model, and one that was there is not where it was. */
static bool mixed_up(
	const struct host *host, const struct expectations *known, const struct model *m)
{
	bool kept = false, shifted = false;

	for (size_t i = 0; known && i < known->n; i++) {
		const struct expectation *row = &known->list[i];
		const struct device *d = host_device(host, row->address);

		if (!was_model(row, m))
			continue;
		kept |= !row->chosen;
		shifted |= !d || !is_model(d, m);
	}
	return kept && shifted;
}

static void repair_add(struct lost_claims *lost, const struct claim *claim,
	const struct device *now, const char *fmt, ...) PRINTF(4, 5);
static void repair_add(struct lost_claims *lost, const struct claim *claim,
	const struct device *now, const char *fmt, ...)
{
	struct lost_claim *l;
	va_list ap;

	GROW(lost->list, lost->n);
	l = &lost->list[lost->n++];
	l->address = claim->address;
	l->claim = claim;
	l->now = now;
	va_start(ap, fmt);
	l->why = text_vprintf(fmt, ap);
	va_end(ap);
}

static void look_at(const struct host *host, const struct claims *claims,
	const struct expectations *known, const struct claim *claim,
	struct lost_claims *lost)
{
	struct model m = model_of(claim);
	const struct device *there = host_device(host, claim->address), *now;
	size_t before, all;
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	if (host_waits_for(host, claim))
		return;
	if (mixed_up(host, known, &m)) {
		repair_add(lost, claim, NULL,
			"there are other devices %s, which the host kept, and addresses have moved: which one was claimed cannot be told",
			claim->id);
		return;
	}
	if (repair_holds(host, claim))
		return;
	count_lost(host, claims, claim, &before, &all);
	now = nth_free(host, claims, &m, before);
	if (now && nth_free(host, claims, &m, all))
		repair_add(lost, claim, NULL,
			"addresses have moved, and several devices %s could be the one that was claimed",
			claim->id);
	else if (now)
		repair_add(lost, claim, now,
			"the device %s is at %s now: addresses have moved", claim->id,
			now->address);
	else if (there)
		repair_add(lost, claim, NULL,
			"another device, %s (%s), has this address now; %s (%s) is gone",
			device_id(there, id), device_subsystem_id(there, subsystem),
			claim->id, claim->subsystem);
	else
		repair_add(lost, claim, NULL, "the device %s is not there any more",
			claim->id);
}

static void make_vfs(struct lost_claim *l, const struct vfs *vfs)
{
	autofree char *why = l->why;

	l->vfs = vfs;
	l->address = vfs->address;
	l->claim = NULL;
	l->why = text_printf(
		"%u virtual functions were asked for here, and %s", vfs->count, why);
}

/*
 * Numbers of virtual functions, as claims among the others: none of these may have taken
 * the device. Which subsystem it had is not known, and the host keeps all of its kind.
 */
static void look_at_vfs(
	const struct host *host, const struct claims *claims, struct lost_claims *lost)
{
	CLEANUP(claims_done) struct claims all = { 0 };

	if (!claims->n_vfs)
		return;
	claims_copy(claims, &all);
	for (size_t i = 0; i < claims->n_vfs; i++)
		claims_set(&all, claims->vfs[i].address, claims->vfs[i].id, "-", "");
	for (size_t i = 0; i < claims->n_vfs; i++) {
		size_t n = lost->n;

		look_at(host, &all, NULL, claims_find(&all, claims->vfs[i].address),
			lost);
		if (lost->n > n)
			make_vfs(&lost->list[n], &claims->vfs[i]);
	}
}

void claims_lost(const struct host *host, const struct claims *claims,
	const struct expectations *known, struct lost_claims *ret)
{
	*ret = (struct lost_claims){ 0 };
	if (host->disk)
		return;
	for (size_t i = 0; i < claims->n; i++)
		look_at(host, claims, known, &claims->list[i], ret);
	look_at_vfs(host, claims, ret);
}

void lost_claims_done(struct lost_claims *lost)
{
	for (size_t i = 0; i < lost->n; i++)
		free(lost->list[i].why);
	free(lost->list);
	*lost = (struct lost_claims){ 0 };
}

const struct lost_claim *lost_claims_find(
	const struct lost_claims *lost, const char *address)
{
	for (size_t i = 0; i < lost->n; i++)
		if (lost->list[i].claim && streq(lost->list[i].address, address))
			return &lost->list[i];
	return NULL;
}

/* What the old claim says besides the address; what was accepted is asked for anew. */
static void keep(const struct claim *from, struct claim *to)
{
	if (from->driver)
		claim_set_driver(to, from->driver);
	claim_set_access(to, from->user, from->group);
}

static int move_claim(const struct host *host, const struct lost_claim *l,
	struct request *request, struct err *err)
{
	int r = facts_choose(host, request, l->now, l->claim->method, err);

	if (r < 0)
		return r;
	keep(l->claim, claims_find(&request->claims, l->now->address));
	return 0;
}

/* All go first: one may have moved to where another was. */
int request_repair(const struct host *host, const struct lost_claims *lost,
	struct request *request, struct err *err)
{
	request->rename = true;
	for (size_t i = 0; i < lost->n; i++) {
		const struct lost_claim *l = &lost->list[i];

		if (l->claim)
			claims_remove(&request->claims, l->address);
		else
			claims_set_vfs(&request->claims, l->address, l->vfs->id, 0);
	}
	for (size_t i = 0; i < lost->n; i++) {
		const struct lost_claim *l = &lost->list[i];
		int r = 0;

		if (l->now && l->claim)
			r = move_claim(host, l, request, err);
		else if (l->now)
			claims_set_vfs(&request->claims, l->now->address, l->vfs->id,
				l->vfs->count);
		if (r < 0)
			return r;
	}
	return 0;
}

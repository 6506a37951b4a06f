// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rows of formats.c share. */
#include "core/export/export.h"
#include "core/plan/plan.h"
#include "core/plan/request.h"

static int export_by_address(const void *a, const void *b)
{
	return pci_address_compare(&(*(const struct device *const *)a)->at,
		&(*(const struct device *const *)b)->at);
}

static void add_endpoint(struct export *e, const struct device *d)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->devices[i] == d)
			return;
	GROW(e->devices, e->n);
	e->devices[e->n++] = d;
	qsort(e->devices, e->n, sizeof(*e->devices), export_by_address);
}

int export_add(struct export *e, const struct device *d, bool only, struct err *err)
{
	CLEANUP(request_done) struct request request = { 0 };
	int r = request_choose(e->p.host, &request, d, NULL, err);

	for (size_t i = 0; r == 0 && i < request.claims.n; i++) {
		const struct device *member =
			host_device(e->p.host, request.claims.list[i].address);

		if (!only || member == d)
			add_endpoint(e, member);
	}
	return r;
}

void export_done(struct export *e)
{
	free(e->devices);
	*e = (struct export){ 0 };
}

size_t export_slot(const struct export *e, size_t index)
{
	while (index > 0 && device_same_slot(e->devices[index - 1], e->devices[index]))
		index--;
	return index;
}

size_t export_functions(const struct export *e, size_t index)
{
	size_t first = export_slot(e, index), n = first;

	while (n < e->n && device_same_slot(e->devices[first], e->devices[n]))
		n++;
	return n - first;
}

unsigned export_guest_function(const struct export *e, size_t index)
{
	size_t first = export_slot(e, index);

	return e->devices[first]->at.function ? (unsigned)(index - first)
					      : e->devices[index]->at.function;
}

bool export_is_vga(const struct device *d)
{
	return d->class >> 8 == 0x0300;
}

bool export_is_kept(const struct export *e, const struct device *d)
{
	return device_is_passed(d) ||
	       claims_find(e->claims ?: &e->p.host->claims, d->address);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rows of formats.c share. */
#include "core/export/export.h"
#include "core/facts/facts.h"
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

/* A device of vfio's no-IOMMU mode is on vfio-pci, and of no use to a guest. */
static int export_choose(const struct host *host, struct request *request,
	const struct device *d, struct err *err)
{
	if (firmware_is_noiommu(&host->firmware, d->address))
		return err_set(err, -EPERM,
			"%s is in a group of vfio's no-IOMMU mode: nothing translates for it, and no virtual machine can have it.",
			d->address);
	return facts_choose(host, request, d, NULL, err);
}

int export_add(struct export *e, const struct device *d, bool only, struct err *err)
{
	CLEANUP(request_done) struct request request = { 0 };
	int r = export_choose(e->p.host, &request, d, err);

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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/group.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"
#include "core/host/host.h"

#include <stdarg.h>

void group_done(struct group *g)
{
	free(g->devices);
	strv_free(g->strangers);
	free(g->why);
}

bool driver_keeps_viable(const char *driver)
{
	return !driver || streq(driver, "pcieport") || streq(driver, "pci-stub") ||
	       strstr(driver, "vfio");
}

static void judged(struct group *g, enum mark mark, const char *fmt, ...) PRINTF(3, 4);

static void judged(struct group *g, enum mark mark, const char *fmt, ...)
{
	va_list ap;

	g->mark = mark;
	va_start(ap, fmt);
	g->why = text_vprintf(fmt, ap);
	va_end(ap);
}

/* What blocks a group: true and its mark set. */
static bool judge_blocked(const struct host *host, struct group *g)
{
	if (g->reserved) {
		judged(g, MARK_BLOCKED,
			"The firmware reserves memory for it (reserved_regions: direct), so the kernel will not hand it over.");
		return true;
	}
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &host->devices[g->devices[i]];

		if (d->n_lifelines)
			judged(g, MARK_BLOCKED, "%s: %s.", d->address,
				d->lifelines[0].why);
		else if (device_is_bridge(d) && !driver_keeps_viable(d->driver))
			judged(g, MARK_BLOCKED,
				"The bridge %s is on the driver %s, which VFIO does not accept in a group.",
				d->address, d->driver);
		else
			continue;
		return true;
	}
	if (g->strangers)
		judged(g, MARK_BLOCKED,
			"%s is in the group too, is no PCI device and has a driver.",
			g->strangers[0]);
	return g->strangers;
}

/* Endpoints, how many of them are on vfio-pci, and in how many slots they are. */
static void count_endpoints(const struct host *host, const struct group *g, size_t *ret_n,
	size_t *ret_passed, size_t *ret_slots)
{
	const struct device *last = NULL;

	*ret_n = *ret_passed = *ret_slots = 0;
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &host->devices[g->devices[i]];

		if (device_is_bridge(d))
			continue;
		++*ret_n;
		*ret_passed += d->driver && streq(d->driver, "vfio-pci");
		*ret_slots += !last || !device_same_slot(last, d); /* they are sorted */
		last = d;
	}
}

static void group_judge(const struct host *host, struct group *g)
{
	size_t n, passed, slots;

	if (g->number < 0) {
		judged(g, MARK_NONE, "The IOMMU does not translate for these devices.");
		return;
	}
	count_endpoints(host, g, &n, &passed, &slots);
	if (n == 0)
		judged(g, MARK_ISOLATED, "%s",
			g->n_devices ? "Only bridges: nothing to hand over."
				     : "No PCI device is in it.");
	else if (passed == n)
		judged(g, MARK_PASSED, "On vfio-pci.");
	else if (judge_blocked(host, g))
		return;
	else if (slots > 1)
		judged(g, MARK_SHARED, "%zu endpoints in %zu slots: all go together.", n,
			slots);
	else
		judged(g, MARK_ISOLATED,
			n == 1 ? "One endpoint." : "Functions of one slot.");
}

/* The word is in force where this boot had it, and the kernel the patch that reads it. */
static bool acs_is_overridden(const struct host *host)
{
	autostrv char **words = NULL;

	if (host->acs_patch != ACS_THERE || !host->cmdline)
		return false;
	words = kargs_split(host->cmdline);
	return kargs_value(words, "pcie_acs_override");
}

static void tell_overridden(struct group *g)
{
	autofree char *why = g->why;

	g->acs_override = true;
	g->why = text_printf(
		"%s pcie_acs_override= is in force: the hardware may keep it less apart.",
		why);
}

void groups_judge(struct host *host)
{
	bool overridden = acs_is_overridden(host);

	for (size_t i = 0; i < host->n_groups; i++) {
		group_judge(host, &host->groups[i]);
		if (overridden && host->groups[i].number >= 0)
			tell_overridden(&host->groups[i]);
	}
}

static const struct {
	const char *word;
	char letter;
} marks[] = {
	[MARK_ISOLATED] = { "isolated", 'I' },
	[MARK_SHARED] = { "shared", 'S' },
	[MARK_BLOCKED] = { "blocked", 'X' },
	[MARK_PASSED] = { "passed", 'V' },
	[MARK_NONE] = { "no group", '-' },
};

const char *mark_to_string(enum mark mark)
{
	return marks[mark].word;
}

char mark_letter(enum mark mark)
{
	return marks[mark].letter;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/group.h"
#include "core/base/strv.h"
#include "core/base/text.h"
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

static int judged(struct group *g, enum mark mark, const char *fmt, ...) PRINTF(3, 4);

static int judged(struct group *g, enum mark mark, const char *fmt, ...)
{
	va_list ap;

	g->mark = mark;
	va_start(ap, fmt);
	g->why = text_vprintf(fmt, ap);
	va_end(ap);
	return g->why ? 0 : -ENOMEM;
}

/* What blocks a group: 1 and its mark set, 0 where nothing does, or -ENOMEM. */
static int judge_blocked(const struct host *host, struct group *g)
{
	if (g->reserved)
		return judged(g, MARK_BLOCKED,
			       "The firmware reserves memory for it (reserved_regions: direct), so the kernel will not hand it over.")
			       ?: 1;
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &host->devices[g->devices[i]];

		if (d->n_lifelines)
			return judged(g, MARK_BLOCKED, "%s: %s.", d->address,
				       d->lifelines[0].why)
				       ?: 1;
		if (device_is_bridge(d) && !driver_keeps_viable(d->driver))
			return judged(g, MARK_BLOCKED,
				       "The bridge %s is on the driver %s, which VFIO does not accept in a group.",
				       d->address, d->driver)
				       ?: 1;
	}
	if (g->strangers)
		return judged(g, MARK_BLOCKED,
			       "%s is in the group too, is no PCI device and has a driver.",
			       g->strangers[0])
			       ?: 1;
	return 0;
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

static int group_judge(const struct host *host, struct group *g)
{
	size_t n, passed, slots;
	int r;

	if (g->number < 0)
		return judged(
			g, MARK_NONE, "The IOMMU does not translate for these devices.");
	count_endpoints(host, g, &n, &passed, &slots);
	if (n == 0)
		return judged(g, MARK_ISOLATED, "%s",
			g->n_devices ? "Only bridges: nothing to hand over."
				     : "No PCI device is in it.");
	if (passed == n)
		return judged(g, MARK_PASSED, "On vfio-pci.");
	r = judge_blocked(host, g);
	if (r)
		return r < 0 ? r : 0;
	if (slots > 1)
		return judged(g, MARK_SHARED,
			"%zu endpoints in %zu slots: all go together.", n, slots);
	return judged(
		g, MARK_ISOLATED, n == 1 ? "One endpoint." : "Functions of one slot.");
}

int groups_judge(struct host *host)
{
	for (size_t i = 0; i < host->n_groups; i++)
		if (group_judge(host, &host->groups[i]) < 0)
			return -ENOMEM;
	return 0;
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

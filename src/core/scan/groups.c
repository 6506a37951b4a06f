// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/strv.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/scan/scan.h"

#include <ctype.h>
#include <stdarg.h>

#define GROUPS "/sys/kernel/iommu_groups"
#define PATH_SIZE 256

static struct group *group_new(struct host *host, int number)
{
	struct group *g;

	if (GROW(host->groups, host->n_groups) < 0)
		return NULL;
	g = &host->groups[host->n_groups++];
	g->number = number;
	return g;
}

static int group_add(struct host *host, struct group *g, struct device *d)
{
	if (GROW(g->devices, g->n_devices) < 0)
		return -ENOMEM;
	d->group = g->number;
	g->devices[g->n_devices++] = (size_t)(d - host->devices);
	return 0;
}

/* A member that is no PCI device: VFIO minds it only while a driver has it. */
static int add_stranger(struct host *host, struct group *g, const char *name)
{
	char path[PATH_SIZE];

	(void)snprintf(
		path, sizeof(path), GROUPS "/%d/devices/%.100s/driver", g->number, name);
	return root_exists(host->root, path) ? strv_add(&g->strangers, name) : 0;
}

static int read_members(struct host *host, struct group *g)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), GROUPS "/%d/devices", g->number);
	r = root_list(host->root, path, &names);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return host_note(host, "Cannot list %s: %s.", path, strerrordesc_np(-r));
	strv_foreach (name, names) {
		struct device *d = host_device(host, name);
		struct pci_address at;

		if (d)
			r = group_add(host, g, d);
		else if (pci_address_parse(name, &at) == 0)
			r = host_note(host,
				"%s/%s is gone: group %d names a device that is not "
				"there.",
				path, name, g->number);
		else
			r = add_stranger(host, g, name);
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * Lines are "start end type". "direct" is a region the firmware wants mapped one to one:
 * the kernel refuses to assign such a device. "direct-relaxable" is fine.
 * (Documentation/ABI/testing/sysfs-kernel-iommu_groups)
 */
static int read_reserved(struct host *host, struct group *g)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), GROUPS "/%d/reserved_regions", g->number);
	r = root_read_attr(host->root, path, &text);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	strv_foreach (line, lines)
		g->reserved |= has_suffix(line, " direct");
	return 0;
}

/* For trees that have a link in each device but no directory of groups. */
static int groups_from_links(struct host *host)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		struct device *d = &host->devices[i];
		autofree char *name = NULL;
		struct group *g = NULL;
		char path[PATH_SIZE];
		int r;

		(void)snprintf(path, sizeof(path),
			"/sys/bus/pci/devices/%.100s/iommu_group", d->address);
		r = root_link_name(host->root, path, &name);
		if (r == -ENOMEM)
			return r;
		if (r < 0 || !isdigit((unsigned char)name[0]))
			continue;
		for (size_t j = 0; j < host->n_groups && !g; j++)
			if (host->groups[j].number == atoi(name))
				g = &host->groups[j];
		g = g ?: group_new(host, atoi(name));
		if (!g || group_add(host, g, d) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int groups_from_sysfs(struct host *host, char *const *names)
{
	strv_foreach (name, names) {
		struct group *g;
		int r;

		if (!isdigit((unsigned char)name[0]))
			continue;
		g = group_new(host, atoi(name));
		if (!g)
			return -ENOMEM;
		r = read_members(host, g);
		if (r == 0)
			r = read_reserved(host, g);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Devices in no group make a group of their own at the end, so that lists hold all. */
static int add_ungrouped(struct host *host)
{
	struct group *none = NULL;

	for (size_t i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group >= 0)
			continue;
		none = none ?: group_new(host, -1);
		if (!none || group_add(host, none, &host->devices[i]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int by_index(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
	unsigned int x = (unsigned int)((const struct group *)a)->number;
	unsigned int y = (unsigned int)((const struct group *)b)->number;

	return (x > y) - (x < y); /* unsigned: -1 is last */
}

int scan_groups(struct host *host)
{
	autostrv char **names = NULL;
	int r = root_list(host->root, GROUPS, &names);

	if (r == -ENOMEM)
		return r;
	r = names ? groups_from_sysfs(host, names) : groups_from_links(host);
	if (r == 0)
		r = add_ungrouped(host);
	if (r < 0)
		return r;
	for (size_t i = 0; i < host->n_groups; i++)
		if (host->groups[i].n_devices)
			qsort(host->groups[i].devices, host->groups[i].n_devices,
				sizeof(size_t), by_index);
	if (host->n_groups)
		qsort(host->groups, host->n_groups, sizeof(*host->groups), by_number);
	return 0;
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
			       "The firmware reserves memory for it (reserved_regions: "
			       "direct), so the kernel will not hand it over.")
			       ?: 1;
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *d = &host->devices[g->devices[i]];

		if (d->n_lifelines)
			return judged(g, MARK_BLOCKED, "%s: %s.", d->address,
				       d->lifelines[0].why)
				       ?: 1;
		if (device_is_bridge(d) && !driver_keeps_viable(d->driver))
			return judged(g, MARK_BLOCKED,
				       "The bridge %s is on the driver %s, which VFIO "
				       "does not accept in a group.",
				       d->address, d->driver)
				       ?: 1;
	}
	if (g->strangers)
		return judged(g, MARK_BLOCKED,
			       "%s is in the group too, is no PCI device and has a "
			       "driver.",
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

static int judge(const struct host *host, struct group *g)
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
		if (judge(host, &host->groups[i]) < 0)
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

const char *mark_word(enum mark mark)
{
	return marks[mark].word;
}

char mark_letter(enum mark mark)
{
	return marks[mark].letter;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/strv.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/scan/groups.h"

#include <ctype.h>

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
static int add_stranger(const struct probe *p, struct group *g, const char *name)
{
	char path[PATH_SIZE];

	(void)snprintf(
		path, sizeof(path), GROUPS "/%d/devices/%.100s/driver", g->number, name);
	return root_exists(p->root, path) ? strv_add(&g->strangers, name) : 0;
}

static int read_members(const struct probe *p, struct group *g)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), GROUPS "/%d/devices", g->number);
	r = root_list(p->root, path, &names);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return host_note(
			p->host, "Cannot list %s: %s.", path, strerrordesc_np(-r));
	strv_foreach (name, names) {
		struct device *d = host_device(p->host, name);
		struct pci_address at;

		if (d)
			r = group_add(p->host, g, d);
		else if (pci_address_parse(name, &at) == 0)
			r = host_note(p->host,
				"%s/%s is gone: group %d names a device that is not there.",
				path, name, g->number);
		else
			r = add_stranger(p, g, name);
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
static int read_reserved(const struct probe *p, struct group *g)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), GROUPS "/%d/reserved_regions", g->number);
	r = root_read_attr(p->root, path, &text);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	strv_foreach (line, lines)
		g->reserved |= has_suffix(line, " direct");
	return 0;
}

/* For trees that have a link in each device but no directory of groups. */
static int groups_from_links(const struct probe *p)
{
	for (size_t i = 0; i < p->host->n_devices; i++) {
		struct device *d = &p->host->devices[i];
		autofree char *name = NULL;
		struct group *g = NULL;
		char path[PATH_SIZE];
		int r;

		(void)snprintf(path, sizeof(path),
			"/sys/bus/pci/devices/%.100s/iommu_group", d->address);
		r = root_link_name(p->root, path, &name);
		if (r == -ENOMEM)
			return r;
		if (r < 0 || !isdigit((unsigned char)name[0]))
			continue;
		for (size_t j = 0; j < p->host->n_groups && !g; j++)
			if (p->host->groups[j].number == atoi(name))
				g = &p->host->groups[j];
		g = g ?: group_new(p->host, atoi(name));
		if (!g || group_add(p->host, g, d) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int groups_from_sysfs(const struct probe *p, char *const *names)
{
	strv_foreach (name, names) {
		struct group *g;
		int r;

		if (!isdigit((unsigned char)name[0]))
			continue;
		g = group_new(p->host, atoi(name));
		if (!g)
			return -ENOMEM;
		r = read_members(p, g);
		if (r == 0)
			r = read_reserved(p, g);
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

int scan_groups(const struct probe *p)
{
	autostrv char **names = NULL;
	int r = root_list(p->root, GROUPS, &names);

	if (r == -ENOMEM)
		return r;
	r = names ? groups_from_sysfs(p, names) : groups_from_links(p);
	if (r == 0)
		r = add_ungrouped(p->host);
	if (r < 0)
		return r;
	for (size_t i = 0; i < p->host->n_groups; i++)
		if (p->host->groups[i].n_devices)
			qsort(p->host->groups[i].devices, p->host->groups[i].n_devices,
				sizeof(size_t), by_index);
	if (p->host->n_groups)
		qsort(p->host->groups, p->host->n_groups, sizeof(*p->host->groups),
			by_number);
	return 0;
}

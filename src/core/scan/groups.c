// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/strv.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/scan/groups.h"

#include <ctype.h>

#define GROUPS GROUPS_PATH
#define PATH_SIZE 256

static struct group *group_new(struct host *host, int number)
{
	struct group *g;

	GROW(host->groups, host->n_groups);
	g = &host->groups[host->n_groups++];
	g->number = number;
	return g;
}

static void group_add(struct host *host, struct group *g, struct device *d)
{
	GROW(g->devices, g->n_devices);
	d->group = g->number;
	g->devices[g->n_devices++] = (size_t)(d - host->devices);
}

/* A member that is no PCI device: VFIO minds it only while a driver has it. */
static void add_stranger(const struct probe *p, struct group *g, const char *name)
{
	char path[PATH_SIZE];

	(void)snprintf(
		path, sizeof(path), GROUPS "/%d/devices/%.100s/driver", g->number, name);
	if (root_exists(p->root, path))
		strv_add(&g->strangers, name);
}

static void read_members(const struct probe *p, struct group *g)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), GROUPS "/%d/devices", g->number);
	r = root_list(p->root, path, &names);
	if (r < 0)
		host_note(p->host, "Cannot list %s: %s.", path, strerrordesc_np(-r));
	strv_foreach (name, names) {
		struct device *d = host_device(p->host, name);
		struct pci_address at;

		if (d)
			group_add(p->host, g, d);
		else if (pci_address_parse(name, &at) == 0)
			host_note(p->host,
				"%s/%s is gone: group %d names a device that is not there.",
				path, name, g->number);
		else
			add_stranger(p, g, name);
	}
}

/*
 * Lines are "start end type". "direct" is a region the firmware wants mapped one to one:
 * the kernel refuses to assign such a device. "direct-relaxable" is fine.
 * (Documentation/ABI/testing/sysfs-kernel-iommu_groups)
 */
static void read_reserved(const struct probe *p, struct group *g)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), GROUPS "/%d/reserved_regions", g->number);
	if (root_read_attr(p->root, path, &text) < 0)
		return;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines)
		g->reserved |= has_suffix(line, " direct");
}

/*
 * vfio's no-IOMMU mode makes a group for each device that it takes, and calls it so
 * (drivers/vfio/group.c, vfio_noiommu_group_alloc): nothing translates there.
 */
static bool is_noiommu(const struct probe *p, const char *number)
{
	autofree char *name = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), GROUPS "/%.20s/name", number);
	return root_read_attr(p->root, path, &name) == 0 && streq(name, "vfio-noiommu");
}

static void note_noiommu(const struct probe *p, const char *number)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), GROUPS "/%.20s/devices", number);
	if (root_list(p->root, path, &names) < 0)
		return;
	strv_foreach (name, names) {
		autofree char *entry = text_printf("%s %s", number, name);

		strv_add(&p->host->firmware.noiommu, entry);
	}
}

/* For trees that have a link in each device but no directory of groups. */
static void groups_from_links(const struct probe *p)
{
	for (size_t i = 0; i < p->host->n_devices; i++) {
		struct device *d = &p->host->devices[i];
		autofree char *name = NULL;
		struct group *g = NULL;
		char path[PATH_SIZE];

		(void)snprintf(path, sizeof(path),
			"/sys/bus/pci/devices/%.100s/iommu_group", d->address);
		if (root_link_name(p->root, path, &name) < 0 ||
			!isdigit((unsigned char)name[0]))
			continue;
		for (size_t j = 0; j < p->host->n_groups && !g; j++)
			if (p->host->groups[j].number == atoi(name))
				g = &p->host->groups[j];
		g = g ?: group_new(p->host, atoi(name));
		group_add(p->host, g, d);
	}
}

static void groups_from_sysfs(const struct probe *p, char *const *names)
{
	strv_foreach (name, names) {
		struct group *g;

		if (!isdigit((unsigned char)name[0]))
			continue;
		if (is_noiommu(p, name)) {
			note_noiommu(p, name);
			continue;
		}
		g = group_new(p->host, atoi(name));
		read_members(p, g);
		read_reserved(p, g);
	}
}

/* Devices in no group make a group of their own at the end, so that lists hold all. */
static void add_ungrouped(struct host *host)
{
	struct group *none = NULL;

	for (size_t i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group >= 0)
			continue;
		none = none ?: group_new(host, -1);
		group_add(host, none, &host->devices[i]);
	}
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

void scan_groups(const struct probe *p)
{
	autostrv char **names = NULL;

	if (root_list(p->root, GROUPS, &names) == 0 && names)
		groups_from_sysfs(p, names);
	else
		groups_from_links(p);
	add_ungrouped(p->host);
	for (size_t i = 0; i < p->host->n_groups; i++)
		if (p->host->groups[i].n_devices)
			qsort(p->host->groups[i].devices, p->host->groups[i].n_devices,
				sizeof(size_t), by_index);
	if (p->host->n_groups)
		qsort(p->host->groups, p->host->n_groups, sizeof(*p->host->groups),
			by_number);
}

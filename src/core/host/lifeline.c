// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/lifeline.h"
#include "core/base/strv.h"
#include "core/host/scan.h"

#include <stdarg.h>

/* Storage and network stacks are a few layers deep; a loop of links ends here. */
#define DEPTH_MAX 16
#define PATH_SIZE 512

static int add(struct device *d, const char *name, const char *why)
{
	struct lifeline *l;

	for (size_t i = 0; i < d->n_lifelines; i++)
		if (streq(d->lifelines[i].name, name))
			return 0; /* one reason for each name will do */
	if (GROW(d->lifelines, d->n_lifelines) < 0)
		return -ENOMEM;
	l = &d->lifelines[d->n_lifelines++];
	l->name = strdup(name);
	l->why = strdup(why);
	return l->name && l->why ? 0 : -ENOMEM;
}

static int addf(struct device *d, const char *name, const char *fmt, ...) PRINTF(3, 4);
static int addf(struct device *d, const char *name, const char *fmt, ...)
{
	autofree char *why = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&why, fmt, ap);
	va_end(ap);
	if (n < 0)
		return why = NULL, -ENOMEM;
	return add(d, name, why);
}

/* What a walk down a stack is about, and whether it arrived anywhere. */
struct walk {
	struct host *host;
	const char *name; /* the lifeline */
	const char *user; /* what hangs on it: "/", "the default route" */
	size_t found;
};

/* Every PCI address in a sysfs path is needed: the device and the bridges above it. */
static int walk_path(struct walk *w, const char *target, const char *via)
{
	autostrv char **parts = NULL;

	if (strv_split(target, "/", &parts) < 0)
		return -ENOMEM;
	strv_foreach (part, parts) {
		struct device *d = host_device(w->host, part);

		if (!d || device_is_bridge(d))
			continue;
		w->found++;
		if (addf(d, w->name, "%s is on %s, on this device", w->user, via) < 0)
			return -ENOMEM;
	}
	return 0;
}

/*
 * Follows /sys/class/CLASS/NAME down: to its own PCI device, and to the devices below it,
 * which are entries of a subdirectory ("slaves") or links with a prefix ("lower_").
 */
static int walk_class(struct walk *w, const char *class, const char *name, const char *below,
	int depth)
{
	autofree char *target = NULL;
	autostrv char **entries = NULL;
	const char *subdir = has_suffix(below, "_") ? "" : below;
	char path[PATH_SIZE];
	int r;

	if (depth == DEPTH_MAX || strchr(name, '/'))
		return 0;
	(void)snprintf(path, sizeof(path), "/sys/class/%s/%.200s", class, name);
	r = root_readlink(w->host->root, path, &target);
	if (r == 0)
		r = walk_path(w, target, name);
	if (r == -ENOMEM)
		return r;
	(void)snprintf(path, sizeof(path), "/sys/class/%s/%.200s/%s", class, name, subdir);
	r = root_list(w->host->root, path, &entries);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	strv_foreach (entry, entries) {
		const char *lower = subdir[0] ? entry : after_prefix(entry, below);

		if (lower && walk_class(w, class, lower, below, depth + 1) < 0)
			return -ENOMEM;
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The kernel's name of the block device with these numbers, or of the source's last part:
 * btrfs has numbers of its own, but names a member device as its source. */
static int block_name(const struct host *host, const char *numbers, const char *source,
	char **ret)
{
	autofree char *link = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), "/sys/dev/block/%.32s", numbers);
	r = root_link_name(host->root, path, ret);
	if (r != -ENOENT && r != -EINVAL)
		return r;
	if (!after_prefix(source, "/dev/"))
		return -ENOENT;
	r = root_link_name(host->root, source, &link); /* /dev/mapper/x -> ../dm-0 */
	if (r == -ENOMEM)
		return r;
	*ret = strdup(link ?: base_name(source));
	return *ret ? 0 : -ENOMEM;
}

static int trace_block(struct walk *w, const char *numbers, const char *source)
{
	autofree char *name = NULL;
	int r = block_name(w->host, numbers, source, &name);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return walk_class(w, "block", name, "slaves", 0);
}

/* The root file system could be on any of them: better too many than the wrong one. */
static int suspect_all_storage(struct host *host, const char *source)
{
	for (size_t i = 0; i < host->n_devices; i++)
		if (device_kind(&host->devices[i]) == DEVICE_STORAGE &&
			addf(&host->devices[i], "disk",
				"it could not be told which disk / (%s) is on, so every storage controller counts",
				source) < 0)
			return -ENOMEM;
	return 0;
}

/* One line of mountinfo: ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS ... - TYPE SOURCE. */
static int trace_mount(struct host *host, const char *line)
{
	autostrv char **words = NULL;
	size_t n, dash = 6;
	struct walk w = { .host = host, .name = "disk" };
	int r;

	if (strv_split(line, " ", &words) < 0)
		return -ENOMEM;
	n = strv_len(words);
	while (dash < n && !streq(words[dash], "-"))
		dash++;
	if (dash + 2 >= n)
		return 0;
	w.user = words[4];
	r = trace_block(&w, words[2], words[dash + 2]);
	if (r == 0 && !w.found && streq(w.user, "/"))
		r = suspect_all_storage(host, words[dash + 2]);
	return r;
}

static int trace_mounts(struct host *host)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	int r = root_read(host->root, "/proc/self/mountinfo", ROOT_TEXT_MAX, &text, NULL);

	if (r < 0)
		return r == -ENOMEM ? r
				    : host_note(host,
					      "Cannot read /proc/self/mountinfo: which disks are in use is not known.");
	if (strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	strv_foreach (line, lines)
		if (trace_mount(host, line) < 0)
			return -ENOMEM;
	return 0;
}

static int trace_swaps(struct host *host)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	int r = root_read(host->root, "/proc/swaps", ROOT_TEXT_MAX, &text, NULL);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	strv_foreach (line, lines) {
		struct walk w = { .host = host, .name = "disk", .user = "swap" };

		line[strcspn(line, " \t")] = '\0';
		if (after_prefix(line, "/dev/") && trace_block(&w, "", line) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int trace_disks(struct host *host)
{
	int r = trace_mounts(host);

	return r < 0 ? r : trace_swaps(host);
}

/* Fields of a routing table in /proc/net: where the interface, destination and prefix are. */
struct routes {
	const char *path;
	size_t interface, destination, mask, fields;
	const char *any, *any_mask;
};

static const struct routes route_tables[] = {
	{ "/proc/net/route", 0, 1, 7, 8, "00000000", "00000000" },
	{ "/proc/net/ipv6_route", 9, 0, 1, 10, "00000000000000000000000000000000", "00" },
};

static int trace_routes(struct host *host, const struct routes *table)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	int r = root_read(host->root, table->path, ROOT_TEXT_MAX, &text, NULL);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	strv_foreach (line, lines) {
		struct walk w = { .host = host, .name = "network", .user = "the default route" };
		autostrv char **f = NULL;

		if (strv_split(line, " \t", &f) < 0)
			return -ENOMEM;
		if (strv_len(f) < table->fields || !streq(f[table->destination], table->any) ||
			!streq(f[table->mask], table->any_mask))
			continue;
		if (walk_class(&w, "net", f[table->interface], "lower_", 0) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int trace_network(struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(route_tables); i++)
		if (trace_routes(host, &route_tables[i]) < 0)
			return -ENOMEM;
	return 0;
}

static int trace_display(struct host *host)
{
	struct device *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < host->n_devices; i++) {
		struct device *d = &host->devices[i];

		if (device_kind(d) != DEVICE_GPU)
			continue;
		last = d;
		n++;
		if (d->boot_vga && add(d, "display", "the firmware's boot display is on it") < 0)
			return -ENOMEM;
	}
	return n == 1 ? add(last, "display", "it is the only display controller") : 0;
}

/* vfio-pci refuses a physical function while it has virtual ones
 * (drivers/vfio/pci/vfio_pci_core.c, "Cannot bind to PF with SR-IOV enabled"). */
static int trace_physical_functions(struct host *host)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *vf = &host->devices[i];
		struct device *pf = vf->physfn ? host_device(host, vf->physfn) : NULL;

		if (pf && addf(pf, "sriov", "its virtual function %s is active", vf->address) < 0)
			return -ENOMEM;
	}
	return 0;
}

int lifelines_trace(struct host *host)
{
	static int (*const traces[])(struct host *) = {
		trace_disks,
		trace_network,
		trace_display,
		trace_physical_functions,
	};

	for (size_t i = 0; i < ARRAY_SIZE(traces); i++) {
		int r = traces[i](host);

		if (r < 0)
			return r;
	}
	return 0;
}

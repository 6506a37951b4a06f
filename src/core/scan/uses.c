// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/uses.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/lifeline/mounts.h"

#include <ctype.h>
#include <stdarg.h>

#define PATH_SIZE 320

/* A node in /dev that leads to a device. */
struct node {
	const char *address;
	char *path; /* "/dev/dri/card0" */
	char *numbers; /* of a block device: "259:1"; else NULL */
};

struct look {
	const struct probe *p;
	const struct claims *devices;
	struct node *nodes;
	size_t n_nodes;
	struct uses uses;
};

static void look_done(struct look *look)
{
	for (size_t i = 0; i < look->n_nodes; i++) {
		free(look->nodes[i].path);
		free(look->nodes[i].numbers);
	}
	free(look->nodes);
	uses_done(&look->uses);
}

static void add_use(struct look *look, const char *address, unsigned long pid, bool holds,
	const char *fmt, ...) PRINTF(5, 6);
static void add_use(struct look *look, const char *address, unsigned long pid, bool holds,
	const char *fmt, ...)
{
	struct use *use;
	va_list ap;

	for (size_t i = 0; pid && i < look->uses.n; i++) { /* one line a process */
		use = &look->uses.list[i];
		if (use->pid == pid && use->holds >= holds &&
			streq(use->address, address))
			return;
	}
	GROW(look->uses.list, look->uses.n);
	use = &look->uses.list[look->uses.n++];
	*use = (struct use){ .address = address, .pid = pid, .holds = holds };
	va_start(ap, fmt);
	use->text = text_vprintf(fmt, ap);
	va_end(ap);
}

static void add_node(
	struct look *look, const char *address, const char *name, const char *numbers)
{
	struct node *node;

	GROW(look->nodes, look->n_nodes);
	node = &look->nodes[look->n_nodes++];
	node->address = address;
	node->path = text_printf("/dev/%s", name);
	node->numbers = numbers ? xstrdup(numbers) : NULL;
}

/* The claimed device that a link in sysfs leads through, or NULL. */
static const char *device_on_path(const struct look *look, const char *path, char **ret)
{
	if (root_readlink(look->p->root, path, ret) < 0)
		return NULL;
	for (size_t i = 0; i < look->devices->n; i++) {
		const char *address = look->devices->list[i].address;
		const char *at = strstr(*ret, address);
		const struct device *d = host_device(look->p->host, address);

		if (d && at && at > *ret && at[-1] == '/' && at[strlen(address)] == '/')
			return d->address;
	}
	return NULL;
}

/* /sys/dev/char/226:0 -> ../../devices/pci0000:00/0000:00:02.0/drm/card0, whose uevent
 * names the node: DEVNAME=dri/card0. */
static void find_node(struct look *look, const char *kind, const char *numbers)
{
	autofree char *target = NULL, *uevent = NULL;
	autostrv char **lines = NULL;
	const char *address, *name;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "/sys/dev/%s/%.32s", kind, numbers);
	address = device_on_path(look, path, &target);
	(void)snprintf(path, sizeof(path), "/sys/dev/%s/%.32s/uevent", kind, numbers);
	if (!address || root_read_attr(look->p->root, path, &uevent) < 0)
		return;
	lines = strv_split(uevent, "\n");
	strv_foreach (line, lines)
		if ((name = after_prefix(line, "DEVNAME="))) {
			add_node(look, address, name,
				streq(kind, "block") ? numbers : NULL);
			return;
		}
}

/* NVIDIA's own driver has nodes that sysfs does not tell of; its /proc tells which. */
static void find_nvidia(struct look *look, const char *address)
{
	autofree char *text = NULL;
	char path[PATH_SIZE], name[32];
	const char *at;

	(void)snprintf(path, sizeof(path), "/proc/driver/nvidia/gpus/%.16s/information",
		address);
	if (root_read_attr(look->p->root, path, &text) < 0 ||
		!(at = strstr(text, "Device Minor:")))
		return;
	(void)snprintf(name, sizeof(name), "nvidia%lu",
		strtoul(at + strlen("Device Minor:"), NULL, 10));
	add_node(look, address, name, NULL);
}

static void find_nodes(struct look *look)
{
	static const char *const kinds[] = { "char", "block" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		autostrv char **list = NULL;
		char dir[PATH_SIZE];

		(void)snprintf(dir, sizeof(dir), "/sys/dev/%s", kinds[i]);
		if (root_list(look->p->root, dir, &list) < 0)
			continue;
		strv_foreach (numbers, list)
			find_node(look, kinds[i], numbers);
	}
	for (size_t i = 0; i < look->devices->n; i++) {
		const char *address = look->devices->list[i].address;
		const struct device *d = host_device(look->p->host, address);
		char name[32];

		if (!d)
			continue;
		find_nvidia(look, d->address);
		if (d->group < 0)
			continue;
		(void)snprintf(name, sizeof(name), "vfio/%d", d->group);
		add_node(look, d->address, name, NULL);
	}
}

/* -- block devices and interfaces -------------------------------------------------- */

static void look_at_block(
	struct look *look, const struct node *node, const struct mounts *mounts)
{
	autostrv char **holders = NULL;
	char path[PATH_SIZE];

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount *m = &mounts->list[i];

		if (streq(m->numbers, node->numbers) || streq(m->source, node->path))
			add_use(look, node->address, 0, true, "%s is mounted on %s",
				node->path, m->point);
	}
	(void)snprintf(path, sizeof(path), "/sys/dev/block/%.32s/holders", node->numbers);
	if (root_list(look->p->root, path, &holders) < 0)
		return;
	strv_foreach (holder, holders)
		add_use(look, node->address, 0, true, "%s is part of %s", node->path,
			holder);
}

static void look_at_swap(struct look *look)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read_text(look->p->root, "/proc/swaps", &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines)
		for (size_t i = 0; i < look->n_nodes; i++) {
			const char *end = after_prefix(line, look->nodes[i].path);

			if (end && isspace((unsigned char)*end))
				add_use(look, look->nodes[i].address, 0, true,
					"%s is used as swap", look->nodes[i].path);
		}
}

static void look_at_blocks(struct look *look)
{
	CLEANUP(mounts_done) struct mounts mounts = { 0 };

	if (mounts_read(look->p->root, &mounts) < 0)
		mounts.n = 0;
	for (size_t i = 0; i < look->n_nodes; i++)
		if (look->nodes[i].numbers)
			look_at_block(look, &look->nodes[i], &mounts);
	look_at_swap(look);
}

#define IFF_UP 1 /* include/uapi/linux/if.h */

static void look_at_interfaces(struct look *look)
{
	autostrv char **names = NULL;

	if (root_list(look->p->root, "/sys/class/net", &names) < 0)
		return;
	strv_foreach (name, names) {
		autofree char *target = NULL, *flags = NULL;
		char path[PATH_SIZE];
		const char *address;

		(void)snprintf(path, sizeof(path), "/sys/class/net/%.64s", name);
		address = device_on_path(look, path, &target);
		(void)snprintf(path, sizeof(path), "/sys/class/net/%.64s/flags", name);
		if (!address || root_read_attr(look->p->root, path, &flags) < 0 ||
			!(strtoul(flags, NULL, 16) & IFF_UP))
			continue;
		add_use(look, address, 0, false, "the interface %s is up", name);
	}
}

/* -- processes --------------------------------------------------------------------- */

/* Nodes that programs keep open for good and let go of when the device is unplugged. */
static const char *const unplugged[] = { "/dev/snd/control", "/dev/snd/seq",
	"/dev/input/", "/dev/hidraw", "/dev/bus/usb/", "/dev/ttyUSB", "/dev/ttyACM",
	"/dev/video", "/dev/media", "/dev/i2c-" };

static bool copes(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(unplugged); i++)
		if (after_prefix(path, unplugged[i]))
			return true;
	return false;
}

static void add_open(struct look *look, unsigned long pid, const char *path)
{
	autofree char *name = NULL;
	char comm[64];

	for (size_t i = 0; i < look->n_nodes; i++) {
		const struct node *node = &look->nodes[i];

		if (!streq(node->path, path))
			continue;
		(void)snprintf(comm, sizeof(comm), "/proc/%lu/comm", pid);
		if (!name && root_read_attr(look->p->root, comm, &name) < 0)
			name = NULL;
		add_use(look, node->address, pid, !copes(path),
			"%s (process %lu) has %s open", name ?: "a program", pid, path);
	}
}

static void look_at_process(struct look *look, unsigned long pid)
{
	autostrv char **fds = NULL;
	char dir[64];
	int r;

	(void)snprintf(dir, sizeof(dir), "/proc/%lu/fd", pid);
	r = root_list(look->p->root, dir, &fds); /* gone meanwhile: it holds nothing */
	look->uses.hidden |= r == -EACCES || r == -EPERM;
	strv_foreach (fd, fds) {
		autofree char *target = NULL;
		char path[PATH_SIZE];

		(void)snprintf(path, sizeof(path), "%s/%.16s", dir, fd);
		if (root_readlink(look->p->root, path, &target) == 0)
			add_open(look, pid, target);
	}
}

static void look_at_processes(struct look *look)
{
	autostrv char **names = NULL;

	if (root_list(look->p->root, "/proc", &names) < 0)
		return;
	strv_foreach (name, names)
		if (isdigit((unsigned char)name[0]))
			look_at_process(look, strtoul(name, NULL, 10));
}

void scan_uses(const struct probe *p, const struct claims *devices)
{
	CLEANUP(look_done) struct look look = { .p = p, .devices = devices };

	find_nodes(&look);
	look_at_blocks(&look);
	look_at_interfaces(&look);
	look_at_processes(&look);
	uses_done(&p->host->uses);
	p->host->uses = look.uses;
	look.uses = (struct uses){ 0 };
}

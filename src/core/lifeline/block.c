// SPDX-License-Identifier: GPL-2.0-or-later
/* From a block device to the layers below it, by what sysfs shows of it. */
#include "core/lifeline/block.h"
#include "core/base/strv.h"
#include "core/lifeline/filesystem.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#include <sys/sysmacros.h>

#define BLOCK "/sys/class/block"
#define SUBSYSTEM "/sys/class/nvme-subsystem"
#define PATH_SIZE 512

static int read_block(
	const struct root *root, const char *name, const char *attribute, char **ret)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), BLOCK "/%.200s/%s", name, attribute);
	return root_read_attr(root, path, ret);
}

int block_of_numbers(const struct root *root, const char *numbers, char **ret)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/sys/dev/block/%.32s", numbers);
	return root_link_name(root, path, ret);
}

/* By the device mapper's own name, for a tree that has no /dev. */
static int block_of_mapper(const struct root *root, const char *mapper, char **ret)
{
	autostrv char **names = NULL;

	if (root_list(root, BLOCK, &names) < 0)
		return -ENOENT;
	strv_foreach (name, names) {
		autofree char *its = NULL;

		if (after_prefix(name, "dm-") &&
			read_block(root, name, "dm/name", &its) == 0 &&
			streq(its, mapper)) {
			*ret = xstrdup(name);
			return 0;
		}
	}
	return -ENOENT;
}

/* The last name of a link, or of the path; sysfs writes cciss/c0d0 as cciss!c0d0. */
static int block_of_name(const struct root *root, const char *source, char **ret)
{
	autofree char *name = NULL;
	char path[PATH_SIZE];

	if (root_link_name(root, source, &name) < 0) /* /dev/mapper/x -> ../dm-0 */
		name = xstrdup(source + strlen("/dev/"));
	for (char *slash = name; (slash = strchr(slash, '/'));)
		*slash = '!';
	(void)snprintf(path, sizeof(path), BLOCK "/%.200s", name);
	if (!root_exists(root, path))
		return -ENOENT;
	*ret = TAKE(name);
	return 0;
}

int block_of_source(const struct root *root, const char *source, char **ret)
{
	const char *mapper = after_prefix(source, "/dev/mapper/");
	struct stat st;
	char numbers[32];
	int r;

	if (!after_prefix(source, "/dev/"))
		return -ENOENT;
	if (root_stat(root, source, &st) == 0 && S_ISBLK(st.st_mode)) {
		(void)snprintf(numbers, sizeof(numbers), "%u:%u", major(st.st_rdev),
			minor(st.st_rdev));
		if (block_of_numbers(root, numbers, ret) == 0)
			return 0;
	}
	r = block_of_name(root, source, ret);
	return r == -ENOENT && mapper ? block_of_mapper(root, mapper, ret) : r;
}

/* Beginnings of path components in sysfs, of disks that are elsewhere. */
static const struct {
	const char *part, *what;
	bool fabric; /* Fibre Channel too carries it */
} remote[] = {
	{ "/etherd!", "ATA over Ethernet", false },
	{ "/nbd", "a network block device", false },
	{ "/nvme-fabrics/", "NVMe over fabrics", true },
	{ "/rbd", "Ceph RBD", false },
	{ "/rnbd", "RDMA", false },
	{ "/session", "iSCSI", false },
	{ "devices/virtual/net/", "FCoE", false },
};

static bool walk_remote(struct walk *w, const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(remote); i++) {
		if (!strstr(target, remote[i].part))
			continue;
		if (remote[i].fabric)
			walk_lost(w, SUSPECT_DISKS, "%s", remote[i].what);
		walk_lost(w, SUSPECT_CARDS, "%s", remote[i].what);
		return true;
	}
	return false;
}

/* A device of some bus. One without PCI above it (eMMC, Xen) hangs on no PCI device. */
static bool arrive(struct walk *w, const char *target)
{
	return walk_arrive(w, target) || walk_remote(w, target);
}

/* What follows: each knows one kind of virtual disk, and tells whether that is it. */

/* Memory; but zram may write to a disk (Documentation/admin-guide/blockdev/zram.rst). */
static bool in_memory(struct walk *w, const char *name, const char *target)
{
	autofree char *backing = NULL;

	(void)target;
	if (after_prefix(name, "ram"))
		return true;
	if (!after_prefix(name, "zram"))
		return false;
	if (read_block(w->trace->root, name, "backing_dev", &backing) < 0)
		return true;
	if (after_prefix(backing, "/dev/"))
		walk_source(w, backing);
	else if (backing[0] == '/')
		walk_file(w, backing);
	return true;
}

static bool on_remote(struct walk *w, const char *name, const char *target)
{
	(void)name;
	return walk_remote(w, target);
}

/*
 * With native multipath the disk hangs on the subsystem, which links its controllers:
 * nvme0, nvme1 (drivers/nvme/host/core.c, nvme_init_subsystem).
 */
static bool on_nvme_subsystem(struct walk *w, const char *name, const char *target)
{
	autostrv char **names = NULL;
	const char *subsystem = strstr(target, "/nvme-subsys");
	char path[PATH_SIZE];
	bool found = false;
	int n;

	(void)name;
	subsystem = subsystem ? strstr(subsystem + 1, "/nvme-subsys") : NULL;
	if (!subsystem)
		return false;
	n = snprintf(path, sizeof(path), SUBSYSTEM "%.*s",
		(int)strcspn(subsystem + 1, "/") + 1, subsystem);
	if (root_list(w->trace->root, path, &names) < 0)
		return false;
	strv_foreach (controller, names) {
		autofree char *link = NULL;
		const char *number = after_prefix(controller, "nvme");

		if (!number || !*number || number[strspn(number, "0123456789")])
			continue;
		(void)snprintf(path + n, sizeof(path) - (size_t)n, "/%.64s", controller);
		if (root_readlink(w->trace->root, path, &link) == 0 &&
			walk_enter(w, controller)) {
			arrive(w, link);
			walk_leave(w);
			found = true;
		}
	}
	return found;
}

static bool on_file(struct walk *w, const char *name, const char *target)
{
	autofree char *file = NULL, *device = NULL;

	(void)target;
	if (read_block(w->trace->root, name, "loop/backing_file", &file) < 0)
		return false;
	if (has_suffix(file, " (deleted)"))
		file[strlen(file) - strlen(" (deleted)")] = '\0';
	if (block_of_source(w->trace->root, file, &device) == 0)
		walk_block(w, device);
	else
		walk_file(w, file);
	return true;
}

/* Device mapper, md, bcache: the kernel links what they hold. */
static bool on_slaves(struct walk *w, const char *name, const char *target)
{
	autostrv char **slaves = NULL;
	char path[PATH_SIZE];

	(void)target;
	(void)snprintf(path, sizeof(path), BLOCK "/%.200s/slaves", name);
	if (root_list(w->trace->root, path, &slaves) < 0)
		return false;
	strv_foreach (slave, slaves)
		walk_block(w, slave);
	return slaves;
}

static bool (*const kinds[])(struct walk *w, const char *name, const char *target) = {
	in_memory,
	on_remote,
	on_nvme_subsystem,
	on_file,
	on_slaves,
};

static void walk_virtual(struct walk *w, const char *name, const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i](w, name, target))
			return;
	walk_lost(w, SUSPECT_DISKS, "what is below it is not known");
}

/* A partition's layers are its disk's: the last directory but one. */
static void walk_below(struct walk *w, const char *name, char *target)
{
	char path[PATH_SIZE], *slash = strrchr(target, '/');

	if (!path_is_virtual(target)) {
		arrive(w, target);
		return;
	}
	(void)snprintf(path, sizeof(path), BLOCK "/%.200s/partition", name);
	if (root_exists(w->trace->root, path)) {
		*slash = '\0'; /* there is another: the path is a virtual one */
		name = strrchr(target, '/') + 1;
	}
	walk_virtual(w, name, target);
}

void walk_block(struct walk *w, const char *name)
{
	autofree char *target = NULL, *mapper = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), BLOCK "/%.200s", name);
	if (root_readlink(w->trace->root, path, &target) < 0) {
		walk_lost(w, SUSPECT_DISKS, BLOCK " has no link %s", name);
		return;
	}
	(void)read_block(w->trace->root, name, "dm/name", &mapper);
	if (!walk_enter(w, mapper ?: name)) {
		walk_lost(w, SUSPECT_DISKS, "%s lies on itself", name);
		return;
	}
	walk_below(w, name, target);
	walk_leave(w);
}

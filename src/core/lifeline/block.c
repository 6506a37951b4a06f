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
	int r = root_list(root, BLOCK, &names);

	strv_foreach (name, names) {
		autofree char *its = NULL;

		r = after_prefix(name, "dm-") ? read_block(root, name, "dm/name", &its)
					      : -ENOENT;
		if (r == -ENOMEM)
			return r;
		if (r == 0 && streq(its, mapper))
			return (*ret = strdup(name)) ? 0 : -ENOMEM;
	}
	return r == -ENOMEM ? r : -ENOENT;
}

/* The last name of a link, or of the path; sysfs writes cciss/c0d0 as cciss!c0d0. */
static int block_of_name(const struct root *root, const char *source, char **ret)
{
	autofree char *name = NULL;
	char path[PATH_SIZE];
	int r = root_link_name(root, source, &name); /* /dev/mapper/x -> ../dm-0 */

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		name = strdup(source + strlen("/dev/"));
	if (!name)
		return -ENOMEM;
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
		r = block_of_numbers(root, numbers, ret);
		if (r == 0 || r == -ENOMEM)
			return r;
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

static int walk_remote(struct walk *w, const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(remote); i++) {
		int r = 0;

		if (!strstr(target, remote[i].part))
			continue;
		if (remote[i].fabric)
			r = walk_lost(w, SUSPECT_DISKS, "%s", remote[i].what);
		if (r == 0)
			r = walk_lost(w, SUSPECT_CARDS, "%s", remote[i].what);
		return r < 0 ? r : 1;
	}
	return 0;
}

/* A device of some bus. One without PCI above it (eMMC, Xen) hangs on no PCI device. */
static int arrive(struct walk *w, const char *target)
{
	int r = walk_arrive(w, target);

	return r ? r : walk_remote(w, target);
}

/* What follows: each knows one kind of virtual disk. 1: that is it, 0: it is not. */

/* Memory; but zram may write to a disk (Documentation/admin-guide/blockdev/zram.rst). */
static int in_memory(struct walk *w, const char *name, const char *target)
{
	autofree char *backing = NULL;
	int r;

	(void)target;
	if (after_prefix(name, "ram"))
		return 1;
	if (!after_prefix(name, "zram"))
		return 0;
	r = read_block(w->trace->root, name, "backing_dev", &backing);
	if (r == 0 && backing[0] == '/')
		r = after_prefix(backing, "/dev/") ? walk_source(w, backing)
						   : walk_file(w, backing);
	return r == -ENOMEM ? r : 1;
}

static int on_remote(struct walk *w, const char *name, const char *target)
{
	(void)name;
	return walk_remote(w, target);
}

/*
 * With native multipath the disk hangs on the subsystem, which links its controllers:
 * nvme0, nvme1 (drivers/nvme/host/core.c, nvme_init_subsystem).
 */
static int on_nvme_subsystem(struct walk *w, const char *name, const char *target)
{
	autostrv char **names = NULL;
	const char *subsystem = strstr(target, "/nvme-subsys");
	char path[PATH_SIZE];
	int n, found = 0;

	(void)name;
	subsystem = subsystem ? strstr(subsystem + 1, "/nvme-subsys") : NULL;
	if (!subsystem)
		return 0;
	n = snprintf(path, sizeof(path), SUBSYSTEM "%.*s",
		(int)strcspn(subsystem + 1, "/") + 1, subsystem);
	if (root_list(w->trace->root, path, &names) == -ENOMEM)
		return -ENOMEM;
	strv_foreach (controller, names) {
		autofree char *link = NULL;
		const char *number = after_prefix(controller, "nvme");
		int r;

		if (!number || !*number || number[strspn(number, "0123456789")])
			continue;
		(void)snprintf(path + n, sizeof(path) - (size_t)n, "/%.64s", controller);
		r = root_readlink(w->trace->root, path, &link);
		if (r == 0)
			r = walk_enter(w, controller);
		if (r > 0) {
			r = arrive(w, link);
			walk_leave(w);
			found++;
		}
		if (r == -ENOMEM)
			return r;
	}
	return found ? 1 : 0;
}

static int on_file(struct walk *w, const char *name, const char *target)
{
	autofree char *file = NULL, *device = NULL;
	int r = read_block(w->trace->root, name, "loop/backing_file", &file);

	(void)target;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (has_suffix(file, " (deleted)"))
		file[strlen(file) - strlen(" (deleted)")] = '\0';
	r = block_of_source(w->trace->root, file, &device);
	if (r != -ENOMEM)
		r = r == 0 ? walk_block(w, device) : walk_file(w, file);
	return r < 0 ? r : 1;
}

/* Device mapper, md, bcache: the kernel links what they hold. */
static int on_slaves(struct walk *w, const char *name, const char *target)
{
	autostrv char **slaves = NULL;
	char path[PATH_SIZE];

	(void)target;
	(void)snprintf(path, sizeof(path), BLOCK "/%.200s/slaves", name);
	if (root_list(w->trace->root, path, &slaves) == -ENOMEM)
		return -ENOMEM;
	strv_foreach (slave, slaves)
		if (walk_block(w, slave) < 0)
			return -ENOMEM;
	return slaves ? 1 : 0;
}

static int (*const kinds[])(struct walk *w, const char *name, const char *target) = {
	in_memory,
	on_remote,
	on_nvme_subsystem,
	on_file,
	on_slaves,
};

static int walk_virtual(struct walk *w, const char *name, const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		int r = kinds[i](w, name, target);

		if (r)
			return r < 0 ? r : 0;
	}
	return walk_lost(w, SUSPECT_DISKS, "what is below it is not known");
}

/* A partition's layers are its disk's: the last directory but one. */
static int walk_below(struct walk *w, const char *name, char *target)
{
	char path[PATH_SIZE], *slash = strrchr(target, '/');

	if (!path_is_virtual(target)) {
		int r = arrive(w, target);

		return r < 0 ? r : 0;
	}
	(void)snprintf(path, sizeof(path), BLOCK "/%.200s/partition", name);
	if (!root_exists(w->trace->root, path))
		return walk_virtual(w, name, target);
	*slash = '\0';
	slash = strrchr(target, '/'); /* there is one: the path is a virtual one */
	return walk_virtual(w, slash + 1, target);
}

int walk_block(struct walk *w, const char *name)
{
	autofree char *target = NULL, *mapper = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), BLOCK "/%.200s", name);
	r = root_readlink(w->trace->root, path, &target);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return walk_lost(w, SUSPECT_DISKS, BLOCK " has no link %s", name);
	if (read_block(w->trace->root, name, "dm/name", &mapper) == -ENOMEM)
		return -ENOMEM;
	r = walk_enter(w, mapper ?: name);
	if (r <= 0)
		return r < 0 ? r : walk_lost(w, SUSPECT_DISKS, "%s lies on itself", name);
	r = walk_below(w, name, target);
	walk_leave(w);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* From a mounted file system to what it lies on, by its type. */
#include "core/lifeline/filesystem.h"
#include "core/base/strv.h"
#include "core/lifeline/block.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#define BTRFS "/sys/fs/btrfs"
#define PATH_SIZE 512

int walk_source(struct walk *w, const char *source)
{
	autofree char *name = NULL;
	int r = block_of_source(w->trace->root, source, &name);

	if (r == -ENOMEM)
		return r;
	return r < 0 ? walk_lost(w, SUSPECT_DISKS, "there is no device %s", source)
		     : walk_block(w, name);
}

int walk_file(struct walk *w, const char *path)
{
	const struct mount *m = mounts_find(&w->trace->mounts, path);
	int r;

	if (path[0] != '/' || !m)
		return walk_lost(w, SUSPECT_DISKS, "it is not known where %s lies", path);
	r = walk_enter(w, path);
	if (r <= 0)
		return r < 0 ? r : walk_lost(w, SUSPECT_DISKS, "%s lies on itself", path);
	r = walk_mount(w, m);
	walk_leave(w);
	return r;
}

static int nothing(struct walk *w, const struct mount *m)
{
	(void)w;
	(void)m;
	return 0;
}

static int over_network(struct walk *w, const struct mount *m)
{
	return walk_lost(
		w, SUSPECT_CARDS, "%s, %s: over the network", m->source, m->type);
}

static int zfs(struct walk *w, const struct mount *m)
{
	return walk_lost(w, SUSPECT_DISKS,
		"%s: zpool alone knows the disks of a ZFS pool", m->source);
}

/* "/dev/sda2:/dev/sdb2" */
static int bcachefs(struct walk *w, const struct mount *m)
{
	autostrv char **members = NULL;

	if (strv_split(m->source, ":", &members) < 0)
		return -ENOMEM;
	strv_foreach (member, members)
		if (walk_source(w, member) < 0)
			return -ENOMEM;
	return 0;
}

/* Walks the members of the file system in BTRFS/UUID if only is one of them, or NULL. */
static int btrfs_members(
	struct walk *w, const char *uuid, const char *only, bool *ret_found)
{
	autostrv char **members = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), BTRFS "/%.100s/devices", uuid);
	r = root_list(w->trace->root, path, &members);
	if (r < 0)
		return r == -ENOMEM ? r : 0; /* BTRFS/features */
	if (only && !strv_has(members, only))
		return 0;
	strv_foreach (member, members) {
		*ret_found = true;
		if (walk_block(w, member) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* btrfs has numbers of its own and names one member as its source; sysfs has them all. */
static int btrfs(struct walk *w, const struct mount *m)
{
	autofree char *name = NULL;
	autostrv char **uuids = NULL;
	bool found = false;
	int r = block_of_source(w->trace->root, m->source, &name);

	if (r != -ENOMEM)
		r = root_list(w->trace->root, BTRFS, &uuids);
	strv_foreach (uuid, uuids)
		if (name && btrfs_members(w, uuid, name, &found) < 0)
			return -ENOMEM;
	/* The source may be a name of the past ("/dev/root"): then it is one of these. */
	strv_foreach (uuid, uuids)
		if (!found && btrfs_members(w, uuid, NULL, &found) < 0)
			return -ENOMEM;
	if (r == -ENOMEM || found)
		return r == -ENOMEM ? r : 0;
	if (name && walk_block(w, name) < 0)
		return -ENOMEM;
	return walk_lost(w, SUSPECT_DISKS,
		"%s: " BTRFS " does not show the members of the file system", m->source);
}

/* Options whose value is a directory, or several. */
static const char *const overlay_layers[] = {
	"lowerdir=", "lowerdir+=", "datadir+=", "upperdir="
};

static int overlay_option(struct walk *w, char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(overlay_layers); i++) {
		const char *value = after_prefix(option, overlay_layers[i]);
		autostrv char **paths = NULL;

		if (!value)
			continue;
		if (strv_split(mounts_unescape(option) + (value - option), ":", &paths) <
			0)
			return -ENOMEM;
		strv_foreach (path, paths)
			if (walk_file(w, path) < 0)
				return -ENOMEM;
	}
	return 0;
}

static int overlay(struct walk *w, const struct mount *m)
{
	autostrv char **options = NULL;

	if (strv_split(m->options, ",", &options) < 0)
		return -ENOMEM;
	if (!strstr(m->options, "lowerdir"))
		return walk_lost(
			w, SUSPECT_DISKS, "an overlay whose layers are not told");
	strv_foreach (option, options)
		if (overlay_option(w, option) < 0)
			return -ENOMEM;
	return 0;
}

/* A directory of the machine this one is a guest of, by a virtio device. */
static int from_virtio(struct walk *w, const char *driver, const struct mount *m)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];
	int r = 0, found = 0;

	(void)snprintf(path, sizeof(path), "/sys/bus/virtio/drivers/%s", driver);
	if (root_list(w->trace->root, path, &names) == -ENOMEM)
		return -ENOMEM;
	strv_foreach (name, names) {
		autofree char *target = NULL;

		if (!after_prefix(name, "virtio"))
			continue;
		(void)snprintf(path, sizeof(path), "/sys/bus/virtio/drivers/%s/%.100s",
			driver, name);
		r = root_readlink(w->trace->root, path, &target);
		if (r == 0)
			r = walk_enter(w, m->source);
		if (r > 0) {
			r = walk_arrive(w, target);
			walk_leave(w);
		}
		if (r == -ENOMEM)
			return r;
		found += r >= 0;
	}
	return found ? 0 : over_network(w, m);
}

static int virtiofs(struct walk *w, const struct mount *m)
{
	return from_virtio(w, "virtiofs", m);
}

static int plan9(struct walk *w, const struct mount *m)
{
	return from_virtio(w, "9pnet_virtio", m);
}

/* Types whose major number is 0. Those in memory, and the kernel's own: fs/, kernel/. */
static const struct {
	const char *type;
	int (*walk)(struct walk *w, const struct mount *m);
} types[] = {
	{ "btrfs", btrfs },
	{ "bcachefs", bcachefs },
	{ "zfs", zfs },
	{ "overlay", overlay },
	{ "virtiofs", virtiofs },
	{ "9p", plan9 },
	{ "nfs", over_network },
	{ "nfs4", over_network },
	{ "cifs", over_network },
	{ "smb3", over_network },
	{ "ceph", over_network },
	{ "afs", over_network },
	{ "lustre", over_network },
	{ "beegfs", over_network },
	{ "orangefs", over_network },
	{ "fuse.ceph", over_network },
	{ "fuse.glusterfs", over_network },
	{ "fuse.rclone", over_network },
	{ "fuse.s3fs", over_network },
	{ "fuse.sshfs", over_network },
	{ "autofs", nothing },
	{ "binfmt_misc", nothing },
	{ "bpf", nothing },
	{ "cgroup", nothing },
	{ "cgroup2", nothing },
	{ "configfs", nothing },
	{ "cpuset", nothing },
	{ "debugfs", nothing },
	{ "devpts", nothing },
	{ "devtmpfs", nothing },
	{ "efivarfs", nothing },
	{ "fusectl", nothing },
	{ "hugetlbfs", nothing },
	{ "mqueue", nothing },
	{ "nfsd", nothing },
	{ "nsfs", nothing },
	{ "proc", nothing },
	{ "pstore", nothing },
	{ "ramfs", nothing },
	{ "resctrl", nothing },
	{ "rootfs", nothing },
	{ "rpc_pipefs", nothing },
	{ "securityfs", nothing },
	{ "selinuxfs", nothing },
	{ "smackfs", nothing },
	{ "sysfs", nothing },
	{ "tmpfs", nothing },
	{ "tracefs", nothing },
	{ "xenfs", nothing },
};

/*
 * A FUSE file system is a process: it works on files, whose file systems are mounted and
 * counted themselves, or on a device that it names as its source. Only what the host
 * stands on is not left to that.
 */
static bool is_harmless(const struct mount *m)
{
	static const char *const kernels[] = { "/dev/", "/proc/", "/sys/" };
	static const char *const vital[] = { "/", "/boot", "/home", "/usr" };

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (after_prefix(m->point, kernels[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(vital); i++)
		if (streq(m->point, vital[i]))
			return false;
	return after_prefix(m->type, "fuse");
}

static int other_type(struct walk *w, const struct mount *m)
{
	if (after_prefix(m->source, "/dev/") && !streq(m->source, "/dev/fuse"))
		return walk_source(w, m->source);
	if (is_harmless(m))
		return 0;
	if (after_prefix(m->source, "//") || strstr(m->source, ":/"))
		return over_network(w, m);
	if (after_prefix(m->source, "/") && !streq(m->source, "/dev/fuse"))
		return walk_file(
			w, m->source); /* an image without a loop device: erofs */
	return walk_lost(
		w, SUSPECT_DISKS, "%s, a file system of type %s", m->source, m->type);
}

int walk_mount(struct walk *w, const struct mount *m)
{
	autofree char *name = NULL;
	int r = after_prefix(m->numbers, "0:")
			? -ENOENT
			: block_of_numbers(w->trace->root, m->numbers, &name);

	if (r == -ENOMEM)
		return r;
	if (r == 0)
		return walk_block(w, name);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(m->type, types[i].type))
			return types[i].walk(w, m);
	return other_type(w, m);
}

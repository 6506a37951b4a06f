// SPDX-License-Identifier: GPL-2.0-or-later
/* From a mounted file system to what it lies on, by its type. */
#include "core/lifeline/filesystem.h"
#include "core/base/strv.h"
#include "core/lifeline/block.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#define BTRFS "/sys/fs/btrfs"
#define PATH_SIZE 512

void walk_source(struct walk *w, const char *source)
{
	autofree char *name = NULL;

	if (block_of_source(w->trace->root, source, &name) == 0)
		walk_block(w, name);
	else
		walk_lost(w, SUSPECT_DISKS, "there is no device %s", source);
}

void walk_file(struct walk *w, const char *path)
{
	const struct mount *m = mounts_find(&w->trace->mounts, path);

	if (path[0] != '/' || !m) {
		walk_lost(w, SUSPECT_DISKS, "it is not known where %s lies", path);
	} else if (!walk_enter(w, path)) {
		walk_lost(w, SUSPECT_DISKS, "%s lies on itself", path);
	} else {
		walk_mount(w, m);
		walk_leave(w);
	}
}

static void nothing(struct walk *w, const struct mount *m)
{
	(void)w;
	(void)m;
}

static void over_network(struct walk *w, const struct mount *m)
{
	walk_lost(w, SUSPECT_CARDS, "%s, %s: over the network", m->source, m->type);
}

static void zfs(struct walk *w, const struct mount *m)
{
	walk_lost(w, SUSPECT_DISKS, "%s: zpool alone knows the disks of a ZFS pool",
		m->source);
}

/* "/dev/sda2:/dev/sdb2" */
static void bcachefs(struct walk *w, const struct mount *m)
{
	autostrv char **members = strv_split(m->source, ":");

	strv_foreach (member, members)
		walk_source(w, member);
}

/* Walks the members of the file system in BTRFS/UUID if only is one of them, or NULL:
 * whether it did. */
static bool btrfs_members(struct walk *w, const char *uuid, const char *only)
{
	autostrv char **members = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), BTRFS "/%.100s/devices", uuid);
	if (root_list(w->trace->root, path, &members) < 0)
		return false; /* BTRFS/features */
	if (only && !strv_has(members, only))
		return false;
	strv_foreach (member, members)
		walk_block(w, member);
	return members;
}

/* btrfs has numbers of its own and names one member as its source; sysfs has them all. */
static void btrfs(struct walk *w, const struct mount *m)
{
	autofree char *name = NULL;
	autostrv char **uuids = NULL;
	bool known = block_of_source(w->trace->root, m->source, &name) == 0;
	bool found = false;

	if (root_list(w->trace->root, BTRFS, &uuids) == 0) {
		strv_foreach (uuid, uuids)
			if (known && btrfs_members(w, uuid, name))
				found = true;
		/* The source may be a name of the past ("/dev/root"): then it is one of
		 * these. */
		strv_foreach (uuid, uuids)
			if (!found)
				found = btrfs_members(w, uuid, NULL);
	}
	if (found)
		return;
	if (known)
		walk_block(w, name);
	walk_lost(w, SUSPECT_DISKS,
		"%s: " BTRFS " does not show the members of the file system", m->source);
}

/* Options whose value is a directory, or several. */
static const char *const overlay_layers[] = {
	"lowerdir=", "lowerdir+=", "datadir+=", "upperdir="
};

static void overlay_option(struct walk *w, char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(overlay_layers); i++) {
		const char *value = after_prefix(option, overlay_layers[i]);
		autostrv char **paths = NULL;

		if (!value)
			continue;
		paths = strv_split(mounts_unescape(option) + (value - option), ":");
		strv_foreach (path, paths)
			walk_file(w, path);
	}
}

static void overlay(struct walk *w, const struct mount *m)
{
	autostrv char **options = strv_split(m->options, ",");

	if (!strstr(m->options, "lowerdir")) {
		walk_lost(w, SUSPECT_DISKS, "an overlay whose layers are not told");
		return;
	}
	strv_foreach (option, options)
		overlay_option(w, option);
}

/* A directory of the machine this one is a guest of, by a virtio device. */
static void from_virtio(struct walk *w, const char *driver, const struct mount *m)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];
	bool found = false;

	(void)snprintf(path, sizeof(path), "/sys/bus/virtio/drivers/%s", driver);
	if (root_list(w->trace->root, path, &names) == 0)
		strv_foreach (name, names) {
			autofree char *target = NULL;

			if (!after_prefix(name, "virtio"))
				continue;
			(void)snprintf(path, sizeof(path),
				"/sys/bus/virtio/drivers/%s/%.100s", driver, name);
			if (root_readlink(w->trace->root, path, &target) < 0)
				continue;
			found = true;
			if (walk_enter(w, m->source)) {
				walk_arrive(w, target);
				walk_leave(w);
			}
		}
	if (!found)
		over_network(w, m);
}

static void virtiofs(struct walk *w, const struct mount *m)
{
	from_virtio(w, "virtiofs", m);
}

static void plan9(struct walk *w, const struct mount *m)
{
	from_virtio(w, "9pnet_virtio", m);
}

/* Types whose major number is 0. Those in memory, and the kernel's own: fs/, kernel/. */
static const struct {
	const char *type;
	void (*walk)(struct walk *w, const struct mount *m);
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

static void other_type(struct walk *w, const struct mount *m)
{
	if (after_prefix(m->source, "/dev/") && !streq(m->source, "/dev/fuse"))
		walk_source(w, m->source);
	else if (is_harmless(m))
		return;
	else if (after_prefix(m->source, "//") || strstr(m->source, ":/"))
		over_network(w, m);
	else if (after_prefix(m->source, "/") && !streq(m->source, "/dev/fuse"))
		walk_file(w, m->source); /* an image without a loop device: erofs */
	else
		walk_lost(w, SUSPECT_DISKS, "%s, a file system of type %s", m->source,
			m->type);
}

void walk_mount(struct walk *w, const struct mount *m)
{
	autofree char *name = NULL;

	if (!after_prefix(m->numbers, "0:") &&
		block_of_numbers(w->trace->root, m->numbers, &name) == 0) {
		walk_block(w, name);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(m->type, types[i].type)) {
			types[i].walk(w, m);
			return;
		}
	other_type(w, m);
}

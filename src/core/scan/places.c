// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/places.h"
#include "core/base/strv.h"
#include "core/lifeline/mounts.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

/* A disk with the /proc of the system that mounted it: those are not its mounts. */
static bool is_foreign_proc(const struct root *root)
{
	autoclose int fd = root_openat(root, "/proc", O_PATH | O_DIRECTORY, 0);
	struct statfs fs;

	return root_kind(root) != ROOT_LIVE && fd >= 0 && fstatfs(fd, &fs) == 0 &&
	       fs.f_type == PROC_SUPER_MAGIC;
}

/* dracut makes /run/overlayfs a link to where changes are kept, if they are
 * (90dmsquash-live/dmsquash-live-root.sh): the kernel tells the name it was given. */
static void resolve_upper(const struct root *root, struct mount *m)
{
	autofree char *target = NULL;

	if (m->upper && root_readlink(root, m->upper, &target) == 0 && target[0] == '/') {
		free(m->upper);
		m->upper = TAKE(target);
	}
}

/* What is mounted has the name behind it. */
static void resolve_point(const struct root *root, struct fstab_line *l)
{
	autofree char *target = NULL;

	if (root_readlink(root, l->point, &target) == 0 && target[0] == '/') {
		free(l->point);
		l->point = TAKE(target);
	}
}

static bool is_empty(const struct root *root, const char *dir)
{
	autostrv char **names = NULL;
	int r = root_list(root, dir, &names);

	return r == -ENOENT || (r == 0 && !names);
}

void places_read(const struct root *root, struct places *ret)
{
	autofree char *fstab = NULL;

	*ret = (struct places){ 0 };
	ret->known = !is_foreign_proc(root) && mounts_read(root, &ret->mounts) == 0;
	for (size_t i = 0; i < ret->mounts.n; i++)
		resolve_upper(root, &ret->mounts.list[i]);
	if (!ret->known || root_read_attr(root, "/proc/cmdline", &ret->cmdline) < 0)
		ret->cmdline = NULL;
	if (root_read_text(root, "/etc/fstab", &fstab, NULL) == 0)
		places_read_fstab(ret, fstab);
	for (size_t i = 0; i < ret->n_fstab; i++) {
		resolve_point(root, &ret->fstab[i]);
		ret->fstab[i].empty = is_empty(root, ret->fstab[i].point);
	}
}

void scan_places(const struct probe *p)
{
	places_read(p->root, &p->host->places);
}

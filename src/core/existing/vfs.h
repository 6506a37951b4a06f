/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who else makes virtual functions (SR-IOV) at boot: their number is 0 when the kernel
 * starts, and what exists now may have been made by hand
 * (Documentation/PCI/pci-iov-howto.rst).
 */
#pragma once

#include "core/format/modprobe.h"
#include "core/host/host.h"

/* What looks at all that vfs_makers_find() knows, for a sentence that says "none". */
#define VFS_PLACES                                                                       \
	"udev's rules, tmpfiles.d, sysfs.conf, modprobe.d, the kernel command line, network configuration, units and scripts"

struct vfs_maker {
	const char *path; /* borrowed from the host; NULL: the kernel command line, or its
			     driver by itself */
	size_t line;
	const char *word; /* "max_vfs", where path is NULL; NULL: the driver by itself */
	long number; /* -1: not to be told */
	bool certain; /* it does so at every boot; else it may: a script, for one */
};

struct vfs_makers {
	struct vfs_maker *list;
	size_t n;
};

void existing_watch_vfs(struct watches *watches);

/* All of them for the physical function pf, by the host's files and words; pciferry's own
 * rule is one. */
void vfs_makers_find(const struct host *host, const struct modprobe_lines *modprobe,
	char *const *kargs, const struct device *pf, struct vfs_makers *ret);
void vfs_makers_done(struct vfs_makers *makers);

/* The first one that is the user's and sets another number at every boot, or NULL. */
const struct vfs_maker *vfs_makers_other(const struct vfs_makers *makers, long number);
/* "FILE:LINE". */
char *vfs_maker_place(const struct vfs_maker *maker) RETURNS_MEMORY;

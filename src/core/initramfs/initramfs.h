/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initramfs generators: how each gets vfio-pci and our files into its images. One row
 * for each, one file for each; the first whose evidence holds on the host is it.
 */
#pragma once

#include "core/plan/build.h"

/* When an image loads vfio-pci by itself, whether or not a softdep or an alias does. */
enum image_load {
	IMAGE_LOADS_NOT,
	IMAGE_LOADS, /* beside udev or after it: no order to rely on */
	IMAGE_LOADS_FIRST, /* before udev loads anything */
};

struct initramfs {
	const char *id; /* "initramfs-tools" */
	const char *title;
	bool (*builds)(const struct host *host); /* reads through host->root */
	/* Where a script of ours runs before udev, or NULL: what drivers in the kernel
	 * need. */
	const char *early_script;
	/* Adds the changes that have vfio-pci in the images, or take it out again. */
	int (*set)(struct build *b, bool wanted);
	/* Whether images get a copy of this file in /etc; and of vfio-pci. For forecasts:
	 * host's files are those that the plan leaves. */
	bool (*holds)(const struct host *host, const char *path);
	enum image_load (*loads)(const struct host *host, char *const *words);
	const char *const *refresh;
	const char *refresh_why;
	/* The path of a kernel's image, made by refresh, and what lists its content. */
	int (*image)(const struct build *b, const struct kernel *k, char **ret);
	const char *const *list;
};

const struct initramfs *initramfs_detect(const struct host *host);

extern const struct initramfs initramfs_tools;

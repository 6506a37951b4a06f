/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initramfs generators: how each gets vfio-pci and our files into its images. One row
 * for each, one file for each. Which one makes this host's images is told by evidence:
 * that it is installed, that something here runs it, that images of its naming are there.
 */
#pragma once

#include "core/host/probe.h"
#include "core/plan/draft.h"

/* When an image loads vfio-pci by itself, whether or not a softdep or an alias does. */
enum image_load {
	IMAGE_LOADS_NOT,
	IMAGE_LOADS, /* beside udev or after it: no order to rely on */
	IMAGE_LOADS_FIRST, /* before udev loads anything */
};

/* What of vfio-pci and another module, both in an image that loads vfio-pci, is first. */
enum image_order {
	ORDER_SOFTDEP, /* vfio-pci where a softdep there says so */
	ORDER_FIRST, /* vfio-pci, whatever softdeps say */
	ORDER_NOT, /* not certain, whatever softdeps say */
};

struct initramfs {
	const char *id; /* "dracut" */
	const char *title;
	/* Paths, ended by NULL: all must be there; each of the others speaks for it. */
	const char *const *needs, *const *signs;
	/* Whether it may be then; reads the host. NULL: it may. */
	bool (*detect)(const struct probe *p);
	/* Fills g->off where its command is switched off here; reads the host. NULL: it
	 * cannot be. */
	void (*look_off)(const struct probe *p, struct generator *g);
	/* What a plugin of kernel-install's is called, by which it is named in
	 * install.conf, or NULL. */
	const char *plugin;
	/* Where a kernel's image is, the first that is there, else the first: '@' is the
	 * kernel's release, '%' its package (Arch), '$' the host's machine ID. */
	const char *const *images;
	/* What lists an image's content; the image is appended. */
	const char *const *list;
	/* Where a script of ours runs before udev, or NULL: what drivers in the kernel
	 * need. What images call it, where not by its own name; what stands before and
	 * after the common part, or NULL; and another file that has it put into the
	 * images, or NULL. */
	const char *early_script, *early_held;
	const char *early_head, *early_tail;
	const char *early_file, *early_file_text;
	/* What else it reads or changes. */
	const struct watched *watched;
	/* Adds the changes that have vfio-pci (where b->vfio_loadable) and our files in
	 * the images, or take them out again. */
	void (*write)(struct draft *draft, bool wanted);
	bool no_files; /* images hold what our files say, but not the files */
	/* For forecasts; host's files are those that the plan leaves: whether images go
	 * by this file of /etc, and what they do about vfio-pci. */
	bool (*holds)(const struct host *host, const char *path);
	enum image_load (*loads)(const struct host *host, char *const *kargs);
	/* NULL: IMAGE_LOADS_FIRST is before all, else softdeps decide. */
	enum image_order (*order)(const struct host *host, const struct kernel *k,
		char *const *kargs, const char *module);
	/* Why it fails, or leaves things out, as it is configured: sentences; NULL: it
	 * does not. Kernels that lack a module which its lists name are such. */
	char **(*trouble)(const struct host *host);
	/* NULL: nothing is to be run. */
	const char *const *refresh;
	const char *refresh_why;
};

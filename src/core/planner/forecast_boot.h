/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot goes by, and which driver each device gets from it: the files and the
 * kernel command line as they are, or as the plan leaves them. The order of what happens
 * (drivers of the kernel, the initramfs, udev, modules-load) is that of the kernel's
 * initcalls, of the initramfs generators and of systemd; libkmod's rules are those of
 * modprobe.d(5) and libkmod-module.c.
 */
#pragma once

#include "core/format/modprobe.h"
#include "core/initramfs/initramfs.h"
#include "core/plan/draft.h"

struct forecast_state {
	const struct draft *draft;
	struct host
		host; /* the host, but for files: borrowed, with a list of files anew */
	struct modprobe_lines modprobe;
	char **kargs; /* of the kernel command line; see strv.h */
	struct acts acts; /* what else the host's files do to devices */
	bool iommu; /* it will translate */
};

/* planned: with the plan's changes; else the next boot as it would be without them. */
void forecast_state_make(
	const struct draft *draft, bool planned, struct forecast_state *ret);
/* The same with the words of one entry of the boot menu in place of those of all. */
void forecast_state_entry(const struct draft *draft, bool planned, char *const *kargs,
	struct forecast_state *ret);
void forecast_state_done(struct forecast_state *o);
/* Whether what happens in the initramfs goes by this file, and vfio-pci's place there. */
bool forecast_in_image(const struct forecast_state *o, const char *path);
enum image_load forecast_image_load(const struct forecast_state *o);

/* One kernel booted so. */
struct forecast_boot {
	const struct forecast_state *state;
	const struct kernel *kernel; /* NULL: none is known */
	const char *entry; /* of the boot menu; NULL: all do the same */
	bool by_default; /* it boots by itself */
	char **loaded; /* modules that udev loads for devices, and what those pull in */
	const char *no_vfio; /* why vfio-pci cannot load, a sentence's end, or NULL */
	bool vfio_builtin;
	char *ids; /* the one ids= for vfio-pci that counts; NULL for none */
	bool vfio_listed; /* a list of modules, or an image, loads it */
	bool vfio_loads; /* something loads it, or it is part of the kernel */
};

void forecast_boot_make(const struct forecast_state *o, const struct kernel *k,
	struct forecast_boot *ret);
void forecast_boot_done(struct forecast_boot *boot);

/*
 * The softdeps that count for a module, of several lines only the first: its names, and
 * the line, NULL where it is the kernel's own (modules.softdep, sorted among the files).
 */
char **forecast_softdep(const struct forecast_boot *boot, const char *module,
	const struct modprobe_line **ret_line) MUST_CHECK;
/* "FILE:LINE" that keeps udev from loading the module: a blacklist, an install line, a
 * word of the kernel command line; NULL where none does. */
char *forecast_keeper(const struct forecast_boot *boot, const char *module) MUST_CHECK;

struct driver_forecast {
	char *driver; /* NULL: none, or none that is known */
	char *why; /* NULL: nothing in particular */
	char *keeper; /* "FILE:LINE keeps MODULE from loading", where that is why the
			 device has no driver of its own; or NULL */
	char *doubt; /* why the driver is not certain, a sentence without its full stop;
			NULL: it is */
	bool own; /* the driver is the device's own in this kernel */
	bool acted; /* something of the user's, a script or the like, acts on it */
	bool gone; /* a virtual function that is not made, or whose physical function
		      goes to vfio-pci */
};

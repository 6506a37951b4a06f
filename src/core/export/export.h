/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices as a hypervisor wants them: lines to paste. One row of export_table for each
 * format, one file each. Whatever a text holds is ours, addresses and numbers: nothing
 * from hardware needs quoting.
 */
#pragma once

#include "core/base/buf.h"
#include "core/host/probe.h"

struct export
{
	struct probe p;
	const struct claims *claims; /* that hold, or will; NULL: the host's */
	const struct device **devices; /* endpoints, by address */
	size_t n;
};

struct export_format {
	const char *name; /* "qemu" */
	const char *summary; /* for help: one line */
	void (*write)(const struct export *e, struct buf *out);
};

/* Adds an endpoint, and unless only is set those of its group; once each. -EPERM as
 * request_choose(). */
int export_add(
	struct export *e, const struct device *d, bool only, struct err *err) MUST_CHECK;
void export_done(struct export *e);

/* -- what formats share ------------------------------------------------------------ */
/* The first of the devices that are functions of the slot at index. */
size_t export_slot(const struct export *e, size_t index);
/* How many of the devices are in its slot. */
size_t export_functions(const struct export *e, size_t index);
/* Its function in the guest: its own, or the next one free where function 0, which a slot
 * must have, stays behind. */
unsigned export_guest_function(const struct export *e, size_t index);
/* The device can be a guest's only display: it is VGA, not a second one or a 3D part. */
bool export_is_vga(const struct device *d);
/* Its lines take effect as they stand: vfio-pci has it, or will have from boot on. */
bool export_is_kept(const struct export *e, const struct device *d);

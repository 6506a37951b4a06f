/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lines of a host's files do to the drivers of its devices while it boots. */
#pragma once

#include "core/base/util.h"

enum act_kind {
	ACT_OVERRIDE, /* driver_override is set; driver NULL: cleared */
	ACT_BIND, /* to driver; a driver that has the device keeps it */
	ACT_UNBIND, /* from driver; NULL: from whichever has it */
	ACT_PROBE, /* drivers are asked anew */
	ACT_NEW_ID, /* driver takes whatever has the ID, or the ID of the address */
	ACT_LOAD, /* the driver's module is loaded; with id: and given that */
	ACT_VFS, /* number virtual functions are made of address, or of interface */
	ACT_DETACH, /* from its driver and to vfio-pci: virsh nodedev-detach, driverctl */
	ACT_UNCLEAR, /* something that is not understood */
};

enum act_stage {
	ACT_IMAGE_EARLY, /* in the initramfs, before udev */
	ACT_IMAGE, /* there, beside udev or after it */
	ACT_UDEV,
	ACT_SYSTEM, /* services, rc.local, cron, tmpfiles: once udev has been at work */
	ACT_GUEST, /* when a guest starts */
};

/* Address, id and interface NULL: all devices. */
struct act {
	enum act_kind kind;
	enum act_stage stage;
	const char *path; /* borrowed from the host's files */
	size_t line; /* from 1 */
	char *address;
	char *id; /* "10de:2204" */
	char *driver;
	char *interface; /* of ACT_VFS, where a network interface's name stands there */
	long number;
	bool rule; /* a udev rule does it itself, by an assignment */
	bool group; /* and all that share the address's IOMMU group */
};

struct device;
struct host;

struct acts {
	struct act *list; /* in the order of stages */
	size_t n;
};

void acts_done(struct acts *acts);
/* Whether it is about the device, by address, ID or group; or about all. */
bool act_concerns(const struct act *act, const struct host *host, const struct device *d);
/* Whether it gives a device to vfio-pci, as far as it is up to it. */
bool act_gives(const struct act *act);

/* These are inline, for the formats are below. */
static inline void act_done(struct act *act)
{
	free(act->address);
	free(act->id);
	free(act->driver);
	free(act->interface);
}

/* Room for one more. */
static inline struct act *acts_add(struct acts *acts)
{
	GROW(acts->list, acts->n);
	return &acts->list[acts->n++];
}

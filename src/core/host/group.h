/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOMMU groups, and how free each is. */
#pragma once

#include "core/base/util.h"

struct host;

/* How free a group is; DESIGN.md's table of marks. */
enum mark {
	MARK_ISOLATED, /* all endpoints are functions of one slot */
	MARK_SHARED, /* endpoints of several slots */
	MARK_BLOCKED, /* holds a lifeline or a region the firmware reserves */
	MARK_PASSED, /* every endpoint is on vfio-pci */
	MARK_NONE, /* the IOMMU does not translate for it */
};

struct group {
	int number; /* -1: the devices that are in no group */
	size_t *devices; /* indices into host.devices, by address */
	size_t n_devices;
	char **strangers; /* members that are no PCI device: "platform-name" */
	bool reserved; /* a "direct" firmware region: cannot be assigned at all */
	enum mark mark;
	bool acs_override; /* pcie_acs_override= is in force: the hardware need not keep
			    * apart what the groups do */
	char *why; /* of the mark, one sentence */
};

void group_done(struct group *g);

/*
 * Whether VFIO accepts a group with a device on this driver (NULL: none): those that
 * leave DMA to user space, .driver_managed_dma in Linux 5.19 and newer.
 */
bool driver_keeps_viable(const char *driver);

/* "isolated", ...; and the letter for the tree: 'I'. */
const char *mark_to_string(enum mark mark);

char mark_letter(enum mark mark);

/* Sets mark and why of every group; needs lifelines. */
void groups_judge(struct host *host);

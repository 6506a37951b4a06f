/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything pciferry knows about a host, read once and read-only from then on. It has
 * no way to the host itself: host_scan() (core/scan/scan.h) does all the reading, and
 * plans are made from this struct alone.
 */
#pragma once

#include "core/base/err.h"
#include "core/host/act.h"
#include "core/host/claims.h"
#include "core/host/details.h"
#include "core/host/device.h"
#include "core/host/evidence.h"
#include "core/host/file.h"
#include "core/host/firmware.h"
#include "core/host/group.h"
#include "core/host/kernel.h"
#include "core/host/places.h"
#include "core/host/reach.h"
#include "core/host/renames.h"
#include "core/host/uses.h"

enum iommu_state {
	IOMMU_ACTIVE, /* groups exist */
	IOMMU_OFF, /* the firmware offers one, this boot does not use it */
	IOMMU_ABSENT, /* no groups and no firmware table: off in the firmware, or none */
	IOMMU_UNKNOWN, /* no groups, and sysfs does not show the firmware's tables */
};

enum cpu_vendor { CPU_UNKNOWN, CPU_INTEL, CPU_AMD, CPU_ARM };

/* Whether the running kernel has the patch that reads pcie_acs_override=. */
enum acs_patch { ACS_UNKNOWN, ACS_MISSING, ACS_THERE };

/* A driver that some device is bound to. Its name is not its module's: module xhci_pci
 * makes driver xhci_hcd. */
struct driver {
	char *name;
	char *module; /* NULL where sysfs did not say */
	bool builtin; /* no module to load or to hold back; false where unknown */
};

struct host {
	bool live; /* the host that this program runs on, not a tree under --root */
	bool disk; /* such a tree, and no kernel shows its devices there: the disk of a
			 host, in a rescue system; nothing is known of devices then */
	struct device *devices; /* by address */
	size_t n_devices;
	struct driver *drivers; /* of those devices */
	size_t n_drivers;
	struct group *groups; /* by number; the group -1, if any, last */
	size_t n_groups;
	struct kernel *kernels; /* installed ones, newest first */
	size_t n_kernels;
	char *running; /* release of the running kernel, NULL where unknown */
	char *cmdline; /* /proc/cmdline, NULL where unknown */
	enum iommu_state iommu;
	enum cpu_vendor cpu;
	struct firmware firmware;
	bool efi; /* this boot was by UEFI */
	enum acs_patch acs_patch; /* where it was asked for: see scan_more() */
	bool root_user; /* may change this host */
	struct evidence *evidence; /* for boot loaders, the strongest first */
	size_t n_evidence;
	struct generator *generators; /* of initramfs images, the likeliest first */
	size_t n_generators;
	struct watches watches; /* of all owners: which files were looked for */
	struct file *files; /* single ones first, then those of directories by name */
	size_t n_files;
	struct file
		*doors; /* of the user's, that act on devices: core/existing/doors.h */
	size_t n_doors;
	struct reach reach;
	struct renames renames;
	char **unread; /* files that lack the suffix which their directory asks for */
	char **doubts; /* sentences: what the files mean cannot be told */
	struct places places; /* what is mounted, and should be */
	struct claims claims; /* as /etc/pciferry/claims has them */
	char **notes; /* what was odd while reading: sentences, with the file */
	/* Only once scan_more() was asked for them: */
	struct uses uses;
	struct details details;
};

#define autohost CLEANUP(host_freep)

void host_free(struct host *host);
void host_freep(struct host **host);

/* Why nothing is said of devices where host->disk. */
#define NOT_VISIBLE                                                                      \
	"devices are not visible from here: this is the disk of a host, with nothing in /sys"

/* The device at an address, or NULL. */
struct device *host_device(const struct host *host, const char *address);
const struct group *host_group(const struct host *host, const struct device *d);
const struct driver *host_driver(const struct host *host, const char *name);
/*
 * The device a user means: "0000:01:00.0", "01:00.0" (domain 0), or "10de:2684" where
 * that is unique. -ENOENT or -EINVAL, with candidates in err; -EPERM on a disk.
 */
int host_find(const struct host *host, const char *word, struct device **ret,
	struct err *err) MUST_CHECK;

/*
 * The physical function that could make the claim's device, where this is a virtual
 * function that is not there now, or NULL. Of a claim that does not say whose it is, one
 * of the same maker that has none now and is not far below in addresses.
 */
const struct device *host_waits_for(const struct host *host, const struct claim *claim);

/* Adds a sentence to host.notes. */
void host_note(struct host *host, const char *fmt, ...) PRINTF(2, 3);

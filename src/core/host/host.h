/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything pciferry knows about a host, read once and read-only from then on.
 * host_scan() does all the reading; plans are made from this struct alone.
 */
#pragma once

#include <sys/types.h>

#include "core/base/err.h"
#include "core/base/root.h"
#include "core/host/claims.h"
#include "core/host/device.h"
#include "core/host/kernel.h"
#include "core/scan/renames.h"
#include "core/scan/reach.h"

struct evidence;
struct generator;

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
	char *why; /* of the mark, one sentence */
};

enum iommu_state {
	IOMMU_ACTIVE, /* groups exist */
	IOMMU_OFF, /* the firmware offers one, this boot does not use it */
	IOMMU_ABSENT, /* no groups and no firmware table: off in the firmware, or none */
	IOMMU_UNKNOWN, /* no groups, and sysfs does not show the firmware's tables */
};

enum cpu_vendor { CPU_UNKNOWN, CPU_INTEL, CPU_AMD, CPU_ARM };

/* Whether the running kernel has the patch that reads pcie_acs_override=. */
enum acs_patch { ACS_UNKNOWN, ACS_MISSING, ACS_THERE };

/* A text file that a plan reads or may change. */
struct file {
	char *path;
	char *text; /* NULL: absent, or problem says why it could not be read */
	char *problem; /* one sentence; such a file is never changed */
	bool listed; /* its directory has the name, whatever is behind it: that masks
			others */
	bool link; /* the name there is a link: the text is another file's */
	mode_t mode; /* permission bits; 0644 for an absent file */
	uid_t uid;
	gid_t gid;
};

/* A driver that some device is bound to. Its name is not its module's: module xhci_pci
 * makes driver xhci_hcd. */
struct driver {
	char *name;
	char *module; /* NULL where sysfs did not say */
	bool builtin; /* no module to load or to hold back; false where unknown */
};

struct host {
	const struct root *root; /* borrowed */
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
	bool efi; /* this boot was by UEFI */
	enum acs_patch acs_patch; /* host_probe_acs() */
	bool root_user; /* may change this host */
	struct evidence *evidence; /* for boot loaders; see loader.h */
	size_t n_evidence;
	struct generator *generators; /* of initramfs images, the likeliest first */
	size_t n_generators;
	struct file *files;
	size_t n_files;
	struct reach reach;
	struct renames renames;
	char **unread; /* files that lack the suffix which their directory asks for */
	struct claims claims; /* as /etc/pciferry/claims has them */
	char **notes; /* what was odd while reading: sentences, with the file */
};

#define autohost CLEANUP(host_freep)

/* Reads the host; only a lack of memory and a broken claims file are errors. */
int host_scan(const struct root *root, struct host **ret, struct err *err) MUST_CHECK;
/*
 * Looks in /proc/kallsyms for the patch, once: that is 10 MiB, so a scan does it only
 * where the claims or this boot's command line have the word.
 */
int host_probe_acs(struct host *host) MUST_CHECK;
void host_free(struct host *host);
void host_freep(struct host **host);

/* The device at an address, or NULL. */
struct device *host_device(const struct host *host, const char *address);
const struct group *host_group(const struct host *host, const struct device *d);
const struct driver *host_driver(const struct host *host, const char *name);
/*
 * The device a user means: "0000:01:00.0", "01:00.0" (domain 0), or "10de:2684" where
 * that is unique. -ENOENT or -EINVAL, with candidates in err.
 */
int host_find(const struct host *host, const char *word, struct device **ret,
	struct err *err) MUST_CHECK;
/* A file's entry if the scan looked at it, else NULL. */
const struct file *host_file(const struct host *host, const char *path);
/* Its text, or NULL where there is none. */
const char *host_text(const struct host *host, const char *path);

/* The files below directories that end so ("/modprobe.d/"), sorted by their own names:
 * the order in which they are read. The array is the caller's. */
int host_files_by_name(const struct host *host, const char *dir, const struct file ***ret,
	size_t *ret_n) MUST_CHECK;

/*
 * Whether VFIO accepts a group with a device on this driver (NULL: none): those that
 * leave DMA to user space, .driver_managed_dma in Linux 5.19 and newer.
 */
bool driver_keeps_viable(const char *driver);

/* "isolated", ...; and the letter for the tree: 'I'. */
const char *mark_word(enum mark mark);
char mark_letter(enum mark mark);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What firmware, processor and kernel say of the IOMMU, and what this host runs on. */
#pragma once

#include "core/base/util.h"

#define GROUPS_PATH "/sys/kernel/iommu_groups"
#define ACPI_TABLES "/sys/firmware/acpi/tables"
#define UNSAFE_INTERRUPTS_PATH                                                           \
	"/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
#define UNSAFE_NOIOMMU_PATH "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

/* ACPI's table of ARM hosts, which is there with and without an SMMU. */
enum iort {
	IORT_ABSENT, /* no such table */
	IORT_UNREADABLE, /* it is root's, or is not one */
	IORT_WITHOUT_SMMU,
	IORT_WITH_SMMU,
};

/* Flags of the table DMAR (include/acpi/actbl1.h, enum acpi_dmar_flags). */
#define DMAR_REMAPS 1
#define DMAR_NO_X2APIC 2
#define DMAR_OPT_IN 4

enum remapping { REMAPPING_UNKNOWN, REMAPPING_OFF, REMAPPING_ON };

/* What a host can be that keeps its devices from it. */
enum place { PLACE_NONE, PLACE_XEN, PLACE_WSL, PLACE_CONTAINER };

struct firmware {
	bool tables; /* ACPI's tables can be listed */
	const char *table; /* the one that describes an IOMMU: "DMAR"; NULL: none seen */
	enum iort iort;
	int dmar_flags; /* -1: not readable */
	char *complaint; /* the kernel's log on why the IOMMU is off, or NULL */
	bool no_translation; /* that says that AMD's IOMMU translates nothing (HATDis) */
	char **units; /* in /sys/class/iommu: "dmar0", "ivhd0"; see strv.h */
	char **noiommu; /* "GROUP ADDRESS": devices in vfio's groups without an IOMMU */
	bool noiommu_mode; /* vfio makes such groups */
	bool cpu_flags; /* /proc/cpuinfo tells them; without them the next are unknown */
	bool virtualizes; /* vmx or svm */
	bool guest; /* "hypervisor": this is a virtual machine */
	enum remapping remapping; /* of interrupts, on x86 */
	bool unsafe_interrupts; /* vfio takes devices although they are not remapped */
	enum place place;
	const char *place_path; /* the file that tells; NULL for PLACE_NONE */
	char *board; /* who made the board, by DMI; NULL: not known */
};

void firmware_done(struct firmware *firmware);
/* Whether the device is in a group of vfio's no-IOMMU mode, which is none. */
bool firmware_is_noiommu(const struct firmware *firmware, const char *address);

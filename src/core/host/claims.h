/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/pciferry/claims: what the user wants handed over. The single source from which
 * every drop-in is made; people may edit it by hand.
 *
 *     # comment
 *     0000:01:00.0 10de:2684 1043:88e2 ids driver=nouveau
 *     option iommu=pt
 *     option pcie_acs_override=downstream
 *     option iommu=on
 *     loader grub
 *     initramfs dracut
 *     added intel_iommu=on
 *     made /etc/kernel/cmdline
 *     way-out /efi/loader/entries/arch-fallback.conf
 *     option memory=16384M
 *     vfs 0000:03:00.0 8086:1521 4
 *
 * A device's line is address, vendor:device, subsystem ("-" where unknown), method; the
 * driver it had before, which it gets back when it is released (lines of 0.1 lack it);
 * "physfn=0000:03:00.0" where it is a virtual function of that; "accept=disk,network"
 * where the user took it although the host needs it as that; and "user=alice" or
 * "group=kvm", who may use it without being root.
 * "loader" is the boot loader the user chose where several could be it, "initramfs" what
 * makes the images, likewise. "added" is a word
 * for the kernel that pciferry put into files which others write too, "made" such a file
 * that was not there before, "way-out" one whose entries for recovery got the words that
 * keep vfio-pci out: what a release takes out again.
 */
#pragma once

#include "core/base/err.h"

#define CLAIMS_PATH "/etc/pciferry/claims"

struct watches;

struct claim {
	char *address;
	char *id; /* "10de:2684" */
	char *subsystem; /* "1043:88e2", or "-" */
	char *method; /* "ids", "override", ...; a row of method_table */
	char *driver; /* it had before the claim; "-" for none, NULL where unknown */
	char *physfn; /* address of its physical function; NULL: none, or not known */
	char *user, *group; /* who may use it, one of them or none */
	char **accepted; /* names of lifelines this device was taken in spite of; strv.h
			  */
};

/* A device that shall have virtual functions (SR-IOV). */
struct vfs {
	char *address;
	char *id; /* "8086:1521" */
	unsigned count; /* 1 and more */
};

struct claims {
	struct claim *list; /* by address */
	size_t n;
	bool iommu_pt; /* the user asked for iommu=pt */
	char *acs_override; /* and for pcie_acs_override= with this value, or NULL */
	bool iommu_on; /* or for the IOMMU, before any device is chosen */
	char *loader; /* the user's choice, a row of the loaders' table; NULL: none */
	char *initramfs; /* likewise, a row of the generators' table */
	char **added; /* ours in files that others write too; see strv.h */
	char **made; /* files of others that were made for that */
	char **rescue; /* and such whose entries for recovery have the way out */
	struct vfs *vfs; /* in the order they were asked for */
	size_t n_vfs;
	unsigned long memory_mib; /* of a guest, for who may use devices; 0: unsaid */
};

void claims_done(struct claims *claims);
void claims_watch(struct watches *watches);
/* text NULL: no claims. err names CLAIMS_PATH and the line. */
int claims_parse(const char *text, struct claims *ret, struct err *err) MUST_CHECK;
/* The file's text; NULL where nothing is claimed, for then there is no file. */
char *claims_format(const struct claims *claims) MUST_CHECK;
void claims_copy(const struct claims *from, struct claims *ret);

/* Nothing is wanted: then there is no file. */
bool claims_empty(const struct claims *claims);
struct claim *claims_find(const struct claims *claims, const char *address);
/* Adds a claim, or changes the one that is there; its driver and what was accepted stay
 * as long as it is the same device. */
void claims_set(struct claims *claims, const char *address, const char *id,
	const char *subsystem, const char *method);
void claim_set_driver(struct claim *claim, const char *driver);
void claim_set_physfn(struct claim *claim, const char *address);
/* Gives it to a user or a group; both NULL takes that back. */
void claim_set_access(struct claim *claim, const char *user, const char *group);
/* What a line can hold, and what needs no quotes anywhere: a name as useradd(8) makes it.
 */
bool claim_account_valid(const char *name);
/* "16G", "512M"; false for anything else. */
bool claims_parse_memory(const char *text, unsigned long *ret_mib);
/* Whether a line can hold the driver's name: no blanks, nothing unprintable. */
bool claim_driver_valid(const char *name);
/*
 * A value of pcie_acs_override=: "downstream", "multifunction" and up to 16
 * "id:vvvv:dddd", with commas between (the patch, in Proxmox VE's kernel 7.0
 * patches/kernel/0004).
 */
bool acs_override_valid(const char *value);
/* value NULL: not asked for any more. */
void claims_set_acs_override(struct claims *claims, const char *value);
/* The user's choice of a boot loader, of an initramfs generator. */
void claims_set_initramfs(struct claims *claims, const char *id);
void claims_set_loader(struct claims *claims, const char *id);
/* How many virtual functions a device shall have: 0 takes the line out, or is returned
 * where there is none. */
void claims_set_vfs(
	struct claims *claims, const char *address, const char *id, unsigned count);
unsigned claims_vfs(const struct claims *claims, const char *address);
void claims_remove(struct claims *claims, const char *address);
/* Whether both want the same; which drivers were there before is no wish. */
bool claims_equal(const struct claims *a, const struct claims *b);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One PCI function as sysfs shows it. */
#pragma once

#include <stdint.h>

#include "core/base/util.h"

enum device_kind {
	DEVICE_OTHER,
	DEVICE_GPU, /* display controllers, base class 03 */
	DEVICE_NETWORK, /* 02, and wireless 0d */
	DEVICE_STORAGE, /* 01 */
	DEVICE_USB, /* 0c03 */
	DEVICE_AUDIO, /* multimedia, 04 */
	DEVICE_BRIDGE, /* 06: host, ISA, PCI and other bridges */
};

/* Why the host cannot lose a device; see lifeline.h. */
struct lifeline {
	char *name; /* what --accept takes: "disk", "network", "display" */
	char *why; /* the chain, in a sentence: "/ is on nvme0n1p2, on 0000:02:00.0" */
};

/* An address as numbers. The domain needs 32 bits: VMD's begin at 10000 (hex). */
struct pci_address {
	uint32_t domain;
	uint8_t bus, slot, function;
};

/* IDs are -1 where sysfs did not say. Strings are owned by the device; NULL is unknown
 * or, for driver, "none". Text may hold anything the hardware or a file said: escape it
 * before it reaches a terminal (text.h). */
struct device {
	char *address; /* "0000:01:00.0", the kernel's own spelling */
	struct pci_address at;
	int32_t vendor, device, subvendor, subdevice;
	int32_t class; /* 24 bits: base class, subclass, programming interface */
	char *name; /* vendor and device, from pci.ids */
	char *class_name;
	char *modalias;
	char *driver;
	char *override; /* driver_override: the only driver it may get; NULL: any */
	char **modules; /* that want the modalias, by any installed kernel; see strv.h */
	char *bridge; /* address of the bridge above, NULL on a root bus */
	char *physfn; /* of an SR-IOV virtual function: its physical function's address */
	int vfs_total, vfs_now; /* SR-IOV: virtual functions it can have and has; -1 where
				 * it has no such thing */
	char **interfaces; /* network interfaces, of physical functions only; see strv.h
			    */
	int group; /* IOMMU group number, -1 for none */
	bool boot_vga;
	bool boot_framebuffer; /* the firmware's framebuffer is in one of its BARs */
	struct lifeline *lifelines;
	size_t n_lifelines;
};

void device_done(struct device *d);

enum device_kind device_kind(const struct device *d);
/* "GPU", "network", ... for filters and lists. */
const char *device_kind_to_string(enum device_kind kind);
/* A PCI-to-PCI bridge or any other bridge: never an endpoint, never claimed. */
bool device_is_bridge(const struct device *d);
/* vfio-pci has it already: nothing of the host can hang on it. */
bool device_is_passed(const struct device *d);
/* A display controller that has connectors: not the 3D controllers (class 0302). */
bool device_is_display(const struct device *d);
/* Same vendor and device ID. */
bool device_same_id(const struct device *a, const struct device *b);
/* Functions of one slot: same domain, bus and slot. */
bool device_same_slot(const struct device *a, const struct device *b);

/*
 * Reads "0000:01:00.0" or, with the domain left out, "01:00.0"; 0 or -EINVAL. Digits
 * are hexadecimal of either case; the whole string must be an address.
 */
int pci_address_parse(const char *s, struct pci_address *ret);
/* The kernel's spelling; buf holds at least PCI_ADDRESS_SIZE. */
#define PCI_ADDRESS_SIZE 24
void pci_address_format(const struct pci_address *a, char *buf);
int pci_address_compare(const struct pci_address *a, const struct pci_address *b);

/* "10de:2684", or "" where the IDs are unknown; buf holds at least DEVICE_ID_SIZE. */
#define DEVICE_ID_SIZE 12
const char *device_id(const struct device *d, char *buf);
const char *device_subsystem_id(const struct device *d, char *buf);

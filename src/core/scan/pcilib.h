/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What we ask of libpci: names from pci.ids. */
#pragma once

#include "core/base/root.h"
#include "core/host/device.h"

struct pci_names;

#define autonames CLEANUP(pci_names_closep)

/* The root's own pci.ids where it has one, else this system's. */
struct pci_names *pci_names_open(const struct root *root) RETURNS_MEMORY;
void pci_names_closep(struct pci_names **names);
/* Sets name and class_name, both left NULL where the IDs are unknown. */
void pci_names_fill(struct pci_names *names, struct device *d);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of PCI devices a text names. */
#pragma once

#include "core/base/util.h"

struct names {
	char **addresses; /* "0000:01:00.0"; see strv.h */
	char **ids; /* "10de:2204", in small letters; also what only looks like one */
	bool matters; /* vfio-pci, driver_override, new_id, or a way to bind a PCI driver
		       */
};

void names_done(struct names *names);
void names_find(const char *text, struct names *ret);
/* The address in a piece of text that is nothing but one, domain or not, also as
 * "pci_0000_01_00_0": the kernel's spelling, or NULL. */
char *names_address(const char *text, size_t len) MUST_CHECK;
/* The ID: "10de:2204", "10de 2204", "0x10de 0x2204"; what may follow is left out. */
char *names_id(const char *text) MUST_CHECK;

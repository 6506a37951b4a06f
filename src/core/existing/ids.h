/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own lists of IDs for vfio-pci. */
#pragma once

#include "core/existing/existing.h"

/* Merges the user's ids= and ours: b->ids, or b->existing_ids where no ID of ours is
 * missing there; tells what becomes of each. */
void existing_ids(struct draft *draft);

/* "FILE:LINE" of the user's ids= that names the device; NULL where none does. */
char *existing_ids_place(const struct draft *draft, const struct device *d) MUST_CHECK;

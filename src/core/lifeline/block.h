/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a block device to the disks it lies on. */
#pragma once

#include "core/lifeline/trace.h"

void walk_block(struct walk *w, const char *name); /* of /sys/class/block */
/* The kernel's name of the device at a path in /dev, or of "8:1"; -ENOENT: none. */
int block_of_source(const struct root *root, const char *source, char **ret) MUST_CHECK;
int block_of_numbers(const struct root *root, const char *numbers, char **ret) MUST_CHECK;

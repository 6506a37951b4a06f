/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors in an initramfs: scripts and hooks of its generators. */
#pragma once

#include "core/existing/door.h"

/* Each reads one file; nothing where this host's images are not made by that program. */
void door_read_initramfs_tools(const struct door_reader *r, const struct file *f);
void door_read_dracut(const struct door_reader *r, const struct file *f);
void door_read_mkinitcpio(const struct door_reader *r, const struct file *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of initramfs generators, and which makes the images of this host. */
#pragma once

#include "core/initramfs/initramfs.h"

/* The rows, ended by NULL. */
extern const struct initramfs *const initramfs_table[];

void initramfs_watch(struct watches *watches);
/* Fills the host's generators, the strongest first. Needs the kernels. */
void initramfs_detect(const struct probe *p);
/* The user's choice (an id; NULL for none) where something speaks for it, else the one
 * that most speaks for. NULL: none is known, or the user has to choose. */
const struct generator *initramfs_pick(const struct host *host, const char *choice);
/* Whether nothing tells the first two apart. */
bool initramfs_conflict(const struct host *host);
bool initramfs_known(const char *id);

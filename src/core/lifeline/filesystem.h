/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file system to the block devices it lies on. */
#pragma once

#include "core/lifeline/trace.h"

/* Steps that a walk takes from a file system, a file, what /proc/mounts calls the source
 * ("/dev/mapper/x"). */
void walk_mount(struct walk *w, const struct mount *m);
void walk_file(struct walk *w, const char *path);
void walk_source(struct walk *w, const char *source);

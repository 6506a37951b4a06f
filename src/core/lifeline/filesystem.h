/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file system to the block devices it lies on. */
#pragma once

#include "core/lifeline/trace.h"

/* Steps that a walk takes from a file system, a file, what /proc/mounts calls the source
 * ("/dev/mapper/x"). 0 or -ENOMEM. */
int walk_mount(struct walk *w, const struct mount *m) MUST_CHECK;
int walk_file(struct walk *w, const char *path) MUST_CHECK;
int walk_source(struct walk *w, const char *source) MUST_CHECK;

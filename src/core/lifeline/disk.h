/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host keeps on its disks. */
#pragma once

#include "core/lifeline/trace.h"

/* The rows of lifelines.c. */
void trace_disks(struct trace *t);

void suspect_disks(struct trace *t, const struct doubt *doubt);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host keeps on its disks. */
#pragma once

#include "core/lifeline/trace.h"

/* The rows of lifelines.c. */
int trace_disks(struct trace *t) MUST_CHECK;

int suspect_disks(struct trace *t, const struct doubt *doubt) MUST_CHECK;

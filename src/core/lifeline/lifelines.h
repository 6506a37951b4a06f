/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lifelines: devices the host cannot lose, traced from what is in use down to the PCI
 * functions it hangs on. Where a chain cannot be followed, every device it could end at
 * counts, and the text says why. lifelines.c has the kinds; each has a file of its own.
 */
#pragma once

#include "core/lifeline/trace.h"

/* Adds lifelines to the devices of the probe's host, which must have been scanned. */
void lifelines_trace(const struct probe *p);

/* Runs all tracers and settles the doubts. */
void trace_run(struct trace *t);

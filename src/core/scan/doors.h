/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the register of doors (core/existing/doors.h), read into struct host. */
#pragma once

#include "core/host/probe.h"

/*
 * Keeps those that speak of drivers or of devices that are there and are no package's
 * own, and marks such files of packages among host->files. A unit of systemd is kept
 * where it is enabled, or where that cannot be told; a template once for each instance.
 */
void scan_doors(const struct probe *p);

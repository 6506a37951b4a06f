/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text files that plans read or may change, read into struct host. */
#pragma once

#include "core/host/probe.h"

/* Unreadable files get a problem, not an error. */
void scan_files(const struct probe *p);

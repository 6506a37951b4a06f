/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host's modprobe.d says, all files together. */
#pragma once

#include "core/format/modprobe.h"
#include "core/host/host.h"

void modprobe_watch(struct watches *watches);
/* All lines of the host's modprobe.d directories, in the order they take effect. */
void host_modprobe(const struct host *host, struct modprobe_lines *ret);

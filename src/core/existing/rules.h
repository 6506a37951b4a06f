/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors whose files plans know, too: udev's rules, and install lines of modprobe.d. */
#pragma once

#include "core/existing/door.h"
#include "core/format/udev.h"

void door_read_rules(const struct door_reader *r);
void door_read_install(const struct door_reader *r);

/* The device and those above it, for udev.h; the caller's. */
const struct device **rules_chain(
	const struct host *host, const struct device *d) RETURNS_MEMORY;

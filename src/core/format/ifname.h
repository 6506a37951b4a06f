/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of network interfaces in configuration files, of whatever format: words outside
 * of comments ("#") that look like the names udev gives to cards (systemd.net-naming-
 * scheme(7): enp3s0, eno1, wlp2s0, enx...) or the kernel's own (eth0, wlan0). Of
 * "enp3s0.100" and "enp3s0:1" the name is what comes before.
 */
#pragma once

#include "core/base/strv.h"

struct ifname {
	char *name;
	size_t line;
};

struct ifnames {
	struct ifname *list; /* each name once, where it comes first */
	size_t n;
};

bool ifname_is_hardware(const char *name);
void ifnames_find(const char *text, struct ifnames *ret);
void ifnames_done(struct ifnames *names);
/* The text with each such name in place of the other; every other byte stays. */
char *ifname_replace(const char *text, const char *from, const char *to) RETURNS_MEMORY;

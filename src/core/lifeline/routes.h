/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's routes and addresses as /proc/net shows them. */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "core/base/root.h"

/* An IPv4 or IPv6 address; of IPv4 the first four bytes count. */
struct address {
	int family; /* AF_INET or AF_INET6 */
	uint8_t bytes[16];
};

struct route {
	struct address to;
	unsigned bits; /* of the prefix; 0 is a default route */
	char *interface;
};

struct routes {
	struct route *list; /* those that lead to another machine: none over lo */
	size_t n;
	char **local; /* the host's own IPv4 addresses, as text; see strv.h */
	bool local_known;
	/* A routing table besides main has a default route (VPNs and VRFs do that). The
	 * kernel shows IPv4 routes of main alone, so its interface is not known. */
	bool hidden_default;
};

/* False where /proc/net has no routes at all: not known. */
bool routes_read(const struct root *root, struct routes *ret);
void routes_done(struct routes *routes);
/* The interfaces of the most exact routes to an address; see strv.h. */
char **routes_to(const struct routes *routes, const struct address *to) MUST_CHECK;
/* The interfaces of default routes. */
char **routes_default(const struct routes *routes) MUST_CHECK;
/* The interface that has an IPv6 address, by /proc/net/if_inet6; NULL: none. */
char *routes_inet6_owner(const struct root *root, const struct address *a) MUST_CHECK;

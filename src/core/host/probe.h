/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reads a host: the way to its files, and the struct that takes what is found. Only
 * readers get one (core/scan and what it calls, verify, check, export): whoever is
 * handed a struct host alone cannot read, write or run anything.
 */
#pragma once

#include "core/base/root.h"
#include "core/host/host.h"

struct probe {
	const struct root *root; /* borrowed, as is the host */
	struct host *host;
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of doors get. */
#pragma once

#include "core/format/script.h"
#include "core/host/host.h"

struct door_reader {
	const struct host *host;
	char *const *kargs; /* words of the kernel command line */
	struct script script; /* without a path and a stage */
	struct acts *ret;
};

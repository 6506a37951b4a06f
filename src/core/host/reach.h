/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether somebody can log in over the network once the screen is dark. */
#pragma once

#include "core/base/util.h"

struct reach {
	char *server; /* what starts an SSH server at boot: a path; NULL where nothing
			 does */
	char **addresses; /* the host's own, beyond its loopback; see strv.h */
	bool known; /* the kernel told its addresses */
};

void reach_done(struct reach *reach);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which units of systemd are started at boot. */
#pragma once

#include "core/host/probe.h"

/*
 * The unit's texts: none where it is not enabled, or hidden by another of its name; of a
 * template one for each instance, with the instance's name in it. A drop-in's is its
 * unit's. See strv.h.
 */
char **units_instances(
	const struct probe *p, const char *path, const char *text) MUST_CHECK;

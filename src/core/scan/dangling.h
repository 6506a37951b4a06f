/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links in modprobe.d that lead nowhere, as the host's own kmod has them. */
#pragma once

#include "core/host/probe.h"

/* Whether it is such a link. /dev/null is there once the host runs, even where its disk
 * has an empty /dev. */
bool file_is_dangling(const struct probe *p, const struct file *f);
/* Whether the link masks the other file of its name. Where the host's kmod leaves that
 * open it does, and that is noted in host->doubts. */
bool dangling_masks(
	const struct probe *p, const char *link, const char *other) MUST_CHECK;

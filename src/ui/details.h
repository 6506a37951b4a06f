/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a device or a group, as label and value. */
#pragma once

#include "core/host/probe.h"
#include "ui/styled.h"

/* Adds to t; short values stand side by side in a width of 70 and more. */
void details_of_device(
	struct styled *t, const struct probe *p, const struct device *d, int width);
void details_of_group(
	struct styled *t, const struct host *host, const struct group *g, int width);

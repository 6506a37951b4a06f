/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What text written to a file of sysfs does to PCI devices' drivers. */
#pragma once

#include "core/host/act.h"

enum attribute_write {
	WRITE_OTHER, /* nothing of drivers */
	WRITE_ACTS, /* understood: added */
	WRITE_UNCLEAR, /* to one of those files, and not understood */
};

/* Adds what it does; text and path as expand.h has them. */
enum attribute_write attribute_write(
	const char *text, const char *path, const struct act *base, struct acts *ret);

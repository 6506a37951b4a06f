/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directives for devices and drivers. */
#pragma once

#include "sample/expand.h"

directive_fn expand_bind, expand_device, expand_driver;
struct expanded_device *expand_find_device(struct expander *x, const char *address);
/* What can only be said once all lines are read: which module each driver is from. */
int pcitree_finish(struct expander *x) MUST_CHECK;

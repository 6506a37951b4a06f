/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The unified diff of a change, made by diff(1). */
#pragma once

#include "core/plan/plan.h"

/*
 * "--- a/etc/...", "+++ b/etc/..." (or /dev/null), hunks with three lines of context.
 * Not escaped: see text.h.
 */
int diff_text(const struct change *change, char **ret, struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of a command line that is not understood. */
#pragma once

#include "cli/cli.h"
#include "core/base/nearest.h"

/* One sentence on standard error, and where to look. Always EXIT_USAGE. */
enum exit_status usage(const char *fmt, ...) PRINTF(1, 2);
/* There is no such method, say; what was nearest may be what was meant. */
enum exit_status usage_unknown(const char *kind, const struct nearest *nearest);

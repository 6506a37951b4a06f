/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What apply and undo print as they go. */
#pragma once

#include "backup/exec.h"
#include "cli/cli.h"

/* Steps and output as lines; nothing but errors where JSON is asked for. Static. */
const struct progress *progress_for(const struct options *options);

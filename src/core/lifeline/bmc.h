/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The controller by which somebody looks after the host from afar. */
#pragma once

#include "core/lifeline/trace.h"

void trace_bmc(struct trace *t);

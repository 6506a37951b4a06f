/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen. */
#pragma once

#include "core/lifeline/trace.h"

void trace_display(struct trace *t);

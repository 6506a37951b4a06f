/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Physical functions whose virtual ones are given away. */
#pragma once

#include "core/lifeline/trace.h"

void trace_physical_functions(struct trace *t);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's own way in: SSH. */
#pragma once

#include "core/lifeline/trace.h"

void trace_session(struct trace *t);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keyboard. */
#pragma once

#include "core/lifeline/trace.h"

int trace_keyboard(struct trace *t) MUST_CHECK;

int suspect_usb(struct trace *t, const struct doubt *doubt) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keyboard. */
#pragma once

#include "core/lifeline/trace.h"

void trace_keyboard(struct trace *t);

void suspect_usb(struct trace *t, const struct doubt *doubt);

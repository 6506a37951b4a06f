/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a network interface to the cards below it. */
#pragma once

#include "core/lifeline/trace.h"

void trace_default_routes(struct trace *t);

void suspect_cards(struct trace *t, const struct doubt *doubt);

/* network.c: from an interface to the cards below it. */
void trace_interface(struct trace *t, const char *user, const char *interface);

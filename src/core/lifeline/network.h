/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a network interface to the cards below it. */
#pragma once

#include "core/lifeline/trace.h"

int trace_default_routes(struct trace *t) MUST_CHECK;

int suspect_cards(struct trace *t, const struct doubt *doubt) MUST_CHECK;

/* network.c: from an interface to the cards below it. */
int trace_interface(struct trace *t, const char *user, const char *interface) MUST_CHECK;

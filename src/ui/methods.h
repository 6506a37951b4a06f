/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The method of a device in the request, one after the other. */
#pragma once

#include "ui/session.h"

/* Gives the one device, not its group, the next method, and says which. */
void method_cycle(struct wizard *w, const char *address);
/* The request leaves it to the plan. */
bool method_is_auto(const struct wizard *w, const char *address);

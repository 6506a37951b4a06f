/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of methods, and which one a device gets. */
#pragma once

#include "core/method/method.h"

/* The rows, ended by NULL; "auto" goes from the top. */
extern const struct method *const method_table[];
const struct method *method_find(const char *name);

/* Gives every claim its method ("auto" is resolved) and the reason. */
void methods_choose(struct draft *draft);

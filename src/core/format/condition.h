/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions of scripts. */
#pragma once

#include "core/format/shapes.h"

/* What "[ ... ]", "[[ ... ]]" or "test ..." comes to, of the expanded words. */
enum outcome condition_of(char *const *words);

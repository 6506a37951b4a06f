/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long names of devices for narrow columns. */
#pragma once

#include "core/base/util.h"

/*
 * The name, safe for the terminal, without the words in its vendor that tell nothing
 * apart ("Corporation", "Co., Ltd."). The caller frees it.
 */
char *name_brief(const char *name) RETURNS_MEMORY;

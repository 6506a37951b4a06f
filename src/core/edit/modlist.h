/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of modules: /etc/modules, modules-load.d, /etc/initramfs-tools/modules. */
#pragma once

#include "core/base/err.h"

/* Whether text lists the module: a line is "NAME arguments...", '#' begins a comment.
 * '-' and '_' are the same. text may be NULL. */
int module_list_has(const char *text, const char *name, bool *ret) MUST_CHECK;

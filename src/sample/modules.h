/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directives for kernels and their modules. */
#pragma once

#include "sample/expand.h"

directive_fn expand_kernel, expand_config, expand_module;
/* A module's name with "_" for every "-", as the kernel has it. */
char *expand_underscored(const char *name) RETURNS_MEMORY;
/* depmod. */
int modules_finish(struct expander *x) MUST_CHECK;

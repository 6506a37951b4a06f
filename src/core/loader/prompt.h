/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether words can be added for one boot at the loader's menu. */
#pragma once

#include "core/loader/loader.h"

void loader_watch_prompt(struct watches *watches);
/* Fills e->no_prompt. */
void loader_check_prompt(const struct probe *p, struct evidence *e);

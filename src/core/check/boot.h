/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on what boots the host, and on what is asked of it. */
#pragma once

#include "core/check/check.h"

void check_loader(const struct probe *p, struct check *c);
void check_initramfs(const struct probe *p, struct check *c);
void check_lists(const struct probe *p, struct check *c);
void check_cmdline(const struct probe *p, struct check *c);
void check_claims(const struct probe *p, struct check *c);
void check_names(const struct probe *p, struct check *c);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on what boots the host, and on what is asked of it. */
#pragma once

#include "core/check/check.h"

int check_loader(const struct probe *p, struct check *c); /* boot.c */
int check_initramfs(const struct probe *p, struct check *c);

int check_loader(const struct probe *p, struct check *c); /* boot.c */
int check_initramfs(const struct probe *p, struct check *c);

int check_cmdline(const struct probe *p, struct check *c);

int check_claims(const struct probe *p, struct check *c);

int check_names(const struct probe *p, struct check *c);

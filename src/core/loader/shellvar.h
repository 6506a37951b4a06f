/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel command lines in a variable that a script sources. */
#pragma once

#include "core/loader/loader.h"

int shellvar_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err);

void shellvar_edit(struct draft *draft, const struct evidence *e, char *const *kargs);

void shellvar_edit_file(struct draft *draft, const char *path, const char *name,
	const char *unset, char *const *kargs);

bool shellvar_detect(const struct probe *p, struct evidence *e);

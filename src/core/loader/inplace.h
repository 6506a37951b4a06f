/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel command lines that are edited where they stand. */
#pragma once

#include "core/loader/loader.h"

/* What kernel-install and mkinitcpio take where there is no /etc/kernel/cmdline: the
 * distribution's, else this boot's command line without what the loader put there, and
 * without ours. */
char *loader_running_line(const struct host *host) RETURNS_MEMORY;

/* Whether it is this file, or one of this directory. */
bool loader_file_is(const struct loader_file *lf, const struct file *f);

bool inplace_detect(const struct probe *p, struct evidence *e);

int inplace_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err);

void inplace_edit(struct draft *draft, const struct evidence *e, char *const *kargs);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot loader takes in place of the kernel and the image in /boot. */
#pragma once

#include "core/loader/loader.h"

/* For look(): fill e->copies; 0 or -ENOMEM. */
int copies_of_entry(const struct probe *p, const struct file *entry, size_t kernel,
	struct evidence *e) MUST_CHECK;

int copies_unified(const struct probe *p, struct evidence *e) MUST_CHECK;

/* draft_artifact() for a copy: kernel-install removes the old one first (its plugins'
 * call of install(1)), dracut writes over it. */
int copies_artifact(struct draft *draft, size_t command, const char *path,
	char *const *list, char *const *holds, const char *why) MUST_CHECK;

/* What the key has in an entry, the last time; NULL for nothing. The caller's. */
int entry_value(const char *text, const char *key, char **ret) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot loader takes in place of the kernel and the image in /boot. */
#pragma once

#include "core/loader/loader.h"

/* For look(): fill e->copies. */
void copies_of_entry(const struct probe *p, const struct file *entry, size_t kernel,
	struct evidence *e);

void copies_unified(const struct probe *p, struct evidence *e);

/* draft_artifact() for a copy: kernel-install removes the old one first (its plugins'
 * call of install(1)), dracut writes over it. */
void copies_artifact(struct draft *draft, size_t command, const char *path,
	char *const *list, char *const *holds, const char *why);

/* What the key has in an entry, the last time; NULL for nothing. The caller's. */
char *entry_value(const char *text, const char *key) MUST_CHECK;

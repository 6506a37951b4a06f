/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of modules: /etc/modules, modules-load.d, /etc/initramfs-tools/modules. A line is
 * "NAME arguments...", '#' at its begin makes a comment.
 */
#pragma once

#include "core/format/modprobe.h"

/* The lines that are no comments; adds to ret. text may be NULL, path is borrowed. */
void module_list_read(const char *path, const char *text, struct modprobe_lines *ret);
/* Takes the line of that number out of the text. */
void module_list_drop(char *text, size_t line);
/* Whether text lists the module. '-' and '_' are the same. text may be NULL. */
bool module_list_has(const char *text, const char *name);

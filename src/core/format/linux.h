/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of boot menus that boot no Linux: firmware shells and their scripts, other boot
 * loaders, memory tests, multiboot. Words for a kernel would be arguments of theirs.
 * A block is the text of one entry; kargs its command line. True where the block says
 * nothing against Linux.
 */
#pragma once

#include "core/base/strv.h"

/* Boot Loader Specification, type 1: "efi" is any EFI program, "linux" a kernel. */
bool linux_entry(const char *block, char *const *kargs);
/* Limine, CONFIG.md: "protocol" says how the file at "path" is started. */
bool linux_limine(const char *block, char *const *kargs);
/* rEFInd, refind.conf: "loader" is any EFI program, "ostype" names the system. */
bool linux_stanza(const char *block, char *const *kargs);
/* Syslinux: modules (*.c32) such as chain.c32 and mboot.c32 are no kernels. */
bool linux_append(const char *block, char *const *kargs);

/* A copy of what stands behind the key on the first line that begins with it, blanks
 * before it and a ':' after it aside; NULL: there is none. */
char *block_value(const char *block, const char *key);
/* What follows the key in the line, any blank of it or none; NULL: it has another one. */
const char *line_value(const char *line, const char *key);

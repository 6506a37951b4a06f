/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel command line as a list of words. Order and duplicates are kept; a word may
 * hold blanks inside double quotes, as the kernel reads it (lib/cmdline.c, next_arg).
 * '-' and '_' are the same in a parameter's name.
 */
#pragma once

#include "core/base/strv.h"

char **kargs_split(const char *cmdline) MUST_CHECK;
/* The value of the last "name=value", or NULL; "" for a bare "name". */
const char *kargs_value(char *const *kargs, const char *name);
/* Whether the comma-separated value of the last "name=" holds item. */
bool kargs_value_has(char *const *kargs, const char *name, const char *item);

/*
 * Editing a line in place, *line being the caller's. kargs_append() puts the word after
 * the last one (before a machine ID, see words.c), kargs_cut() takes the last such word
 * out (false: there is none), each with one blank before it; other blanks are kept. One
 * after the other gives the same bytes. blank is what stands between two words where they
 * are added.
 */
#define WORDS_BLANK " "
void kargs_append(char **line, const char *blank, const char *word);
bool kargs_cut(char *line, const char *blank, const char *word);
bool kargs_in_line(const char *line, const char *blank, const char *word);
/* Takes out of the list, for each word of others, the last one that is equal. */
void kargs_without(char **kargs, char *const *others);
/* Keeps in the list what others has, too. */
void kargs_common(char **kargs, char *const *others);

/* Whether the word decides about drivers, vfio-pci or the IOMMU; and those that do, each
 * once, in the order of their bytes. */
bool karg_matters(const char *word);
char **kargs_that_matter(char *const *kargs) MUST_CHECK;

/*
 * The way out at the boot menu, for a command line: "pciferry.off", and
 * "module_blacklist=" with vfio_pci added to the names that the line keeps out already.
 * The kernel has one such list, and its last value replaces all before it
 * (kernel/module/main.c, core_param). NULL is a line without a list.
 */
#define WAY_OUT_WORD "pciferry.off"
char **kargs_way_out(char *const *kargs) MUST_CHECK;
/* Takes these words out of the list where it ends with a way out so made, and returns
 * them. */
char **kargs_take_way_out(char **kargs) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading modprobe.d as libkmod does: files sorted by name, comments only at column 0, a
 * backslash at the end continues a line, '-' and '_' are the same in module names.
 */
#pragma once

#include "core/base/util.h"

struct modprobe_line {
	const char *path; /* of its file, borrowed */
	size_t line; /* from 1 */
	char **tokens; /* "options", "vfio-pci", "ids=..." */
};

struct modprobe_lines {
	struct modprobe_line *list; /* in the order they take effect */
	size_t n;
};

void modprobe_lines_done(struct modprobe_lines *lines);
/* Adds the lines of one file; text may be NULL, path is borrowed. */
void modprobe_read(const char *path, const char *text, struct modprobe_lines *lines);
/* Whether it is "COMMAND MODULE ...". In lines of softdep, install and remove the module
 * may be a pattern (fnmatch(3)). */
bool modprobe_is(
	const struct modprobe_line *line, const char *command, const char *module);
/*
 * The value that an "options" line leaves a parameter with, its last one, as the kernel
 * reads the line: without the quotes. NULL where the line does not set it.
 */
char *modprobe_option(const struct modprobe_line *line, const char *name) MUST_CHECK;
/* The basename of its file, by which files are sorted. */
const char *modprobe_file_name(const struct modprobe_line *line);
/* The first line of that kind for a module, which is the one that counts for softdep and
 * install (libkmod-module.c), or NULL. */
const struct modprobe_line *modprobe_first(
	const struct modprobe_lines *lines, const char *command, const char *module);
/* Whether the line has NAME loaded before its module: "softdep MODULE pre: NAME", or an
 * install line that loads NAME and then the module itself. */
bool modprobe_loads_first(const struct modprobe_line *line, const char *name);
bool modprobe_loads_itself(const struct modprobe_line *install);
/* The modules that alias lines give a modalias, all that match; they replace what the
 * kernel's own modules.alias says. NULL: none. */
char **modprobe_alias(
	const struct modprobe_lines *lines, const char *modalias) MUST_CHECK;
/* '-' and '_' are the same; the real name has underscores. */
bool module_name_equal(const char *a, const char *b);
char *module_real_name(const char *name) RETURNS_MEMORY;
/* Whether a list of names with commas between them has this one. */
bool module_names_have(const char *list, const char *name);

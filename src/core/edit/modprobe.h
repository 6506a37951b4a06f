/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading modprobe.d as libkmod does: files sorted by name, comments only at column 0, a
 * backslash at the end continues a line, '-' and '_' are the same in module names.
 */
#pragma once

#include "core/host/host.h"

struct modprobe_line {
	const struct file *file; /* the host's */
	size_t line; /* from 1 */
	char **words; /* "options", "vfio-pci", "ids=..." */
};

struct modprobe_lines {
	struct modprobe_line *list; /* in the order they take effect */
	size_t n;
};

void modprobe_lines_done(struct modprobe_lines *lines);
/* All lines of the host's modprobe.d directories. */
int modprobe_read(const struct host *host, struct modprobe_lines *ret) MUST_CHECK;
/* Whether it is "COMMAND MODULE ...". */
bool modprobe_is(
	const struct modprobe_line *line, const char *command, const char *module);
bool module_name_equal(const char *a, const char *b);

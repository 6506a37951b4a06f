/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and deleting files below one directory: for the sample host and the tests' fake
 * hosts, never for the host itself (that is src/backup's). All paths are taken inside the
 * root; what lies above a file is made with it. 0 or a negative errno.
 */
#pragma once

#include "core/base/root.h"

/* Makes the directory and those above it; one that is there is fine. */
int tree_dir(const struct root *root, const char *path) MUST_CHECK;
/* Writes a file anew, or with TREE_APPEND adds to its end, and sets its mode. */
enum tree_how { TREE_REPLACE, TREE_APPEND };
int tree_write(const struct root *root, const char *path, enum tree_how how, mode_t mode,
	const void *data, size_t len) MUST_CHECK;
/* A symbolic link with any target; -EEXIST where path is taken. */
int tree_link(const struct root *root, const char *path, const char *target) MUST_CHECK;
/* A link to another path of the tree, written relative to where the link lies, as sysfs
 * does. Neither path may lead through a link. */
int tree_link_to(const struct root *root, const char *path, const char *to) MUST_CHECK;
/* Deletes a file, a link or a directory with all in it: no link followed, no mount
 * entered. */
int tree_remove(const struct root *root, const char *path) MUST_CHECK;
/* Deletes what is in a directory, on the same terms. */
int tree_empty(int dir_fd) MUST_CHECK;

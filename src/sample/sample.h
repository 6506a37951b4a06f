/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sample host of --demo: a private copy of assets/sample/desktop.host. */
#pragma once

#include "core/base/root.h"

/*
 * Makes a directory of mode 0700 under $TMPDIR (an absolute one) or /tmp, expands the
 * sample host into it and opens it as ROOT_SAMPLE. *ret_dir is the directory's name, the
 * caller's; after root_close() give it to sample_remove(). Nothing is left on failure.
 */
int sample_open(struct root **ret, char **ret_dir, struct err *err) MUST_CHECK;
/* Deletes the directory and all in it, following no link and entering no mount. */
void sample_remove(const char *dir);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saving a text for the user. */
#pragma once

#include "backup/backup.h"

/* Saves a text for the user as a new file of mode 0644; -EEXIST where there is one. */
int backup_save_text(const struct root *root, const char *path, const char *text,
	struct err *err) MUST_CHECK;

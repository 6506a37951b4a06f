/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set's manifest.json. What is read is not trusted: anybody may have edited it. */
#pragma once

#include "backup/backup.h"

/* Only what we would write ourselves: absolute, no "." or "..", no control characters. */
bool manifest_path_ok(const char *path);
int manifest_format(const struct set *set, char **ret) MUST_CHECK;
/* id is the set's directory, and must be the manifest's own. */
int manifest_parse(
	const char *id, const char *text, struct set *ret, struct err *err) MUST_CHECK;

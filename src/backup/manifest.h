/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set's manifest.json. What is read is not trusted: anybody may have edited it.
 *
 * Format 2 is what is written. 1, which had neither "origin" nor "direction", is read
 * too.
 */
#pragma once

#include "backup/backup.h"

/* Only what we would write ourselves: absolute, no "." or "..", no control characters. */
bool manifest_path_ok(const char *path);
/* -EILSEQ: it has a path or a word that is no UTF-8. */
int manifest_format(const struct set *set, char **ret) MUST_CHECK;
/* id is the set's directory, and must be the manifest's own. Of format 1 a set has no
 * origin yet: see origin_derive(). Of a format newer than ours it is refused. */
int manifest_parse(
	const char *id, const char *text, struct set *ret, struct err *err) MUST_CHECK;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two changes of one text brought together, by diff3(1). */
#pragma once

#include "core/base/err.h"
#include "core/base/util.h"

/* Which side counts in lines that both sides have changed; "clean" asks whether there are
 * any, "apart" also whether both have made the same change somewhere. */
enum merge { MERGE_CLEAN, MERGE_APART, MERGE_THEIRS, MERGE_OURS };

/*
 * theirs with what leads from base to ours. With MERGE_CLEAN, *ret_clean says whether the
 * two changes are in different places; where they are not, *ret has diff3's marks. With
 * MERGE_APART it is diff3's list of differences.
 */
int merge_text(const char *theirs, const char *base, const char *ours, enum merge how,
	char **ret, bool *ret_clean, struct err *err) MUST_CHECK;

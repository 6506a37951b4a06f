/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan may have to say: one table, findings.def. */
#pragma once

enum finding_id {
#define FINDING(id, ...) FOUND_##id,
#include "core/plan/findings.def"
#undef FINDING
	N_FOUND,
};

struct finding_row {
	const char *name; /* stable, for scripts: "lifeline:disk", "iommu-off" */
	const char *acceptable; /* for --accept: "disk"; NULL: nobody can accept it */
	const char *line; /* the manual's */
};

extern const struct finding_row finding_rows[N_FOUND];

/* The finding that the host would lose this: name is a lifeline's, and each has a row. */
enum finding_id finding_of_lifeline(const char *name);

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/findings.h"
#include "core/base/util.h"

const struct finding_row finding_rows[N_FOUND] = {
#define FINDING(id, name, acceptable, line) { name, acceptable, line },
#include "core/plan/findings.def"
#undef FINDING
};

enum finding_id finding_of_lifeline(const char *name)
{
	enum finding_id id = FOUND_LIFELINE_DISK;

	while (id < FOUND_LIFELINE_CONSOLE && !streq(finding_rows[id].acceptable, name))
		id++;
	return id;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verbs.h"
#include "cli/options.h"

#define ANY SIZE_MAX

const struct verb verbs[] = {
#define VERB(name, operands, least, most, options, summary)                              \
	{ #name, operands, least, most, TAKES_VERB | (options), summary, verb_##name },
#include "cli/verbs.def"
#undef VERB
	{ 0 },
};

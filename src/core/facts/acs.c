// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/acs.h"
#include "core/base/strv.h"
#include "core/existing/kargs.h"
#include "core/format/kargs.h"

/* The out-of-tree patch that splits groups which the hardware does not isolate. */
void facts_acs(
	const struct host *host, const struct claims *claims UNUSED, struct facts *ret)
{
	autostrv char **words = NULL;
	const char *value;

	if (!host->cmdline || host->acs_patch == ACS_MISSING)
		return;
	words = kargs_split(host->cmdline);
	value = kargs_value(words, "pcie_acs_override");
	if (!value)
		return;
	(void)fact_add(ret, FOUND_ACS_OVERRIDE, FACT_WARNS, NULL,
		host->acs_patch == ACS_THERE
			? "pcie_acs_override=%s is on the command line: groups look more isolated than the hardware makes them, and a guest may reach devices of others."
			: "pcie_acs_override=%s is on the command line; where the running kernel has the patch that reads it (/proc/kallsyms does not tell), groups look more isolated than the hardware makes them, and a guest may reach devices of others.",
		value);
}

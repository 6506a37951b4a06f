// SPDX-License-Identifier: GPL-2.0-or-later
/* ACPI's table IORT: whatever its counts and lengths say, nothing behind it is read. */
#include "fuzz.h"
#include "core/scan/iort.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of just that size, so that a read behind it is seen by the sanitizers. */
	autofree char *table = malloc(size ?: 1);
	enum iort all, less;

	MUST(table);
	memcpy(table, data, size);
	all = iort_judge(table, size);
	less = iort_judge(table, size / 2);
	/* A part of a table shows no SMMU that the whole lacks. */
	MUST(less != IORT_WITH_SMMU || all == IORT_WITH_SMMU);
	MUST(all != IORT_ABSENT);
	return 0;
}

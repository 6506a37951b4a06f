/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACPI's table of input and output, which is there on ARM hosts with and without an SMMU.
 */
#pragma once

#include "core/base/root.h"

#define IORT_PATH "/sys/firmware/acpi/tables/IORT"

enum iort {
	IORT_ABSENT, /* no such table */
	IORT_UNREADABLE, /* it is root's, or is not one */
	IORT_WITHOUT_SMMU,
	IORT_WITH_SMMU,
};

enum iort iort_read(const struct root *root);
/* The same of a table's bytes. */
enum iort iort_judge(const char *table, size_t len);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACPI's table of input and output, which is there on ARM hosts with and without an SMMU.
 */
#pragma once

#include "core/base/root.h"
#include "core/host/firmware.h"

#define IORT_PATH ACPI_TABLES "/IORT"

enum iort iort_read(const struct root *root);
/* The same of a table's bytes. */
enum iort iort_judge(const char *table, size_t len);

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layout: Arm DEN 0049, IO Remapping Table; the kernel's include/acpi/actbl2.h, struct
 * acpi_table_iort and acpi_iort_node. All numbers are little-endian.
 */
#include "core/scan/iort.h"

#include <endian.h>
#include <stdint.h>

#define HEADER 48 /* ACPI's 36 bytes, the number of nodes, where they begin, reserved */
#define NODE 16 /* what each has at least: type, length, ... */
#define SMMU 3 /* SMMUv1 and v2 */
#define SMMU_V3 4

static uint32_t le32(const char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return le32toh(n);
}

static uint16_t le16(const char *p)
{
	uint16_t n;

	memcpy(&n, p, sizeof(n));
	return le16toh(n);
}

enum iort iort_judge(const char *table, size_t len)
{
	size_t at, nodes;

	if (len < HEADER || memcmp(table, "IORT", 4) != 0)
		return IORT_UNREADABLE;
	nodes = le32(table + 36);
	at = le32(table + 40);
	for (size_t i = 0; i < nodes; i++) {
		size_t size;

		if (at > len || len - at < NODE)
			return IORT_UNREADABLE;
		if (table[at] == SMMU || table[at] == SMMU_V3)
			return IORT_WITH_SMMU;
		size = le16(table + at + 1);
		if (size < NODE)
			return IORT_UNREADABLE;
		at += size;
	}
	return IORT_WITHOUT_SMMU;
}

enum iort iort_read(const struct root *root)
{
	autofree char *table = NULL;
	size_t len = 0;

	if (!root_exists(root, IORT_PATH))
		return IORT_ABSENT;
	if (root_read(root, IORT_PATH, ROOT_TEXT_MAX, &table, &len) < 0)
		return IORT_UNREADABLE;
	return iort_judge(table, len);
}

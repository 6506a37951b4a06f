// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may use claimed devices without being root: rules, limits, and what is refused. */
#include "rows.h"
#include "core/access/access.h"
#include "core/access/accounts.h"

#define ACCESS "/etc/udev/rules.d/70-pciferry-access.rules"
#define LIMITS "/etc/security/limits.d/pciferry.conf"
#define UNIT "/etc/systemd/system/user@1000.service.d/pciferry.conf"
#define ACCOUNTS                                                                         \
	DEFAULT_ON                                                                       \
	"file etc/passwd <<E\nroot:x:0:0::/root:/bin/sh\nali:x:7:7::/:/bin/sh\n"         \
	"alice:x:1000:1000:A:/home/alice:/bin/sh\nE\n"                                   \
	"file etc/group <<E\nroot:x:0:\nkvm:x:104:alice\nE\n"
#define OURS                                                                             \
	ACCOUNTS "text etc/pciferry/claims 0000:04:00.0 8086:1533 8086:0001 override "   \
		 "user=alice\n"                                                          \
		 "text etc/udev/rules.d/70-pciferry-access.rules old\n"                  \
		 "text etc/security/limits.d/pciferry.conf old\n"                        \
		 "text etc/systemd/system/user@1000.service.d/pciferry.conf old\n"

static const struct row rows[] = {
	{ "one device: by address and ID", ACCOUNTS, "04:00.0 user=alice",
		{ { ACCEPTED },
			{ HOLDS, ACCESS,
				"SUBSYSTEM==\"vfio\", KERNEL==\"[0-9]*\", \\\n"
				"  TEST==\"/sys/kernel/iommu_groups/%k/devices/0000:04:00.0\", "
				"ATTR{[pci/0000:04:00.0]vendor}==\"0x8086\", "
				"ATTR{[pci/0000:04:00.0]device}==\"0x1533\", \\\n"
				"  OWNER=\"alice\", MODE=\"0600\"\n" },
			{ LACKS, ACCESS, "0000:05:00.0" }, { LACKS, ACCESS, "0666" },
			{ HOLDS, CLAIMS, " user=alice\n" }, { IS, LIMITS, NULL },
			{ TOLD, "no-memory-limit", "alice" } } },
	{ "all of a group in one rule", ACCOUNTS, "01:00.0 group=kvm",
		{ { ACCEPTED }, { HOLDS, ACCESS, "devices/0000:01:00.0" },
			{ HOLDS, ACCESS,
				"ATTR{[pci/0000:01:00.3]device}==\"0x1ad9\", \\\n  "
				"GROUP=\"kvm\", MODE=\"0660\"\n" },
			{ HOLDS, CLAIMS, "driver=nouveau group=kvm\n" } } },
	{ "nobody asked", ACCOUNTS, "04:00.0 memory=4G",
		{ { ACCEPTED }, { IS, ACCESS, NULL }, { IS, LIMITS, NULL },
			{ IS, UNIT, NULL }, { SILENT, "no-memory-limit" } } },
	{ "memory for a user, and for their services", ACCOUNTS,
		"04:00.0 user=alice memory=4G",
		{ { ACCEPTED }, { HOLDS, LIMITS, "\nalice - memlock 5242880\n" },
			{ HOLDS, UNIT, "\n[Service]\nLimitMEMLOCK=5120M\n" },
			{ HOLDS, CLAIMS, "\noption memory=4096M\n" },
			{ TOLD, "memory-limit", "alice may lock 5120 MiB" } } },
	{ "memory for a group", ACCOUNTS, "04:00.0 group=kvm memory=512M",
		{ { ACCEPTED }, { HOLDS, LIMITS, "\n@kvm - memlock 1572864\n" },
			{ IS, UNIT, NULL } } },
	{ "no such user", ACCOUNTS, "04:00.0 user=bob",
		{ { REFUSED, "no-account", "user \"bob\" in /etc/passwd" } } },
	{ "a user's name is no prefix", ACCOUNTS, "04:00.0 user=alic",
		{ { REFUSED, "no-account", "alic" } } },
	{ "no such group", ACCOUNTS, "04:00.0 group=alice",
		{ { REFUSED, "no-account", "group \"alice\" in /etc/group" } } },
	{ "root", ACCOUNTS, "04:00.0 user=root",
		{ { REFUSED, "no-account", "has everything" } } },
	{ "no accounts are known", DEFAULT_ON, "04:00.0 user=alice",
		{ { REFUSED, "no-account", "/etc/passwd" } } },
	{ "taken back", OURS, "nobody",
		{ { ACCEPTED }, { IS, ACCESS, NULL }, { IS, LIMITS, NULL },
			{ IS, UNIT, NULL }, { LACKS, CLAIMS, "alice" } } },
	{ "released", OURS, "-0000:04:00.0",
		{ { ACCEPTED }, { IS, ACCESS, NULL }, { IS, LIMITS, NULL },
			{ IS, UNIT, NULL } } },
	{ "kept while another device is added", OURS, "01:00.0",
		{ { ACCEPTED }, { HOLDS, ACCESS, "0000:04:00.0" },
			{ LACKS, ACCESS, "0000:01:00.0" },
			{ HOLDS, CLAIMS, "override driver=igb user=alice\n" } } },
	{ "before the groups are known there is no rule",
		DEFAULT_OFF NO_GROUPS
		"file etc/passwd <<E\nalice:x:1000:1000::/:/bin/sh\nE\n",
		"04:00.0 user=alice",
		{ { ACCEPTED }, { IS, ACCESS, NULL }, { HOLDS, CLAIMS, "user=alice" } } },
};

static void test_rows(void **state)
{
	(void)state;
	check_rows(rows, ARRAY_SIZE(rows));
}

static void test_accounts(void **state)
{
	static const struct {
		const char *text, *name;
		long id; /* -1: none */
	} lines[] = {
		{ "a:x:5:\n", "a", 5 },
		{ "b:x:4:\na:x:5:", "a", 5 },
		{ "a:x:5", "a", 5 },
		{ "a:x:\nb:x:7:\n", "a", -1 },
		{ "a\nb:x:7:\n", "a", -1 },
		{ "a:x\nb:x:7:\n", "a", -1 },
		{ "a:x:5y:\n", "a", -1 },
		{ "+:::\n", "a", -1 },
		{ "", "a", -1 },
		{ NULL, "a", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		unsigned long id = 0;
		bool found = account_find(lines[i].text, lines[i].name, &id);

		check_number(lines[i].text ?: "none", found ? (long)id : -1, lines[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_rows), TEST(test_accounts) };

	return RUN(tests);
}

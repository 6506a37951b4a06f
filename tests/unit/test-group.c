// SPDX-License-Identifier: GPL-2.0-or-later
/* The mark of every kind of group. */
#include "support.h"

/* What stands in front of each row's lines: a root port, its group 1, and a display, for
 * the only one is a lifeline. */
static const char port[] =
	"device 0000:00:01.0 group=1 class=060400 id=8086:460d driver=pcieport bus=01-02\n"
	"device 0000:00:02.0 group=0 class=030000 id=8086:4680 driver=i915\n";

static const struct {
	const char *lines;
	int group;
	enum mark mark;
	const char *why; /* part of the sentence */
} cases[] = {
	/* Isolated: all endpoints are functions of one slot. */
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 driver=nouveau", 5,
		MARK_ISOLATED, "One endpoint" },
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 driver=nouveau\n"
	  "device 0000:01:00.1 group=5 class=040300 id=10de:10f8 driver=snd_hda_intel",
		5, MARK_ISOLATED, "one slot" },
	/* A bridge on pcieport or with no driver does not count. */
	{ "device 0000:01:00.0 group=1 class=030000 id=10de:1e84 driver=nouveau", 1,
		MARK_ISOLATED, "One endpoint" },
	{ "device 0000:01:00.0 group=5 class=060400 id=1b21:1080 bus=02\n"
	  "device 0000:02:00.0 group=5 class=040100 id=13f6:8788",
		5, MARK_ISOLATED, "One endpoint" },
	{ "", 1, MARK_ISOLATED, "Only bridges" },
	/* Shared: endpoints of several slots. */
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "device 0000:01:01.0 group=5 class=0c0010 id=104c:8024",
		5, MARK_SHARED, "2 endpoints in 2 slots" },
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "device 0000:01:00.1 group=5 class=040100 id=13f6:8788\n"
	  "device 0000:02:00.0 group=5 class=0c0010 id=104c:8024",
		5, MARK_SHARED, "3 endpoints in 2 slots" },
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "device 10000:01:00.0 group=5 class=0c0010 id=104c:8024",
		5, MARK_SHARED, "2 slots" },
	/* Blocked: by a lifeline, a reserved region, a bridge's driver, a stranger's. */
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 boot_vga=1", 5,
		MARK_BLOCKED, "0000:01:00.0" },
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 boot_vga=1\n"
	  "device 0000:02:00.0 group=5 class=0c0010 id=104c:8024",
		5, MARK_BLOCKED, "0000:01:00.0" },
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "group 5 region=\"0x6c000000 0x703fffff direct\"",
		5, MARK_BLOCKED, "direct" },
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "group 5 region=\"0x6c000000 0x703fffff direct-relaxable\"",
		5, MARK_ISOLATED, "One endpoint" },
	{ "device 0000:01:00.0 group=5 class=060400 id=1b21:1080 driver=shpchp bus=02\n"
	  "device 0000:02:00.0 group=5 class=040100 id=13f6:8788",
		5, MARK_BLOCKED, "shpchp" },
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "dir sys/devices/platform/ABCD0001:00/driver\n"
	  "link sys/kernel/iommu_groups/5/devices/ABCD0001:00 -> ../../../../devices/platform/ABCD0001:00",
		5, MARK_BLOCKED, "ABCD0001:00" },
	{ "device 0000:01:00.0 group=5 class=040100 id=13f6:8788\n"
	  "dir sys/devices/platform/ABCD0001:00\n"
	  "link sys/kernel/iommu_groups/5/devices/ABCD0001:00 -> ../../../../devices/platform/ABCD0001:00",
		5, MARK_ISOLATED, "One endpoint" }, /* without a driver it does no harm */
	/* Passed: every endpoint is on vfio-pci, bridges beside them or not. */
	{ "device 0000:01:00.0 group=1 class=030000 id=10de:1e84 driver=vfio-pci", 1,
		MARK_PASSED, "vfio-pci" },
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 driver=vfio-pci\n"
	  "device 0000:02:00.0 group=5 class=0c0010 id=104c:8024 driver=vfio-pci",
		5, MARK_PASSED, "vfio-pci" },
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 driver=vfio-pci\n"
	  "device 0000:01:00.1 group=5 class=040300 id=10de:10f8 driver=snd_hda_intel",
		5, MARK_ISOLATED, "one slot" },
	{ "device 0000:01:00.0 group=5 class=030000 id=10de:1e84 driver=vfio-pci\n"
	  "device 0000:01:00.1 group=5 class=040300 id=10de:10f8",
		5, MARK_ISOLATED, "one slot" },
	/* No group. */
	{ "device 0000:01:00.0 class=088000 id=8086:09ab", -1, MARK_NONE,
		"does not translate" },
};

static void test_marks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *text = NULL;
		autohost struct host *host = NULL;
		const struct group *found = NULL;

		tree_renew();
		assert_true(asprintf(&text, "%s%s\n", port, cases[i].lines) >= 0);
		tree_expand(text);
		host = tree_scan();
		for (size_t j = 0; j < host->n_groups; j++)
			if (host->groups[j].number == cases[i].group)
				found = &host->groups[j];
		assert_non_null(found);
		check_text(cases[i].lines, mark_to_string(found->mark),
			mark_to_string(cases[i].mark));
		check_holds(cases[i].lines, found->why, cases[i].why);
	}
}

static void test_words(void **state)
{
	(void)state;
	for (enum mark a = MARK_ISOLATED; a <= MARK_NONE; a++)
		for (enum mark b = MARK_ISOLATED; b < a; b++) {
			assert_int_not_equal(mark_letter(a), mark_letter(b));
			assert_string_not_equal(mark_to_string(a), mark_to_string(b));
		}
	assert_int_equal(mark_letter(MARK_ISOLATED), 'I');
	assert_int_equal(mark_letter(MARK_SHARED), 'S');
	assert_int_equal(mark_letter(MARK_BLOCKED), 'X');
	assert_int_equal(mark_letter(MARK_PASSED), 'V');
	assert_int_equal(mark_letter(MARK_NONE), '-');
}

/* Groups by number, devices by address, the devices without a group last. */
static void test_order(void **state)
{
	autohost struct host *host = NULL;

	(void)state;
	tree_expand("device 0000:02:00.0 group=10 class=040100 id=13f6:8788\n"
		    "device 0000:01:00.0 group=10 class=040100 id=13f6:8788\n"
		    "device 10000:00:00.0 group=9 class=040100 id=13f6:8788\n"
		    "device ffff:00:00.0 group=9 class=040100 id=13f6:8788\n"
		    "device 0000:00:00.0 class=060000 id=8086:4660\n");
	host = tree_scan();
	assert_int_equal(host->n_groups, 3);
	assert_int_equal(host->groups[0].number, 9);
	assert_int_equal(host->groups[1].number, 10);
	assert_int_equal(host->groups[2].number, -1);
	assert_string_equal(
		host->devices[host->groups[0].devices[0]].address, "ffff:00:00.0");
	assert_string_equal(
		host->devices[host->groups[1].devices[0]].address, "0000:01:00.0");
	assert_ptr_equal(
		host_group(host, host_device(host, "0000:02:00.0")), &host->groups[1]);
	assert_ptr_equal(
		host_group(host, host_device(host, "0000:00:00.0")), &host->groups[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_marks),
		TEST(test_words),
		TEST(test_order),
	};

	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses, IDs and kinds of devices. */
#include "support.h"
#include "core/host/device.h"

static void test_address(void **state)
{
	static const struct {
		const char *text;
		struct pci_address at;
	} cases[] = {
		{ "0000:01:00.0", { 0, 1, 0, 0 } },
		{ "01:00.0", { 0, 1, 0, 0 } },
		{ "0000:ff:1f.7", { 0, 0xff, 0x1f, 7 } },
		{ "ffff:00:00.0", { 0xffff, 0, 0, 0 } },
		{ "10000:e1:00.0", { 0x10000, 0xe1, 0, 0 } }, /* VMD */
		{ "ffffffff:ff:1f.7", { 0xffffffff, 0xff, 0x1f, 7 } },
		{ "0000:0A:1F.0", { 0, 0x0a, 0x1f, 0 } },
		{ "0000:0a:1f.0", { 0, 0x0a, 0x1f, 0 } },
		{ "0:1:2.3", { 0, 1, 2, 3 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pci_address at = { 1, 2, 3, 4 };

		check_number(cases[i].text, pci_address_parse(cases[i].text, &at), 0);
		check_number(cases[i].text, pci_address_compare(&at, &cases[i].at), 0);
	}
}

static void test_no_address(void **state)
{
	static const char *const cases[] = { "", " ", ":", "::", ".", "01", "01:00",
		"01:00.", "01:.0", ":00.0", "0000:01:00", "0000:01:00.8", "0000:01:20.0",
		"0000:01:00.00", "0000:100:00.0", "0000:01:000.0", "100000000:01:00.0",
		"0000:01:00.0 ", " 0000:01:00.0", "0000:01:00.0\n", "0000:01:00.0x",
		"0000:01:00.-1", "0000:01:-1.0", "-1:01:00.0", "+1:01:00.0",
		"0000: 1:00.0", "0000:01: 0.0", "000g:01:00.0", "0000:0g:00.0",
		"0000:01:00.g", "0000::00.0", "0000:0000:01:00.0", "0x10:01:00.0",
		"0x0:01:00.0", "0000:0x1:00.0", "0000:01:0x0.0", "0000-01-00.0",
		"0000:01:00:0", "10de:2684", "\xff\xff", "../../etc" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pci_address at = { 1, 2, 3, 4 };
		const struct pci_address untouched = { 1, 2, 3, 4 };

		check_number(cases[i], pci_address_parse(cases[i], &at), -EINVAL);
		check_number(cases[i], pci_address_compare(&at, &untouched), 0);
	}
}

static void test_order(void **state)
{
	static const char *const order[] = { "0000:00:00.0", "0000:00:00.7",
		"0000:00:01.0", "0000:01:00.0", "0000:ff:1f.7", "0001:00:00.0",
		"ffff:00:00.0", "10000:00:00.0", "ffffffff:00:00.0" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		for (size_t j = 0; j < ARRAY_SIZE(order); j++) {
			struct pci_address a, b;

			assert_int_equal(pci_address_parse(order[i], &a), 0);
			assert_int_equal(pci_address_parse(order[j], &b), 0);
			check_number(
				order[i], pci_address_compare(&a, &b), (i > j) - (i < j));
		}
}

static void test_ids(void **state)
{
	const struct device known = {
		.vendor = 0x10de, .device = 0x84, .subvendor = 0, .subdevice = 1
	};
	const struct device unknown = {
		.vendor = -1, .device = -1, .subvendor = 0x1043, .subdevice = -1
	};
	char id[DEVICE_ID_SIZE];

	(void)state;
	assert_string_equal(device_id(&known, id), "10de:0084");
	assert_string_equal(device_subsystem_id(&known, id), "0000:0001");
	assert_string_equal(device_id(&unknown, id), "");
	assert_string_equal(device_subsystem_id(&unknown, id), "");
	assert_true(device_same_id(&known, &known));
	assert_false(device_same_id(&unknown, &unknown)); /* unknown equals nothing */
}

static void test_kind(void **state)
{
	static const struct {
		int32_t class;
		enum device_kind kind;
	} cases[] = {
		{ 0x030000, DEVICE_GPU },
		{ 0x030200, DEVICE_GPU },
		{ 0x038000, DEVICE_GPU },
		{ 0x020000, DEVICE_NETWORK },
		{ 0x028000, DEVICE_NETWORK },
		{ 0x0d8000, DEVICE_NETWORK },
		{ 0x010802, DEVICE_STORAGE },
		{ 0x010601, DEVICE_STORAGE },
		{ 0x010400, DEVICE_STORAGE },
		{ 0x0c0330, DEVICE_USB },
		{ 0x0c0310, DEVICE_USB },
		{ 0x0c0500, DEVICE_OTHER },
		{ 0x0c0010, DEVICE_OTHER },
		{ 0x040300, DEVICE_AUDIO },
		{ 0x060400, DEVICE_BRIDGE },
		{ 0x060000, DEVICE_BRIDGE },
		{ 0x060100, DEVICE_BRIDGE },
		{ 0x088000, DEVICE_OTHER },
		{ 0x000000, DEVICE_OTHER },
		{ 0xffffff, DEVICE_OTHER },
		{ -1, DEVICE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct device d = { .class = cases[i].class };

		check_text("kind", device_kind_to_string(device_kind(&d)),
			device_kind_to_string(cases[i].kind));
		check_number(
			"bridge", device_is_bridge(&d), cases[i].kind == DEVICE_BRIDGE);
	}
}

static void test_same_slot(void **state)
{
	const struct device a = { .at = { 0, 1, 0, 0 } }, b = { .at = { 0, 1, 0, 7 } },
			    slot = { .at = { 0, 1, 1, 0 } },
			    bus = { .at = { 0, 2, 0, 0 } },
			    domain = { .at = { 1, 1, 0, 0 } };

	(void)state;
	assert_true(device_same_slot(&a, &b));
	assert_false(device_same_slot(&a, &slot));
	assert_false(device_same_slot(&a, &bus));
	assert_false(device_same_slot(&a, &domain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_address),
		TEST(test_no_address),
		TEST(test_order),
		TEST(test_ids),
		TEST(test_kind),
		TEST(test_same_slot),
	};

	return RUN(tests);
}

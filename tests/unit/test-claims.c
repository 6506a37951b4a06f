// SPDX-License-Identifier: GPL-2.0-or-later
/* /etc/pciferry/claims: written and read again, and written by hand. */
#include "support.h"
#include "core/host/claims.h"

static void test_round_trip(void **state)
{
	CLEANUP(claims_done) struct claims claims = { 0 }, again = { 0 }, copy = { 0 };
	autofree char *text = NULL;
	struct err err = { 0 };

	(void)state;
	claims_set(&claims, "10000:e1:00.0", "15b7:5015", "-", "override");
	claims_set(&claims, "0000:01:00.0", "10de:1e84", "10de:139f", "auto");
	claims_set(&claims, "0000:01:00.0", "10de:1e84", "10de:139f", "ids");
	claim_set_driver(&claims.list[0], "nouveau");
	/* another method, the driver of before stays */
	claims_set(&claims, "0000:01:00.0", "10de:1e84", "10de:139f", "ids");
	strv_add(&claims_find(&claims, "10000:e1:00.0")->accepted, "disk");
	claims.iommu_pt = true;
	claims_set_acs_override(&claims, "downstream,id:8086:1533");
	text = claims_format(&claims);
	assert_int_equal(claims_parse(text, &again, &err), 0);
	assert_true(claims_equal(&claims, &again));
	assert_int_equal(again.n, 2);
	assert_string_equal(again.list[0].address, "0000:01:00.0"); /* by address */
	assert_string_equal(again.list[0].method, "ids");
	assert_string_equal(again.list[0].driver, "nouveau");
	assert_string_equal(again.list[1].subsystem, "-");
	assert_null(again.list[1].driver);
	assert_string_equal(again.list[1].accepted[0], "disk");
	claims_copy(&again, &copy);
	assert_true(claims_equal(&copy, &again));
	assert_string_equal(copy.acs_override, "downstream,id:8086:1533");
	claims_set_acs_override(&copy, NULL);
	assert_false(claims_equal(&copy, &again));
	claims_set_acs_override(&copy, again.acs_override);
	assert_string_equal(copy.list[0].driver, "nouveau");
	claims_remove(&copy, "0000:01:00.0");
	claims_remove(&copy, "0000:01:00.0");
	assert_int_equal(copy.n, 1);
	assert_false(claims_equal(&copy, &again));
	/* What was accepted, for this device and for no other at its address. */
	claims_set(&copy, "10000:e1:00.0", "15b7:5015", "-", "ids");
	assert_string_equal(copy.list[0].accepted[0], "disk");
	claims_set(&copy, "10000:e1:00.0", "15b7:5016", "-", "ids");
	assert_null(copy.list[0].accepted);
	assert_null(claims_find(&copy, "0000:01:00.0"));
	assert_non_null(claims_find(&copy, "10000:e1:00.0"));
}

static void test_nothing(void **state)
{
	static const char *const texts[] = { NULL, "", "\n\n", "# only a comment\n",
		"   \t\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		CLEANUP(claims_done) struct claims claims = { 0 };
		autofree char *text = NULL;
		struct err err = { 0 };

		check_number("parse", claims_parse(texts[i], &claims, &err), 0);
		check_number("claims", (long)claims.n, 0);
		text = claims_format(&claims);
		assert_null(text);
	}
}

#define LINE "0000:01:00.0 10de:1e84 10de:139f ids\n"

/* What people do to a file: blanks, comments, CRLF, no newline at the end. */
static void test_by_hand(void **state)
{
	static const char *const texts[] = { LINE, "0000:01:00.0 10de:1e84 10de:139f ids",
		"# mine\n\n" LINE, "\t 0000:01:00.0 \t10de:1e84  10de:139f ids  \n",
		"0000:01:00.0 10de:1e84 10de:139f ids\r\n", LINE LINE,
		"  # indented\n" LINE, "0000:01:00.0 10de:1e84 10de:139f ids driver=-\n",
		"0000:01:00.0 10de:1e84 10de:139f ids driver=intel-lpss",
		"0000:01:00.0 10de:1e84 10de:139f ids user=j.doe_1\noption memory=4G\n",
		"0000:01:00.0 10de:1e84 10de:139f ids group=kvm driver=-\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		CLEANUP(claims_done) struct claims claims = { 0 };
		struct err err = { 0 };

		check_number(texts[i], claims_parse(texts[i], &claims, &err), 0);
		check_number(texts[i], (long)claims.n, 1);
		if (claims.n == 1)
			check_text(texts[i], claims.list[0].method, "ids");
	}
}

static void test_bad_lines(void **state)
{
	static const struct {
		const char *text;
		int line;
	} cases[] = {
		{ "x", 1 },
		{ "0000:01:00.0", 1 },
		{ "0000:01:00.0 10de:1e84", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids more", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids driver=", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids driver=a driver=b", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids driver=\x1b[31m", 1 },
		{ "0000:01:20.0 10de:1e84 10de:139f ids", 1 },
		{ "0x0:01:00.0 10de:1e84 10de:139f ids", 1 },
		{ "01:00.0 10de:1e84 10de:139f ids", 1 }, /* would never match a device */
		{ "0000:0A:00.0 10de:1e84 10de:139f ids", 1 }, /* nor would this */
		{ "0000:01:00.0 10DE:1e84 10de:139f ids", 1 },
		{ "0000:01:00.0 10de1e84 10de:139f ids", 1 },
		{ "0000:01:00.0 10de:1e8 10de:139f ids", 1 },
		{ "0000:01:00.0 10de:1e840 10de:139f ids", 1 },
		{ "0000:01:00.0 - 10de:139f ids", 1 },
		{ "0000:01:00.0 10de:1e84 -- ids", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f IDS", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids;reboot", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f \"ids\"", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids # why", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids accept=", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids accept=disk,../x", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f accept=disk", 1 },
		{ "option iommu=off", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids user=", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids user=-", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids user=a\"b", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids user=../a", 1 },
		{ "0000:01:00.0 10de:1e84 10de:139f ids user=a group=b", 1 },
		{ "option memory=16", 1 },
		{ "option memory=0G", 1 },
		{ "option memory=-1G", 1 },
		{ "option memory=99999999G", 1 },
		{ "option memory=4Gi", 1 },
		{ "option", 1 },
		{ "option pcie_acs_override=", 1 },
		{ "option pcie_acs_override=downstream,", 1 },
		{ "option pcie_acs_override=downstreams", 1 },
		{ "option pcie_acs_override=id:8086:1533:1", 1 },
		{ "\x1b[31m", 1 },
		{ LINE "\n# fine\nx\n" LINE, 4 },
		{ LINE "0000:02:00.0 10de:1e84", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct claims claims = { 0 };
		struct err err = { 0 };
		char place[64];

		(void)snprintf(place, sizeof(place), CLAIMS_PATH ":%d: ", cases[i].line);
		check_number(cases[i].text, claims_parse(cases[i].text, &claims, &err),
			-EINVAL);
		if (!after_prefix(err.text, place))
			complain("\"%s\": says \"%s\"", cases[i].text, err.text);
		check_number("output touched", claims.list != NULL, false);
		claims_done(&claims);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_nothing),
		TEST(test_by_hand),
		TEST(test_bad_lines),
	};

	return RUN(tests);
}

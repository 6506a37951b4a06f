// SPDX-License-Identifier: GPL-2.0-or-later
/* After the reboot: a plan's promises against what became of the host, and its repair. */
#include "support.h"
#include "core/base/buf.h"
#include "core/plan/request.h"
#include "core/verify/expect.h"
#include "core/verify/repair.h"
#include "core/verify/verify.h"

static const char base[] =
	"kernel 6.1 running\n"
	"module 6.1 vfio-pci\n"
	"module 6.1 nouveau pci:v000010DEd*sv*sd*bc03sc*i*\n"
	"module 6.1 igb pci:v00008086d00001533sv*sd*bc*sc*i*\n"
	"text proc/cpuinfo vendor_id : GenuineIntel\n"
	"text usr/sbin/update-initramfs x\n" DEBIAN_GRUB(
		"") "device 0000:00:02.0 group=2 class=030000 id=8086:4680 driver=i915\n";

#define ON "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n"
#define OFF "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n"
#define CARD(at, group, driver)                                                          \
	"device 0000:" at " group=" group                                                \
	" class=030000 id=10de:1e84 sub=10de:139f driver=" driver "\n"
#define GROUPLESS                                                                        \
	"remove sys/kernel/iommu_groups\nremove sys/bus/pci/devices/0000:00:02.0\n"      \
	"hex sys/firmware/acpi/tables/DMAR 00\n"                                         \
	"device 0000:01:00.0 class=030000 id=10de:1e84 sub=10de:139f driver=nouveau\n"
#define NIC(at, group, driver)                                                           \
	"device 0000:" at " group=" group                                                \
	" class=020000 id=8086:1533 sub=8086:0001 driver=" driver "\n"
#define KMSG "file dev/kmsg <<E\n"
#define CMDLINE(words) "text proc/cmdline root=/dev/sda1 ro quiet" words "\n"
#define MOVED(id, to) "the device " id " is at 0000:" to " now: addresses have moved\n"
#define IMAGE                                                                            \
	"see that this boot took the image that was made last, and make it again if not"

static const struct {
	const char *what;
	const char *before, *request,
		*after; /* lines besides base; the wish between them */
	const char *want; /* what verify says */
	const char *repair; /* the claims after a repair; NULL: as they are */
} cases[] = {
	{ "all as promised", ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON CARD("01:00.0", "7", "vfio-pci"), "ok 0000:01:00.0 vfio-pci\n", NULL },

	/* Reasons. */
	{ "the way out was taken", ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON CARD("01:00.0", "7", "nouveau")
			CMDLINE(" pciferry.off module_blacklist=vfio_pci"),
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: this boot had pciferry.off on "
		"its command line, the way out: reboot without it\n",
		NULL },
	{ "half the way out", ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON CARD("01:00.0", "7", "nouveau")
			CMDLINE(" module_blacklist=nouveau,vfio_pci"),
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: this boot had "
		"module_blacklist=vfio_pci on its command line, the way out: reboot "
		"without it\n",
		NULL },
	{ "vfio-pci was not loaded", ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON CARD("01:00.0", "7", "nouveau"),
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: vfio-pci was not loaded in "
		"this boot: " IMAGE "\n",
		NULL },
	{ "the driver was first",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"),
		"01:00.0 04:00.0",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "vfio-pci") KMSG
		"5,0,0,-;Linux version 6.1.0\n"
		"6,700,1200000,-;nouveau 0000:01:00.0: vgaarb: deactivate vga console\n"
		" SUBSYSTEM=pci\n"
		"6,900,5340000,-;vfio_pci: add [10de:1e84[ffffffff:ffffffff]] class "
		"0x000000/00000000\nE\n",
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: nouveau had it 1.2 s after the "
		"start, vfio-pci came at 5.3 s: " IMAGE ", or take the method override\n"
		"ok 0000:04:00.0 vfio-pci\n",
		NULL },
	{ "vfio-pci came without the ID",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"),
		"01:00.0 04:00.0",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "vfio-pci") KMSG
		"5,0,0,-;Linux version 6.1.0\n"
		"6,9,5340000,-;vfio_pci: add [8086:1533[ffffffff:ffffffff]] class "
		"0x000000/00000000\nE\n",
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: vfio-pci was loaded in this "
		"boot, but not told of 10de:1e84: " IMAGE "\n"
		"ok 0000:04:00.0 vfio-pci\n",
		NULL },
	{ "vfio-pci refused it, and says why",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"),
		"01:00.0 04:00.0",
		ON CARD("01:00.0", "7", "vfio-pci") NIC("04:00.0", "9", "igb") KMSG
		"3,9,5340000,-;vfio-pci 0000:04:00.0: Cannot bind to PF with SR-IOV "
		"enabled\nE\n",
		"ok 0000:01:00.0 vfio-pci\n"
		"WRONG 0000:04:00.0 igb, not vfio-pci: vfio-pci refused it, since virtual "
		"functions of it are active: set its sriov_numvfs to 0 before\n",
		NULL },
	{ "vfio-pci refused it, with a number",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"),
		"01:00.0 04:00.0",
		ON CARD("01:00.0", "7", "vfio-pci") NIC("04:00.0", "9", "igb") KMSG
		"4,9,5340000,-;vfio-pci: probe of 0000:04:00.0 failed with error -22\nE\n",
		"ok 0000:01:00.0 vfio-pci\n"
		"WRONG 0000:04:00.0 igb, not vfio-pci: vfio-pci refused it; the kernel's "
		"log says: vfio-pci: probe of 0000:04:00.0 failed with error -22\n",
		NULL },
	{ "a module without a signature", ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON CARD("01:00.0", "7", "nouveau") KMSG
		"5,9,5340000,-;Loading of unsigned module is rejected\nE\n",
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: vfio-pci is not loaded, and "
		"the kernel refused a module that is not signed (Loading of unsigned "
		"module is rejected): install the distribution's own, or sign it\n",
		NULL },
	{ "nobody knows why",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"),
		"01:00.0 04:00.0",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "vfio-pci"),
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: vfio-pci did not get it: look "
		"for vfio-pci and nouveau in the kernel's log (dmesg), and see whether "
		"this boot took the new image\n"
		"ok 0000:04:00.0 vfio-pci\n",
		NULL },
	{ "in no group", ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON "device 0000:01:00.0 class=030000 id=10de:1e84 sub=10de:139f "
		   "driver=nouveau\n",
		"WRONG 0000:01:00.0 nouveau, not vfio-pci: it is in no IOMMU group, so "
		"vfio-pci refuses it\n",
		NULL },
	{ "a member of its group spoils it", ON CARD("01:00.0", "7", "nouveau"),
		"01:00.0", ON CARD("01:00.0", "7", "vfio-pci") NIC("01:00.1", "7", "igb"),
		"WRONG 0000:01:00.0 vfio-pci, not vfio-pci: 0000:01:00.1 in its group is "
		"on igb, so no guest can have the group: give 0000:01:00.1 away as "
		"well\n",
		NULL },
	{ "another device has another driver",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"), "01:00.0",
		ON CARD("01:00.0", "7", "vfio-pci") NIC("04:00.0", "9", "e1000"),
		"ok 0000:01:00.0 vfio-pci\n"
		"WRONG 0000:04:00.0 e1000, not igb: its driver is another one than "
		"expected\n",
		NULL },
	{ "words are missing",
		"config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n" CARD(
			"01:00.0", "7", "nouveau") CMDLINE(" intel_iommu=on"),
		"01:00.0 iommu=pt",
		OFF CARD("01:00.0", "7", "vfio-pci") CMDLINE(" intel_iommu=on"),
		"ok 0000:01:00.0 vfio-pci\nmissing iommu=pt\n", NULL },
	{ "a kernel that was installed later", ON CARD("01:00.0", "7", "nouveau"),
		"01:00.0",
		"kernel 6.9 running\nmodule 6.9 vfio-pci\n" CARD(
			"01:00.0", "7", "vfio-pci"),
		"ok 0000:01:00.0 vfio-pci\nlater\n", NULL },

	/* Two steps. */
	{ "step one came true", OFF GROUPLESS, "01:00.0",
		OFF CARD("01:00.0", "7", "nouveau") CMDLINE(" intel_iommu=on"),
		"ok 0000:01:00.0 nouveau\nsecond step\n", NULL },
	{ "step one: the firmware", OFF GROUPLESS, "01:00.0",
		OFF GROUPLESS CMDLINE(" intel_iommu=on"),
		"ok 0000:01:00.0 nouveau\niommu The IOMMU is still off. The firmware offers an IOMMU (/sys/firmware/acpi/tables/DMAR), the kernel is to use it, and yet /sys/kernel/iommu_groups is empty. Turn on VT-d (Intel Virtualization Technology for Directed I/O) in the firmware setup, and reboot. It often is under Advanced, Chipset or System Agent. For virtual functions look for SR-IOV too.\n",
		NULL },
	{ "step one: the words", OFF GROUPLESS, "01:00.0", OFF GROUPLESS CMDLINE(""),
		"ok 0000:01:00.0 nouveau\nmissing intel_iommu=on\niommu The IOMMU is "
		"still off: this boot did not have the words that turn it on.\n",
		NULL },

	/* Addresses. */
	{ "the card has moved, and the host's NIC with it",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"), "01:00.0",
		ON NIC("05:00.0", "9", "igb") CARD("02:00.0", "7", "vfio-pci"),
		"WRONG 0000:01:00.0 vfio-pci, not vfio-pci, at 0000:02:00.0: " MOVED(
			"10de:1e84", "02:00.0"),
		"0000:02:00.0 ids\n" },
	{ "another device is where it was",
		ON CARD("01:00.0", "7", "nouveau") NIC("04:00.0", "9", "igb"), "01:00.0",
		ON NIC("01:00.0", "9", "igb") CARD("02:00.0", "7", "nouveau"),
		"WRONG 0000:01:00.0 nouveau, not vfio-pci, at 0000:02:00.0: " MOVED(
			"10de:1e84", "02:00.0"),
		"0000:02:00.0 ids\n" },
	{ "two that were claimed have moved",
		ON NIC("01:00.0", "7", "igb") NIC("02:00.0", "8", "igb"),
		"01:00.0 02:00.0",
		ON NIC("02:00.0", "7", "vfio-pci") NIC("03:00.0", "8", "vfio-pci"),
		"WRONG 0000:01:00.0 vfio-pci, not vfio-pci, at 0000:03:00.0: " MOVED(
			"8086:1533", "03:00.0") "ok 0000:02:00.0 vfio-pci\n",
		"0000:02:00.0 ids\n0000:03:00.0 ids\n" },
	{ "the card is gone", ON CARD("01:00.0", "7", "nouveau"), "01:00.0", ON,
		"WRONG 0000:01:00.0 none, not vfio-pci: the device 10de:1e84 is not there "
		"any more\n",
		"" },
	{ "the card was exchanged for one of another make",
		ON CARD("01:00.0", "7", "nouveau"), "01:00.0",
		ON "device 0000:01:00.0 group=7 class=030000 id=10de:1e84 sub=1043:8888 "
		   "driver=nouveau\n",
		"WRONG 0000:01:00.0 none, not vfio-pci: another device, 10de:1e84 (1043:8888), has this "
		"address now; 10de:1e84 (10de:139f) is gone\n",
		"" },
	{ "twins, one of them the host's: they cannot be told apart",
		ON NIC("01:00.0", "7", "igb") NIC("02:00.0", "8", "igb"), "02:00.0",
		ON NIC("02:00.0", "7", "igb") NIC("03:00.0", "8", "igb"),
		"WRONG 0000:02:00.0 none, not vfio-pci: there are other devices "
		"8086:1533, which the host kept, and addresses have moved: which one was "
		"claimed cannot be told\n",
		"" },
	{ "twins that stayed where they were",
		ON NIC("01:00.0", "7", "igb") NIC("02:00.0", "8", "igb"), "02:00.0",
		ON NIC("01:00.0", "7", "igb") NIC("02:00.0", "8", "vfio-pci")
			CARD("05:00.0", "9", "nouveau"),
		"ok 0000:02:00.0 vfio-pci\n", NULL },
};

static char *say(const struct results *v)
{
	autobuf struct buf b = { 0 };
	char *text = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct result *x = &v->list[i];

		buf_printf(&b, "%s %s %s", x->why ? "WRONG" : "ok", x->address,
			x->actual ?: "none");
		if (x->why)
			buf_printf(&b, ", not %s%s%s: %s", x->expected ?: "none",
				x->moved_to ? ", at " : "", x->moved_to ?: "", x->why);
		buf_puts(&b, "\n");
	}
	strv_foreach (word, v->missing)
		buf_printf(&b, "missing %s\n", word);
	if (v->iommu)
		buf_printf(&b, "iommu %s\n", v->iommu);
	buf_puts(&b, v->later ? "later\n" : "");
	buf_puts(&b, v->second_step ? "second step\n" : "");
	text = buf_take(&b);
	return text;
}

/* The claims that a plan for the repair writes. */
static char *repaired(const struct host *host, const struct expectations *known)
{
	CLEANUP(lost_claims_done) struct lost_claims lost = { 0 };
	CLEANUP(request_done) struct request request = { 0 };
	autobuf struct buf b = { 0 };
	autoplan struct plan *plan = NULL;
	struct err err = { 0 };
	char *text = NULL;

	request_start(host, &request);
	claims_lost(host, &host->claims, known, &lost);
	assert_int_equal(request_repair(host, &lost, &request, &err), 0);
	plan = plan_build(host, &request);
	for (size_t i = 0; i < plan->claims.n; i++)
		buf_printf(&b, "%s %s\n", plan->claims.list[i].address,
			plan->claims.list[i].method);
	text = buf_take(&b);
	return text;
}

static void make_tree(const char *lines)
{
	autofree char *text = NULL;

	assert_true(asprintf(&text, "%s%s", base, lines) > 0);
	tree_renew();
	tree_expand(text);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(expectations_done) struct expectations e = { 0 };
		CLEANUP(results_done) struct results v = { 0 };
		autofree char *got = NULL, *claims = NULL, *after = NULL;
		autohost struct host *then = NULL, *now = NULL;
		autoplan struct plan *plan = NULL;
		struct err err = { 0 };

		make_tree(cases[i].before);
		then = tree_scan();
		plan = make_plan(then, cases[i].request);
		expectations_from(then, plan, &e);
		claims = strdup(plan_text(then, plan, CLAIMS_PATH));
		make_tree(cases[i].after);
		tree_put(CLAIMS_PATH, claims);
		now = tree_scan();
		if (verify(TREE_PROBE(now), &e, &v, &err) < 0) {
			complain("%s: %s", cases[i].what, err.text);
			continue;
		}
		got = say(&v);
		check_text(cases[i].what, got, cases[i].want);
		check_number(cases[i].what, v.n_lost > 0, cases[i].repair != NULL);
		after = repaired(now, &e);
		if (cases[i].repair)
			check_text(cases[i].what, after, cases[i].repair);
	}
}

/* A claim that moves keeps who may use the device, and the driver before. */
static void test_repair_keeps(void **state)
{
	CLEANUP(lost_claims_done) struct lost_claims lost = { 0 };
	CLEANUP(request_done) struct request request = { 0 };
	autohost struct host *host = NULL;
	struct err err = { 0 };
	struct claim *claim;

	(void)state;
	make_tree(ON CARD("02:00.0", "7", "vfio-pci"));
	tree_put(CLAIMS_PATH, "0000:01:00.0 10de:1e84 10de:139f ids driver=nouveau "
			      "user=alice accept=display\n");
	host = tree_scan();
	request_start(host, &request);
	claims_lost(host, &host->claims, NULL, &lost);
	assert_int_equal(request_repair(host, &lost, &request, &err), 0);
	claim = claims_find(&request.claims, "0000:02:00.0");
	assert_non_null(claim);
	check_text("driver", claim->driver, "nouveau");
	check_text("user", claim->user, "alice");
	assert_null(claim->accepted);
	assert_int_equal(request.claims.n, 1);
}

static const char *after_comments(const char *text)
{
	while (*text == '#')
		text += strcspn(text, "\n") + 1;
	return text;
}

/* Numbers of virtual functions move with their card. */
static void test_repair_vfs(void **state)
{
#define PF(address)                                                                      \
	"device 0000:" address " group=9 class=020000 id=8086:1521 driver=igb\n"
#define OTHER_PF "device 0000:05:00.0 group=10 class=020000 id=8086:1521 driver=igb\n"
	static const struct {
		const char *what, *lines, *claims, *why, *want;
	} rows[] = {
		{ "it stayed", PF("03:00.0"), "vfs 0000:03:00.0 8086:1521 4\n", NULL,
			"vfs 0000:03:00.0 8086:1521 4\n" },
		{ "it moved", PF("04:00.0"), "vfs 0000:03:00.0 8086:1521 4\n",
			"4 virtual functions were asked for here, and the device 8086:1521 is at 0000:04:00.0 now: addresses have moved",
			"vfs 0000:04:00.0 8086:1521 4\n" },
		{ "two moved, to where the other was", PF("04:00.0") OTHER_PF,
			"vfs 0000:03:00.0 8086:1521 4\nvfs 0000:06:00.0 8086:1521 2\n",
			"4 virtual functions were asked for here, and the device 8086:1521 is at 0000:04:00.0 now: addresses have moved",
			"vfs 0000:04:00.0 8086:1521 4\nvfs 0000:05:00.0 8086:1521 2\n" },
		{ "one of two, of which the other had none", PF("04:00.0") OTHER_PF,
			"vfs 0000:03:00.0 8086:1521 4\n",
			"4 virtual functions were asked for here, and addresses have moved, and several devices 8086:1521 could be the one that was claimed",
			NULL },
		{ "its twin is handed over", PF("04:00.0") OTHER_PF,
			"0000:04:00.0 8086:1521 0000:0000 ids driver=igb\nvfs 0000:03:00.0 8086:1521 4\n",
			"4 virtual functions were asked for here, and the device 8086:1521 is at 0000:05:00.0 now: addresses have moved",
			"0000:04:00.0 8086:1521 0000:0000 ids driver=igb\nvfs 0000:05:00.0 8086:1521 4\n" },
		{ "a claimed function of it is not made now",
			"device 0000:03:00.0 group=9 class=020000 id=8086:1521 driver=igb sriov_totalvfs=7 sriov_numvfs=0\n",
			"0000:03:10.0 8086:1520 - ids driver=igbvf physfn=0000:03:00.0\n",
			NULL,
			"0000:03:10.0 8086:1520 - ids driver=igbvf physfn=0000:03:00.0\n" },
		{ "gone", "", "vfs 0000:03:00.0 8086:1521 4\n",
			"4 virtual functions were asked for here, and the device 8086:1521 is not there any more",
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(lost_claims_done) struct lost_claims lost = { 0 };
		CLEANUP(request_done) struct request request = { 0 };
		autohost struct host *host = NULL;
		autofree char *text = NULL;
		struct err err = { 0 };

		make_tree(rows[i].lines);
		tree_put(CLAIMS_PATH, rows[i].claims);
		host = tree_scan();
		request_start(host, &request);
		claims_lost(host, &host->claims, NULL, &lost);
		check_text(rows[i].what, lost.n ? lost.list[0].why : NULL, rows[i].why);
		assert_int_equal(request_repair(host, &lost, &request, &err), 0);
		text = claims_format(&request.claims);
		check_text(
			rows[i].what, text ? after_comments(text) : NULL, rows[i].want);
	}
}

/* Without a kernel that is known to run there is nothing to compare with. */
static void test_unknown_kernel(void **state)
{
	CLEANUP(expectations_done) struct expectations e = { 0 };
	CLEANUP(results_done) struct results v = { 0 };
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	struct err err = { 0 };

	(void)state;
	make_tree(ON CARD("01:00.0", "7", "nouveau"));
	host = tree_scan();
	plan = make_plan(host, "01:00.0");
	expectations_from(host, plan, &e);
	free(TAKE(host->running));
	assert_int_equal(verify(TREE_PROBE(host), &e, &v, &err), -ENODATA);
	check_holds("error", err.text, "not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cases),
		TEST(test_repair_keeps),
		TEST(test_repair_vfs),
		TEST(test_unknown_kernel),
	};

	return RUN(tests);
}

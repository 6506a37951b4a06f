// SPDX-License-Identifier: GPL-2.0-or-later
/* Network interfaces that have another name now, and the files that do not know it. */
#include "support.h"
#include "core/format/ifname.h"
#include "core/plan/request.h"
#include "core/verify/repair.h"

static void test_names(void **state)
{
	static const char *const yes[] = { "eth0", "wlan1", "eno1", "ens18", "enp3s0",
		"enp3s0f1", "enp3s0f1np1", "enP2p1s0", "enx001122aabbcc", "wlp2s0",
		"wlo1", "ibp65s0", "eno1np0", "enp0s31f6" };
	static const char *const no[] = { "lo", "br0", "vmbr0", "bond0", "enable", "en",
		"enp", "eth", "ethernet", "wlan", "inet", "wireguard", "enp3s0-guest",
		"slaves", "entry", "veth0", "ibm" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		check_number(yes[i], ifname_is_hardware(yes[i]), true);
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		check_number(no[i], ifname_is_hardware(no[i]), false);
}

/* Only these bytes change, in whatever the file is written. */
static void test_replace(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "auto enp3s0\niface enp3s0 inet dhcp\n",
			"auto enp4s0\niface enp4s0 inet dhcp\n" },
		{ "auto enp3s0", "auto enp4s0" },
		{ "# enp3s0 was here\r\n\tauto  enp3s0\t# enp3s0\r\n",
			"# enp3s0 was here\r\n\tauto  enp4s0\t# enp3s0\r\n" },
		{ "auto enp3s0.100\niface enp3s0:1 inet static\n",
			"auto enp4s0.100\niface enp4s0:1 inet static\n" },
		{ "bridge_ports enp3s0 enp3s01 xenp3s0\n",
			"bridge_ports enp4s0 enp3s01 xenp3s0\n" },
		{ "up iptables -o \"enp3s0\" -j X\n",
			"up iptables -o \"enp4s0\" -j X\n" },
		{ "    enp3s0:\n      dhcp4: true\n",
			"    enp4s0:\n      dhcp4: true\n" },
		{ "\xff\x01 enp3s0 \x80", "\xff\x01 enp4s0 \x80" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *got = NULL, *back = NULL;

		got = ifname_replace(cases[i].text, "enp3s0", "enp4s0");
		check_text(cases[i].text, got, cases[i].want);
		back = ifname_replace(got, "nothing", "x");
		check_text("nothing to replace", back, got);
	}
}

#define CARD                                                                             \
	"device 0000:00:02.0 group=2 class=030000 id=8086:4680 driver=i915\n"            \
	"device 0000:04:00.0 group=9 class=020000 id=8086:1533 driver=igb\n"             \
	"net enp4s0 0000:04:00.0\n"
#define SECOND                                                                           \
	"device 0000:05:00.0 group=10 class=020000 id=8086:1533 driver=igb\n"            \
	"net enp5s0 0000:05:00.0\n"
#define INTERFACES                                                                       \
	"file etc/network/interfaces <<E\n# The card\nauto enp3s0\n"                     \
	"iface enp3s0 inet dhcp\nE\n"
#define CHANGED "# The card\nauto enp4s0\niface enp4s0 inet dhcp\n"

static const struct {
	const char *what, *lines;
	const char *finding; /* of a plan without a repair; NULL: none */
	const char *text; /* /etc/network/interfaces after a repair; NULL: untouched */
} cases[] = {
	{ "the name is right", CARD "text etc/network/interfaces auto enp4s0\n", NULL,
		NULL },
	{ "the card has another name", CARD INTERFACES,
		"/etc/network/interfaces:2 names the network interface enp3s0, which is "
		"not there any more; enp4s0 is new. pciferry repair plans the change.",
		CHANGED },
	{ "nothing is new",
		CARD INTERFACES "text etc/network/interfaces.d/x auto enp4s0\n", NULL,
		NULL },
	{ "software that is not up yet",
		CARD "file etc/network/interfaces <<E\nauto br0\niface br0 inet dhcp\n"
		     "bridge_ports enp4s0\nauto bond0\nE\n",
		NULL, NULL },
	{ "two could be it", CARD SECOND INTERFACES,
		"/etc/network/interfaces:2 names the network interface enp3s0, which is "
		"not there any more. New, and named by no file: enp4s0, enp5s0. If one of "
		"them is it, change the name there.",
		NULL },
	{ "two names are gone", CARD "text etc/network/interfaces auto enp3s0 enp2s0\n",
		"/etc/network/interfaces:1 names the network interface enp3s0, which is "
		"not there any more. New, and named by no file: enp4s0. If one of them is "
		"it, change the name there.",
		NULL },
	{ "the card may be one that was handed over",
		CARD SECOND INTERFACES
		"remove sys/class/net/enp5s0\nbind 0000:05:00.0 vfio-pci\n",
		"/etc/network/interfaces:2 names the network interface enp3s0, which is "
		"not there any more (a network card was handed over: it may have been "
		"that one). New, and named by no file: enp4s0. If one of them is it, "
		"change the name there.",
		NULL },
	{ "wireless is no cable", CARD "text etc/network/interfaces auto wlp3s0\n", NULL,
		NULL },
	{ "netplan",
		CARD "file etc/netplan/50-cloud-init.yaml <<E\nnetwork:\n  ethernets:\n"
		     "    enp3s0:\n      dhcp4: true\nE\n",
		"/etc/netplan/50-cloud-init.yaml:3 names the network interface enp3s0, "
		"which is not there any more; enp4s0 is new. Change the name there, then "
		"run: netplan apply",
		NULL },
	{ "systemd-networkd",
		CARD
		"file etc/systemd/network/10-lan.network <<E\n[Match]\nName=enp3s0\nE\n",
		"/etc/systemd/network/10-lan.network:2 names the network interface "
		"enp3s0, which is not there any more; enp4s0 is new. Change the name "
		"there, then run: networkctl reload",
		NULL },
	{ "NetworkManager",
		CARD
		"file etc/NetworkManager/system-connections/lan.nmconnection 0600 <<E\n"
		"[connection]\nid=lan\ninterface-name=enp3s0\nE\n",
		"/etc/NetworkManager/system-connections/lan.nmconnection:3 names the "
		"network interface enp3s0, which is not there any more; enp4s0 is new. "
		"Change the name there, then run: nmcli connection reload",
		NULL },
	{ "no interfaces are known", INTERFACES, NULL, NULL },
};

static void check_repair(const char *what, const struct host *host, const char *want)
{
	CLEANUP(request_done) struct request request = { 0 };
	struct lost_claims none = { 0 };
	autoplan struct plan *plan = NULL;
	const struct change *change;
	struct err err = { 0 };

	request_start(host, &request);
	assert_int_equal(request_repair(host, &none, &request, &err), 0);
	plan = plan_build(host, &request);
	change = plan_change(plan, "/etc/network/interfaces");
	check_text(what, change ? change->after : NULL, want);
	check_number(what, (long)plan->steps.n_changes, want ? 1 : 0);
}

static void test_plans(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;
		const struct finding *f;

		tree_renew();
		tree_expand(cases[i].lines);
		host = tree_scan();
		plan = make_plan(host, "");
		f = plan_finding(plan, "interface-gone");
		check_text(cases[i].what, f ? f->text : NULL, cases[i].finding);
		check_number(cases[i].what, (long)plan->steps.n_changes, 0);
		check_repair(cases[i].what, host, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_replace),
		TEST(test_plans),
	};

	return RUN(tests);
}

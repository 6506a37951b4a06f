// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers of virtual functions: the rule for every boot, and what stands against one. */
#include "rows.h"
#include "core/plan/request.h"
#include "core/planner/vfs.h"

#define VFS "/etc/udev/rules.d/71-pciferry-vfs.rules"

#define NIC                                                                              \
	DEFAULT_ON                                                                       \
	"device 0000:09:00.0 class=020000 id=8086:1521 driver=igb group=40 "             \
	"sriov_totalvfs=7 sriov_numvfs=2\n"                                              \
	"device 0000:09:00.1 class=020000 id=8086:1521 driver=igb group=41 "             \
	"sriov_totalvfs=7 sriov_numvfs=0\n"                                              \
	"device 0000:0a:10.0 class=020000 id=8086:1520 driver=igbvf group=42 "           \
	"physfn=0000:09:00.0\n"                                                          \
	"device 0000:0a:10.4 class=020000 id=8086:1520 driver=igbvf group=43 "           \
	"physfn=0000:09:00.0\n"
#define CLAIMED(lines) NIC "file etc/pciferry/claims <<E\n" lines "E\n"
#define VF "0000:0a:10.0 8086:1520 - override"
#define NUMBER(address, count)                                                           \
	"ACTION==\"add|bind\", KERNEL==\"" address                                       \
	"\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x1521\", "                       \
	"ATTR{driver}==\"?*\", ATTR{sriov_numvfs}==\"0\", ATTR{sriov_numvfs}=\"" count   \
	"\"\n"
#define NUMVFS "/sys/bus/pci/devices/0000:09:00.0/sriov_numvfs"
#define MADE(line) "text etc/tmpfiles.d/vf.conf " line "\n"
#define RULE(line)                                                                       \
	"text etc/udev/rules.d/50-vf.rules SUBSYSTEM==\"pci\", ACTION==\"add\", " line   \
	"\n"
#define MADE_SO                                                                          \
	{                                                                                \
		{ ACCEPTED }, { SILENT, "vfs-not-made" },                                \
		{                                                                        \
			BECOMES, "0000:0a:10.0", "vfio-pci"                              \
		}                                                                        \
	}
#define NOT_MADE                                                                         \
	{                                                                                \
		{ WARNED, "vfs-not-made", "nothing here makes them" },                   \
		{                                                                        \
			BECOMES, "0000:0a:10.0", NULL                                    \
		}                                                                        \
	}
/* After a boot that made none. */
#define GONE(claim)                                                                      \
	DEFAULT_ON                                                                       \
	"device 0000:09:00.0 class=020000 id=8086:1521 driver=igb group=40 "             \
	"sriov_totalvfs=7 sriov_numvfs=0\n"                                              \
	"file etc/pciferry/claims <<E\n" claim "\nE\n"
/* The rule is in them. */
#define IMAGES_ANEW                                                                      \
	{                                                                                \
		RUNS, "/usr/sbin/update-initramfs -u -k all"                             \
	}

static const struct row rows[] = {
	{ "at every boot, with no other claim", NIC, "vfs=0000:09:00.1=4",
		{ { ACCEPTED }, { HOLDS, VFS, NUMBER("0000:09:00.1", "4") },
			{ HOLDS, VFS, "IMPORT{cmdline}=\"pciferry.off\"\n" },
			{ HOLDS, CLAIMS, "\nvfs 0000:09:00.1 8086:1521 4\n" },
			{ LACKS, VFS, "0000:09:00.0" }, IMAGES_ANEW } },
	{ "kept while others are claimed", CLAIMED("vfs 0000:09:00.1 8086:1521 4\n"),
		"04:00.0",
		{ { ACCEPTED }, { HOLDS, VFS, NUMBER("0000:09:00.1", "4") },
			{ HOLDS, CLAIMS, "\nvfs 0000:09:00.1 8086:1521 4\n" } } },
	{ "a claimed function is taken from its driver",
		CLAIMED(VF "\nvfs 0000:09:00.0 8086:1521 2\n"), "iommu=pt",
		{ { ACCEPTED },
			{ HOLDS, VFS,
				"ACTION==\"add\", KERNEL==\"0000:0a:10.0\", "
				"ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x1520\", "
				"ATTR{driver}==\"?*\", ATTR{driver}!=\"vfio-pci\", "
				"ATTR{driver_override}=\"vfio-pci\", "
				"ATTR{driver/unbind}=\"%k\", "
				"ATTR{[subsystem/pci]drivers_probe}=\"%k\"\n" },
			{ LACKS, VFS, "0000:0a:10.4" } } },
	{ "another number by a line of the user's",
		NIC
		"text etc/tmpfiles.d/nic.conf w /sys/bus/pci/devices/0000:09:00.1/sriov_numvfs - - - - 2\n",
		"vfs=0000:09:00.1=4",
		{ { ACCEPTED }, { WARNED, "vfs-elsewhere",
					"/etc/tmpfiles.d/nic.conf:1 has 2" } } },
	{ "the same number",
		NIC "text etc/sysfs.conf bus/pci/devices/0000:09:00.1/sriov_numvfs = 4\n",
		"vfs=0000:09:00.1=4", { { ACCEPTED }, { SILENT, "vfs-elsewhere" } } },
	{ "none any more",
		CLAIMED("vfs 0000:09:00.1 8086:1521 4\n") "file etc/udev/rules.d/"
							  "71-pciferry-vfs.rules <<E\n# old\nE\n",
		"vfs=0000:09:00.1=0",
		{ { ACCEPTED }, { IS, VFS, NULL }, { IS, CLAIMS, NULL }, IMAGES_ANEW } },
	{ "another card sits there now", CLAIMED("vfs 0000:09:00.1 8086:9999 4\n"),
		"04:00.0",
		{ { ACCEPTED }, { IS, VFS, NULL },
			{ WARNED, "device-gone",
				"0000:09:00.1 (8086:9999) shall have 4 virtual functions" } } },
	{ "nothing makes them at boot", NIC, "0a:10.0",
		{ { ACCEPTED }, { WARNED, "vfs-not-made", "pciferry vfs 0000:09:00.0 2" },
			{ BECOMES, "0000:0a:10.0", NULL },
			{ BECOMES, "0000:0a:10.4", NULL },
			{ HOLDS, CLAIMS, " driver=igbvf physfn=0000:09:00.0\n" },
			{ SILENT, "no-effect" } } },
	{ "made by a claim of their number", CLAIMED("vfs 0000:09:00.0 8086:1521 2\n"),
		"vfs=0000:09:00.0=2 0a:10.0",
		{ { ACCEPTED }, { SILENT, "vfs-not-made" }, { SILENT, "vfs-elsewhere" },
			{ BECOMES, "0000:0a:10.0", "vfio-pci" } } },
	{ "by tmpfiles.d", NIC MADE("w+ " NUMVFS " - - - - 2"), "0a:10.0", MADE_SO },
	{ "by tmpfiles.d, but fewer", NIC MADE("w " NUMVFS " - - - - 1"), "0a:10.4",
		{ { BECOMES, "0000:0a:10.4", NULL },
			{ REFUSED, "no-effect", "vf.conf:1" } } },
	{ "by tmpfiles.d, for another",
		NIC MADE("w /sys/bus/pci/devices/0000:09:00.1/sriov_numvfs - - - - 2"),
		"0a:10.0", NOT_MADE },
	{ "by a comment", NIC MADE("# w " NUMVFS " - - - - 2"), "0a:10.0", NOT_MADE },
	{ "by sysfs.conf",
		NIC "text etc/sysfs.conf bus/pci/devices/0000:09:00.0/sriov_numvfs = 2\n",
		"0a:10.0", MADE_SO },
	{ "by the name of its interface",
		NIC "net eno7 0000:09:00.0\n"
		    "text etc/sysfs.d/vf.conf class/net/eno7/device/sriov_numvfs = 2\n",
		"0a:10.0", MADE_SO },
	{ "by a rule for the model",
		NIC RULE(
			"ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x1521\", ATTR{sriov_numvfs}=\"2\""),
		"0a:10.0", MADE_SO },
	{ "by a rule for another model",
		NIC RULE(
			"ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x1572\", ATTR{sriov_numvfs}=\"2\""),
		"0a:10.0", NOT_MADE },
	{ "a rule that only asks",
		NIC RULE(
			"KERNEL==\"0000:09:00.0\", ATTR{sriov_numvfs}==\"2\", TAG+=\"x\""),
		"0a:10.0", NOT_MADE },
	{ "by a rule that runs something",
		NIC RULE("KERNEL==\"0000:09:00.0\", RUN+=\"/bin/sh -c 'echo 2 > " NUMVFS
			 "'\""),
		"0a:10.0", MADE_SO },
	{ "by its driver's option",
		NIC "text etc/modprobe.d/vf.conf options igb max_vfs=2\n", "0a:10.0",
		MADE_SO },
	{ "by an option of another driver",
		NIC "text etc/modprobe.d/vf.conf options ixgbe max_vfs=2\n", "0a:10.0",
		NOT_MADE },
	{ "by a file of systemd-networkd",
		NIC "net eno7 0000:09:00.0\n"
		    "file etc/systemd/network/10-x.link <<E\n[Match]\nOriginalName=eno7\n"
		    "[Link]\nSR-IOVVirtualFunctions=2\nE\n",
		"0a:10.0", MADE_SO },
	{ "by a script, maybe", NIC "text usr/local/sbin/vf echo 2 > " NUMVFS "\n",
		"0a:10.0",
		{ { ACCEPTED },
			{ TOLD, "vfs-not-made", "/usr/local/sbin/vf:1 may make them" },
			{ BECOMES, "0000:0a:10.0", "vfio-pci" } } },
	{ "by a script of the initramfs, maybe",
		NIC
		"file etc/initramfs-tools/scripts/init-bottom/vf 0755 <<E\n#!/bin/sh\necho 2 > " NUMVFS
		"\nE\n",
		"0a:10.0",
		{ { TOLD, "vfs-not-made", "init-bottom/vf:2 may make them" } } },
	{ "by a script that says for whom with a variable",
		NIC "text etc/rc.local echo 2 > /sys/bus/pci/devices/$D/sriov_numvfs\n",
		"0a:10.0", { { TOLD, "vfs-not-made", "/etc/rc.local:1" } } },
	{ "by a script, for another",
		NIC
		"text etc/rc.local echo 2 > /sys/bus/pci/devices/0000:09:00.1/sriov_numvfs\n",
		"0a:10.0", NOT_MADE },
	{ "another place sets another number",
		CLAIMED("vfs 0000:09:00.0 8086:1521 4\n") MADE("w " NUMVFS " - - - - 2"),
		"04:00.0",
		{ { WARNED, "vfs-elsewhere", "/etc/tmpfiles.d/vf.conf:1 has 2" } } },
	{ "claimed, and not made now", GONE(VF " physfn=0000:09:00.0"),
		"vfs=0000:09:00.0=2",
		{ { ACCEPTED }, { WARNED, "device-gone", "0000:09:00.0 has 0 virtual" },
			{ HOLDS, CLAIMS,
				"\n0000:0a:10.0 8086:1520 - override physfn=0000:09:00.0\n" },
			{ HOLDS, VFS,
				"KERNEL==\"0000:0a:10.0\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x1520\"," } } },
	{ "nor says whose it was", GONE(VF), "vfs=0000:09:00.0=2",
		{ { WARNED, "device-gone", "0000:09:00.0 has 0 virtual" },
			{ HOLDS, CLAIMS, "\n0000:0a:10.0 8086:1520 - override\n" } } },
	{ "the physical function cannot go", CLAIMED(VF "\n"), "accept=sriov 09:00.0",
		{ { REFUSED, "vfs-taken", "0000:0a:10.0" } } },
	{ "nor one that shall have functions", CLAIMED("vfs 0000:09:00.1 8086:1521 4\n"),
		"09:00.1", { { REFUSED, "vfs-wanted", "pciferry vfs 0000:09:00.1 0" } } },
};

static void test_rows(void **state)
{
	(void)state;
	check_rows(rows, ARRAY_SIZE(rows));
}

/* What is refused before there is a plan. */
static void test_refusals(void **state)
{
	static const struct {
		const char *what, *lines, *address, *says;
		unsigned count;
		int code;
	} refused[] = {
		{ "no SR-IOV", NIC, "0000:0a:10.0", "does not do SR-IOV", 1, -EPERM },
		{ "too many", NIC, "0000:09:00.1", "can have 7", 8, -EINVAL },
		{ "all of them", NIC, "0000:09:00.1", "", 7, 0 },
		{ "lowered under a claim", CLAIMED(VF "\n"), "0000:09:00.0",
			"0000:0a:10.0", 1, -EPERM },
		{ "none under a claim", CLAIMED(VF "\n"), "0000:09:00.0", "0000:0a:10.0",
			0, -EPERM },
		{ "lowered under vfio-pci", NIC "bind 0000:0a:10.4 vfio-pci\n",
			"0000:09:00.0", "0000:0a:10.4", 1, -EPERM },
		{ "raised under a claim", CLAIMED(VF "\n"), "0000:09:00.0", "", 4, 0 },
		{ "lowered", NIC, "0000:09:00.0", "", 1, 0 },
		{ "none, against a line", NIC MADE("w " NUMVFS " - - - - 7"),
			"0000:09:00.0", "/etc/tmpfiles.d/vf.conf:1 sets 7", 0, -EPERM },
		{ "that very number", NIC MADE("w " NUMVFS " - - - - 7"), "0000:09:00.0",
			"", 7, 0 },
		{ "of a claimed device", CLAIMED("0000:09:00.1 8086:1521 - ids\n"),
			"0000:09:00.1", "handed over itself", 1, -EPERM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		CLEANUP(request_done) struct request request = { 0 };
		autohost struct host *host = NULL;
		struct err err = { 0 };

		tree_renew();
		make_host(refused[i].lines);
		host = tree_scan();
		request_start(host, &request);
		check_number(refused[i].what,
			request_set_vfs(host, &request,
				host_device(host, refused[i].address), refused[i].count,
				&err),
			refused[i].code);
		check_holds(refused[i].what, err.text, refused[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_rows), TEST(test_refusals) };

	return RUN(tests);
}

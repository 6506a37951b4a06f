// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases that were reported of real hosts, and the verdict each must get. The hosts are
 * tests/hosts/case-*.host, which name the reports.
 */
#include "rows.h"
#include "core/facts/facts.h"
#include "core/plan/request.h"

struct report {
	const char *host; /* case-HOST.host */
	struct row row; /* its lines go on top of the host's */
};

static const struct report reports[] = {
	{ "bridge-in-group",
		{ "a bridge in the group is no obstacle and stays", "", "05:00.0",
			{ { ACCEPTED }, { MARKED, "0000:05:00.0", "isolated" },
				{ METHOD, "0000:04:00.0", NULL },
				{ METHOD, "0000:05:00.0", "ids" },
				{ LACKS, MODPROBE, "1b21:1184" },
				{ LACKS, MODPROBE, "pcieport" },
				{ BECOMES, "0000:04:00.0", "pcieport" },
				{ BECOMES, "0000:05:00.0", "vfio-pci" } } } },
	{ "card-of-two-functions",
		{ "the sound goes along, the bridge does not", "", "01:00.0",
			{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=10de:1187,10de:0e0a\n" },
				{ METHOD, "0000:00:01.0", NULL },
				{ BECOMES, "0000:00:01.0", "pcieport" } } } },
	{ "card-of-four-functions",
		{ "all four, the serial bus included", "", "09:00.0",
			{ { ACCEPTED },
				{ HOLDS, MODPROBE,
					"ids=10de:21c4,10de:1aeb,10de:1aec,10de:1aed\n" },
				{ HOLDS, MODPROBE, "softdep nouveau pre: vfio-pci\n" },
				{ HOLDS, MODPROBE, "softdep snd_hda_intel pre:" },
				{ HOLDS, MODPROBE, "softdep xhci_pci pre:" },
				{ BECOMES, "0000:09:00.3", "vfio-pci" } } } },
	{ "identical-cards",
		{ "one of two: by address", "", "27:00.0 27:00.1",
			{ { ACCEPTED }, { METHOD, "0000:27:00.0", "override" },
				{ METHOD, "0000:27:00.1", "override" },
				{ LACKS, MODPROBE, "1002:67df" },
				{ LACKS, MODPROBE, "1002:aaf0" },
				{ HOLDS, RULES, "0000:27:00.0" },
				{ HOLDS, RULES, "0000:27:00.1" },
				{ BECOMES, "0000:26:00.0", "amdgpu" },
				{ BECOMES, "0000:26:00.1", "snd_hda_intel" },
				{ BECOMES, "0000:27:00.0", "vfio-pci" } } } },
	{ "identical-cards",
		{ "as IDs: the subsystems tell them apart", "",
			"method=ids 27:00.0 27:00.1",
			{ { ACCEPTED },
				{ HOLDS, MODPROBE,
					"ids=1002:67df:1682:9587,1002:aaf0:1682:aaf0\n" },
				{ HOLDS, CLAIMS,
					"0000:27:00.0 1002:67df 1682:9587 ids " },
				{ BECOMES, "0000:26:00.0", "amdgpu" },
				{ BECOMES, "0000:26:00.1", "snd_hda_intel" },
				{ BECOMES, "0000:27:00.0", "vfio-pci" } } } },
	{ "identical-cards",
		{ "the one with the host's screen is refused", "", "26:00.0",
			{ { REFUSED, "lifeline:display", "0000:26:00.0" } } } },
	{ "identical-cards",
		{ "an alias of the user tells them apart: named, and not enough",
			"file etc/modprobe.d/vfio.conf <<E\n"
			"alias pci:v00001002d000067DFsv00001682sd00009587bc03sc00i00 vfio-pci\n"
			"alias pci:v00001002d0000AAF0sv00001682sd0000AAF0bc04sc03i00 vfio-pci\n"
			"#vfio-pci ids=1002:67df,1002:aaf0\nE",
			"27:00.0 27:00.1",
			{ { ACCEPTED },
				{ TOLD, "user-alias", "/etc/modprobe.d/vfio.conf:1 " },
				{ TOLD, "user-alias", "/etc/modprobe.d/vfio.conf:2 " },
				{ TOLD, "user-alias", "0000:27:00.0" },
				{ SILENT, "ids-merged" },
				{ BECOMES, "0000:27:00.0", "vfio-pci" },
				{ BECOMES, "0000:26:00.0", "amdgpu" } } } },
	{ "identical-cards-one-passed",
		{ "one is set up, the other is the host's", "", "",
			{ { EMPTY }, { MARKED, "0000:19:00.0", "passed" },
				{ MARKED, "0000:67:00.0", "blocked" },
				{ NEEDED, "0000:67:00.0", "display" } } } },
	{ "identical-cards-one-passed",
		{ "the one that is set up by address is taken over so", "",
			"19:00.0 19:00.1",
			{ { ACCEPTED }, { METHOD, "0000:19:00.0", "override" },
				{ TOLD, "user-override",
					"/etc/udev/rules.d/20-vfio.rules:1 " },
				{ BECOMES, "0000:67:00.0", "amdgpu" },
				{ BECOMES, "0000:67:00.1", "snd_hda_intel" } } } },
	{ "identical-cards-of-one-maker",
		{ "subsystems are the same: by address only", "", "17:00.0",
			{ { ACCEPTED }, { METHOD, "0000:17:00.0", "override" },
				{ METHOD, "0000:17:00.1", "override" },
				{ LACKS, MODPROBE, "ids=" },
				{ BECOMES, "0000:65:00.0", "nvidia" } } } },
	{ "identical-cards-of-one-maker",
		{ "ids are refused", "", "method=ids 17:00.0",
			{ { REFUSED, "method-unfit", "0000:65:00.0" },
				{ REFUSED, "collateral", "0000:65:00.0" } } } },
	{ "identical-cards-of-one-maker",
		{ "the display of the BMC is not given away silently", "", "03:00.0",
			{ { REFUSED, "lifeline:bmc", "0000:03:00.0" } } } },
	{ "group-with-the-network",
		{ "the group holds the host's link", "", "44:00.3",
			{ { REFUSED, "lifeline:network", "0000:44:00.0" },
				{ MARKED, "0000:44:00.3", "blocked" } } } },
	{ "card-above-bus-80",
		{ "the sound goes along there too", "", "86:00.0",
			{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=10de:1e84,10de:10f8\n" },
				{ BECOMES, "0000:86:00.1", "vfio-pci" } } } },
	{ "nvme-by-id",
		{ "before nvme: the user's install line would stand in a softdep's way",
			"", "82:00.0",
			{ { ACCEPTED }, { METHOD, "0000:82:00.0", "override" },
				{ HOLDS, RULES, "0000:82:00.0" },
				{ HOLDS, MODULES, "vfio-pci" }, { IS, MODPROBE, NULL },
				{ WARNED, "install-line",
					"/etc/modprobe.d/vfio.conf:1: " },
				{ TOLD, "ids-there", "/etc/modprobe.d/vfio.conf:2 " },
				{ BECOMES, "0000:82:00.0", "vfio-pci" },
				{ BECOMES, "0000:81:00.0", "nvme" } } } },
	{ "nvme-by-id",
		{ "without that line: the softdep, and the user's IDs are enough",
			"text etc/modprobe.d/vfio.conf options vfio-pci disable_vga=1 ids=126f:2263",
			"82:00.0",
			{ { ACCEPTED }, { METHOD, "0000:82:00.0", "ids" },
				{ HOLDS, MODPROBE, "softdep nvme pre: vfio-pci\n" },
				{ LACKS, MODPROBE, "ids=" }, { IS, DROPIN, NULL },
				{ HOLDS, MODULES, "vfio-pci" },
				{ BECOMES, "0000:81:00.0", "nvme" } } } },
	{ "nvme-by-id",
		{ "its twin holds the root: no IDs",
			"device 0000:80:03.0 group=8 class=060400 id=1022:1483 driver=pcieport bus=83\n"
			"device 0000:83:00.0 group=9 class=010802 id=126f:2263 driver=nvme\n"
			"block 0000:83:00.0 nvme/nvme2/nvme2n1 259:6 p1=259:7 p2=259:8\n"
			"file proc/self/mountinfo <<E\n28 1 259:8 / / rw - ext4 /dev/nvme2n1p2 rw\nE\n"
			"remove etc/modprobe.d/vfio.conf",
			"method=ids 82:00.0",
			{ { REFUSED, "method-unfit", "0000:83:00.0" } } } },
	{ "nvme-by-id",
		{ "and the user's own ids= that name it are refused",
			"device 0000:80:03.0 group=8 class=060400 id=1022:1483 driver=pcieport bus=83\n"
			"device 0000:83:00.0 group=9 class=010802 id=126f:2263 driver=nvme\n"
			"block 0000:83:00.0 nvme/nvme2/nvme2n1 259:6 p1=259:7 p2=259:8\n"
			"file proc/self/mountinfo <<E\n28 1 259:8 / / rw - ext4 /dev/nvme2n1p2 rw\nE",
			"82:00.0",
			{ { METHOD, "0000:82:00.0", "override" },
				{ REFUSED, "lifeline-unknown", "0000:83:00.0" } } } },
	{ "amd-words",
		{ "amd_iommu=on: not added, pointed out, left alone", "", "09:00.0",
			{ { ACCEPTED }, { IS, DROPIN, NULL },
				{ TOLD, "folklore",
					"/etc/default/grub:2: amd_iommu=on" } } } },
	{ "amd-without-groups", { "the firmware first", "", "41:00.0",
					{ { REFUSED, "iommu-off", "firmware" },
						{ IS, DROPIN, NULL } } } },
	{ "intel-pt-only", { "iommu=pt does not turn it on", "", "01:00.0",
				   { { ACCEPTED }, { WARNED, "two-steps", "" },
					   { HOLDS, DROPIN, " intel_iommu=on\"\n" },
					   { LACKS, DROPIN, "iommu=pt" } } } },
	{ "the-only-gpu", { "refused", "", "09:00.0",
				  { { REFUSED, "lifeline:display", "0000:09:00.0" } } } },
	{ "the-only-gpu",
		{ "also where nobody could get in by another way", "",
			"09:00.0 accept=display",
			{ { WARNED, "lifeline:display", "" },
				{ REFUSED, "lifeline:console", "SSH server" } } } },
	{ "the-only-gpu",
		{ "but for words of its own", "", "09:00.0 accept=display accept=console",
			{ { ACCEPTED }, { WARNED, "lifeline:display", "" },
				{ WARNED, "lifeline:console", "" } } } },
	{ "vfio-built-in",
		{ "the command line is the way, modules need no line", "", "09:00.0",
			{ { ACCEPTED }, { METHOD, "0000:09:00.0", "ids" },
				{ HOLDS, DROPIN,
					" vfio-pci.ids=10de:1e84,10de:10f8\"\n" },
				{ IS, MODPROBE, NULL }, { IS, LOAD, NULL },
				{ IS, MODULES, NULL },
				{ WARNED, "options-built-in",
					"/etc/modprobe.d/vfio.conf:1: " },
				{ WARNED, "no-way-out", "vfio-pci" },
				{ BECOMES, "0000:09:00.0", "vfio-pci" } } } },
	{ "vfio-built-in",
		{ "a line that was left over sets nothing up", "", "",
			{ { EMPTY }, { BECOMES, "0000:09:00.0", "nouveau" } } } },
	{ "acs-off",
		{ "the first slot: disk, NIC, SATA, USB go along", "", "04:00.0",
			{ { MARKED, "0000:04:00.0", "blocked" },
				{ REFUSED, "lifeline:disk", "0000:01:00.0" },
				{ REFUSED, "lifeline:network", "0000:07:00.0" } } } },
	{ "acs-off", { "the second slot: bridges only", "", "0b:00.0",
			     { { ACCEPTED }, { MARKED, "0000:0b:00.0", "isolated" },
				     { METHOD, "0000:0b:00.1", "ids" } } } },
	{ "acs-on", { "alone", "", "08:00.0",
			    { { ACCEPTED }, { MARKED, "0000:08:00.0", "isolated" } } } },
	{ "acs-on", { "an address kept from before is wrong now",
			    "file etc/pciferry/claims <<E\n0000:0b:00.0 1002:687f - ids\n"
			    "0000:0b:00.1 1002:aaf8 - ids\nE",
			    "", { { WARNED, "device-gone", "0000:0b:00.0" } } } },
	{ "card-in-the-chipset-group",
		{ "two cards are set up already", "", "08:00.0 09:00.0",
			{ { ACCEPTED }, { MARKED, "0000:08:00.0", "isolated" },
				{ HOLDS, MODPROBE,
					"ids=10de:13c2,10de:0fbb,1002:67df,1002:aaf0\n" },
				{ TOLD, "misplaced", "/etc/initramfs-tools/modules:1: " },
				{ TOLD, "misplaced", "/etc/initramfs-tools/modules:2: " },
				{ TOLD, "misplaced", "/etc/initramfs-tools/modules:7: " },
				{ TOLD, "ids-merged", "/etc/initramfs-tools/modules:8 " },
				{ LACKS, MODULES, "pciferry" } } } },
	{ "card-in-the-chipset-group",
		{ "the chipset's is refused", "", "04:00.0",
			{ { MARKED, "0000:04:00.0", "blocked" },
				{ REFUSED, "lifeline:display", "0000:04:00.0" },
				{ REFUSED, "lifeline:network", "0000:06:00.0" } } } },
	{ "laptop-group-of-all",
		{ "the GPU and the disk are named", "", "04:00.6",
			{ { MARKED, "0000:04:00.6", "blocked" },
				{ REFUSED, "lifeline:display", "0000:04:00.0" },
				{ REFUSED, "lifeline:disk", "0000:05:00.0" } } } },
	{ "ids-lines",
		{ "the last one counts, and is merged", "", "07:00.0",
			{ { WARNED, "ids-ignored", "/etc/modprobe.d/vfio.conf:2: " },
				{ WARNED, "ids-ignored",
					"/etc/modprobe.d/vfio.conf:4: " },
				{ WARNED, "ids-ignored",
					"/etc/modprobe.d/vfio.conf:7: " },
				{ WARNED, "ids-ignored",
					"/etc/modprobe.d/vfio.conf:10: " },
				{ TOLD, "ids-merged", "/etc/modprobe.d/vfio.conf:12 " },
				{ HOLDS, DROPIN,
					" vfio-pci.ids=14e4:43a0,1987:5016\"\n" },
				{ BECOMES, "0000:04:00.0", "amdgpu" },
				{ BECOMES, "0000:06:00.0", "vfio-pci" } } } },
};

static void test_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
		autofree char *path = NULL, *host = NULL, *text = NULL;

		assert_true(asprintf(&path, "hosts/case-%s.host", reports[i].host) >= 0);
		host = source_text(path);
		assert_true(asprintf(&text, "%s%s\n", host, reports[i].row.lines) >= 0);
		tree_renew();
		tree_expand(text);
		check_row(&reports[i].row);
	}
}

/* Devices that cannot be chosen at all, and what is said. */
static void test_not_chosen(void **state)
{
	static const struct {
		const char *host, *address, *says;
	} cases[] = {
		{ "case-bridge-in-group.host", "0000:04:00.0", "is a bridge" },
		{ "case-groups-without-pci.host", "0001:01:00.1",
			"is in no IOMMU group: the IOMMU does not translate for it" },
		{ "vmd.host", "10000:e0:06.0", "10000:e0:06.0 is a bridge" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(request_done) struct request request = { 0 };
		autohost struct host *host = NULL;
		const struct device *d;
		struct err err = { 0 };

		tree_renew();
		tree_expand_host(cases[i].host);
		host = tree_scan();
		d = host_device(host, cases[i].address);
		assert_non_null(d);
		check_number(cases[i].host, facts_choose(host, &request, d, NULL, &err),
			-EPERM);
		check_holds(cases[i].host, err.text, cases[i].says);
	}
}

/* A group that spans domains: the disk and its controller, by their whole addresses. */
static void test_domains(void **state)
{
	static const struct row row = { "vmd", "", "10000:e1:00.0",
		{ { REFUSED, "lifeline:disk", "10000:e1:00.0" },
			{ REFUSED, "behind-vmd", "10000:e1:00.0 is behind" },
			{ METHOD, "0000:00:0e.0", "ids" },
			{ MARKED, "0000:00:0e.0", "blocked" } } };

	(void)state;
	tree_expand_host("vmd.host");
	check_row(&row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reports),
		TEST(test_not_chosen),
		TEST(test_domains),
	};

	return RUN(tests);
}

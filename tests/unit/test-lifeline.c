// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host cannot lose: each chain, from what is in use to the PCI function. */
#include "support.h"

/* Two disks, a SATA controller, a USB one, two NICs, two displays; who is in use is up to
 * the row. */
static const char machine[] =
	"device 0000:00:01.0 class=060400 id=8086:460d driver=pcieport bus=01\n"
	"device 0000:01:00.0 class=010802 id=144d:a80a driver=nvme\n"
	"device 0000:00:03.0 class=010802 id=15b7:5011 driver=nvme\n"
	"device 0000:00:17.0 class=010601 id=8086:7ae2 driver=ahci\n"
	"device 0000:00:14.0 class=0c0330 id=8086:7ae0 driver=xhci_hcd\n"
	"device 0000:00:04.0 class=020000 id=8086:1533 driver=igb\n"
	"device 0000:00:05.0 class=020000 id=8086:1533 driver=igb\n"
	"device 0000:00:06.0 class=030000 id=8086:4680 driver=i915\n"
	"device 0000:00:07.0 class=030000 id=10de:1e84 driver=nouveau\n"
	"block 0000:01:00.0 nvme/nvme0/nvme0n1 259:0 p1=259:1 p2=259:2\n"
	"block 0000:00:03.0 nvme/nvme1/nvme1n1 259:4 p1=259:5\n"
	"block 0000:00:17.0 ata1/host0/target0:0:0/0:0:0:0/block/sda 8:0 1=8:1\n"
	"block 0000:00:14.0 usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/sdb 8:16 1=8:17\n"
	"net eno1 0000:00:04.0\nnet eno2 0000:00:05.0\n"
	"text proc/self/mountinfo 28 1 0:2 / / rw - rootfs rootfs rw\n";

#define MOUNTS "file proc/self/mountinfo <<E\n"
#define ROOT_NVME "28 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n"
#define ROUTES                                                                           \
	"file proc/net/route <<E\nIface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
#define DEFAULT(dev) dev "\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
#define LOCAL(dev) dev "\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
#define SWAPS "file proc/swaps <<E\nFilename\tType\tSize\tUsed\tPriority\n"
#define END "E\n"

static const struct {
	const char *what, *lines;
	const char *lifelines; /* "ADDRESS name" of all, in order of address, with ", " */
	const char *why; /* part of the first one's reason */
} cases[] = {
	{ "nothing is in use", "", "", NULL },
	{ "nothing is known: any disk may be the root's", "remove proc/self/mountinfo\n",
		"0000:00:03.0 disk, 0000:00:14.0 disk, 0000:00:17.0 disk, 0000:01:00.0 disk",
		"/proc/self/mountinfo cannot be read" },

	/* Disks. */
	{ "a partition", MOUNTS ROOT_NVME END, "0000:01:00.0 disk", "/ is on nvme0n1p2" },
	{ "a whole disk", MOUNTS "28 1 8:0 / / rw - xfs /dev/sda rw\n" END,
		"0000:00:17.0 disk", "sda" },
	{ "a disk on USB", MOUNTS "28 1 8:17 / / rw - ext4 /dev/sdb1 rw\n" END,
		"0000:00:14.0 disk", "sdb1" },
	{ "optional fields",
		MOUNTS
		"28 1 259:2 / / rw shared:1 master:2 propagate_from:3 - ext4 /dev/root rw\n" END,
		"0000:01:00.0 disk", "nvme0n1p2" },
	{ "another mount too",
		MOUNTS ROOT_NVME "90 28 8:1 / /srv/a\\040b rw - ext4 /dev/sda1 rw\n" END,
		"0000:00:17.0 disk, 0000:01:00.0 disk", NULL },
	{ "mounts of no disk",
		MOUNTS ROOT_NVME
		"23 28 0:21 / /proc rw - proc proc rw\n24 28 0:5 / /dev rw - devtmpfs udev rw\n" END,
		"0000:01:00.0 disk", NULL },
	{ "LVM on LUKS on a partition",
		MOUNTS
		"28 1 254:1 / / rw - ext4 /dev/mapper/vg-root rw\n" END
		"dir sys/devices/virtual/block/dm-0/slaves\ndir sys/devices/virtual/block/dm-1/slaves\n"
		"link sys/dev/block/254:1 -> ../../devices/virtual/block/dm-1\n"
		"link sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0\n"
		"link sys/class/block/dm-1 -> ../../devices/virtual/block/dm-1\n"
		"dir sys/devices/virtual/block/dm-1/slaves/dm-0\n"
		"dir sys/devices/virtual/block/dm-0/slaves/nvme0n1p2\n",
		"0000:01:00.0 disk", NULL },
	{ "RAID over two disks",
		MOUNTS
		"28 1 9:0 / / rw - ext4 /dev/md0 rw\n" END
		"dir sys/devices/virtual/block/md0/slaves/sda1\ndir sys/devices/virtual/block/md0/slaves/nvme1n1p1\n"
		"link sys/dev/block/9:0 -> ../../devices/virtual/block/md0\n"
		"link sys/class/block/md0 -> ../../devices/virtual/block/md0\n",
		"0000:00:03.0 disk, 0000:00:17.0 disk", NULL },
	{ "a loop of slaves",
		MOUNTS "28 1 254:0 / / rw - ext4 /dev/dm-0 rw\n" END
		       "dir sys/devices/virtual/block/dm-0/slaves/dm-0\n"
		       "link sys/dev/block/254:0 -> ../../devices/virtual/block/dm-0\n"
		       "link sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0\n",
		"0000:00:03.0 disk, 0000:00:14.0 disk, 0000:00:17.0 disk, 0000:01:00.0 disk",
		"could not be told" },
	{ "btrfs: numbers of its own",
		MOUNTS "28 1 0:24 /@ / rw - btrfs /dev/nvme0n1p2 rw\n" END
		       "dir sys/fs/btrfs/1/devices/nvme0n1p2\n",
		"0000:01:00.0 disk", NULL },
	{ "btrfs on a mapped device",
		MOUNTS
		"28 1 0:24 /@ / rw - btrfs /dev/mapper/luks rw\n" END
		"dir sys/fs/btrfs/1/devices/dm-0\nlink dev/mapper/luks -> ../dm-0\ndir sys/devices/virtual/block/dm-0/slaves/nvme0n1p2\n"
		"link sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0\n",
		"0000:01:00.0 disk", NULL },
	{ "zfs: all storage counts",
		MOUNTS "28 1 0:24 / / rw - zfs rpool/ROOT/debian rw\n" END,
		"0000:00:03.0 disk, 0000:00:14.0 disk, 0000:00:17.0 disk, 0000:01:00.0 disk",
		"rpool/ROOT/debian" },
	{ "NVMe multipath: a virtual parent",
		MOUNTS
		"28 1 259:8 / / rw - ext4 /dev/nvme2n1p1 rw\n" END
		"dir sys/devices/virtual/nvme-subsystem/nvme-subsys2/nvme2n1/nvme2n1p1\n"
		"link sys/dev/block/259:8 -> ../../devices/virtual/nvme-subsystem/nvme-subsys2/nvme2n1/nvme2n1p1\n"
		"link sys/class/block/nvme2n1p1 -> ../../devices/virtual/nvme-subsystem/nvme-subsys2/nvme2n1/nvme2n1p1\n",
		"0000:00:03.0 disk, 0000:00:14.0 disk, 0000:00:17.0 disk, 0000:01:00.0 disk",
		"could not be told" },
	{ "a second file system that cannot be traced: all storage counts",
		MOUNTS ROOT_NVME "90 28 0:30 / /home rw - zfs tank/home rw\n" END,
		"0000:00:03.0 disk, 0000:00:14.0 disk, 0000:00:17.0 disk, 0000:01:00.0 disk",
		NULL },
	{ "swap", SWAPS "/dev/nvme1n1p1 partition 1 0 -2\n" END, "0000:00:03.0 disk",
		"swap is on nvme1n1p1" },
	{ "swap in a file", MOUNTS ROOT_NVME END SWAPS "/swapfile file 1 0 -2\n" END,
		"0000:01:00.0 disk", "/ is on" },
	{ "garbage",
		MOUNTS "\n28\n28 1 259:2 / /\n28 1 259:2 / / rw -\n- - - - - - -\n" END,
		"", NULL },

	/* The network. */
	{ "a default route", ROUTES DEFAULT("eno1") LOCAL("eno1") LOCAL("eno2") END,
		"0000:00:04.0 network", "default route" },
	{ "two default routes", ROUTES DEFAULT("eno1") DEFAULT("eno2") END,
		"0000:00:04.0 network, 0000:00:05.0 network", NULL },
	{ "a route over half of all",
		ROUTES "eno1\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n" END,
		"", NULL },
	{ "a bridge over a bond",
		ROUTES DEFAULT("br0") END
		"net br0 -\nnet bond0 -\n"
		"dir sys/class/net/br0/lower_bond0\ndir sys/class/net/bond0/lower_eno1\n"
		"dir sys/class/net/bond0/lower_eno2\n",
		"0000:00:04.0 network, 0000:00:05.0 network", NULL },
	{ "a VLAN",
		ROUTES DEFAULT("vlan7") END
		"net vlan7 -\ndir sys/class/net/vlan7/lower_eno2\n",
		"0000:00:05.0 network", NULL },
	{ "IPv6 alone",
		"file proc/net/ipv6_route <<E\n"
		"fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eno1\n"
		"00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eno2\n"
		"00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo\n" END,
		"0000:00:05.0 network", NULL },
	{ "an interface that is not there", ROUTES DEFAULT("wg0") END,
		"0000:00:04.0 network, 0000:00:05.0 network", NULL },
	{ "a name with a way out", ROUTES DEFAULT("../../../etc") END,
		"0000:00:04.0 network, 0000:00:05.0 network", NULL },

	/* The display. */
	{ "the boot display", "text sys/bus/pci/devices/0000:00:06.0/boot_vga 1\n",
		"0000:00:06.0 display", "boot display" },
	{ "one display left",
		"remove sys/bus/pci/devices/0000:00:07.0\nremove sys/bus/pci/devices/0000:00:06.0/boot_vga\n",
		"0000:00:06.0 display", "only display" },

	/* A device that is two of them. */
	{ "disk and network on USB",
		MOUNTS "28 1 8:17 / / rw - ext4 /dev/sdb1 rw\n" END ROUTES DEFAULT("usb0")
			END "net usb0 0000:00:14.0\n",
		"0000:00:14.0 disk, 0000:00:14.0 network", NULL },
};

/* All lifelines of the host, in one line. The caller's. */
static char *all_lifelines(const struct host *host, const char **ret_why)
{
	autostrv char **list = NULL;
	char *joined = NULL;

	*ret_why = NULL;
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];

		for (size_t j = 0; j < d->n_lifelines; j++) {
			char text[64];

			(void)snprintf(text, sizeof(text), "%s %s", d->address,
				d->lifelines[j].name);
			strv_add(&list, text);
			*ret_why = *ret_why ?: d->lifelines[j].why;
		}
	}
	joined = strv_join(list, ", ");
	return joined;
}

static void test_chains(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autohost struct host *host = NULL;
		autofree char *text = NULL, *all = NULL;
		const char *why;

		tree_renew();
		assert_true(asprintf(&text, "%s%s", machine, cases[i].lines) >= 0);
		tree_expand(text);
		host = tree_scan();
		all = all_lifelines(host, &why);
		check_text(cases[i].what, all, cases[i].lifelines);
		if (cases[i].why)
			check_holds(cases[i].what, why, cases[i].why);
	}
}

/* A physical function with virtual ones; only the one that has them. */
static void test_sriov(void **state)
{
	autohost struct host *host = NULL;
	autofree char *all = NULL;
	const char *why;

	(void)state;
	tree_expand_host("sriov.host");
	host = tree_scan();
	all = all_lifelines(host, &why);
	assert_string_equal(
		all, "0000:01:00.0 network, 0000:01:00.0 sriov, 0000:03:00.0 disk");
}

static void test_vmd(void **state)
{
	autohost struct host *host = NULL;
	autofree char *all = NULL;
	const char *why;

	(void)state;
	tree_expand_host("vmd.host");
	host = tree_scan();
	all = all_lifelines(host, &why);
	/* The disk behind VMD, and VMD itself, which is no bridge by its class. */
	assert_string_equal(all,
		"0000:00:02.0 display, 0000:00:0e.0 disk, 0000:00:14.3 network, 10000:e1:00.0 disk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_chains),
		TEST(test_sriov),
		TEST(test_vmd),
	};

	return RUN(tests);
}

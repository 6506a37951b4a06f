// SPDX-License-Identifier: GPL-2.0-or-later
/* Lifelines of the hosts tests/hosts/lifeline-*.host: every device, every word. */
#include "core/base/buf.h"
#include "core/lifeline/lifelines.h"
#include "core/lifeline/trace.h"
#include "support.h"

#define KEYBOARD "remove proc/bus/input/devices\nfile proc/bus/input/devices <<E\n"
#define KEYS "B: KEY=ffffffffffffffff fffffffffffffffe\n"
#define ENVIRON "remove proc/300/environ\nfile proc/300/environ no-newline <<E\n"
#define SSH(connection) ENVIRON "SSH_CONNECTION=" connection "\nE\n"
#define MOUNTS "remove proc/self/mountinfo\nfile proc/self/mountinfo <<E\n"
#define DEFAULT_ENO1                                                                     \
	"0000:04:00.0 network: the default route is on eno1, on this device\n"
#define UNKNOWN_CARD(user, why)                                                          \
	"network: it could not be told which network card " user " is on (" why          \
	"), so every network card with a link counts\n"
#define UNKNOWN_DISK(user, why)                                                          \
	"disk: it could not be told which disk " user " is on (" why                     \
	"), so every storage controller counts\n"
#define UNKNOWN_CARD_OF(user, why)                                                       \
	"disk: it could not be told which network card " user " is on (" why             \
	"), so every network card with a link counts\n"
#define NO_DEVICE(user, uuid)                                                            \
	UNKNOWN_DISK(                                                                    \
		user " (in /etc/fstab)", "there is no device /dev/disk/by-uuid/" uuid)
#define NO_MOUNTS UNKNOWN_DISK("/", "/proc/self/mountinfo cannot be read")
#define CONFIGURED(card)                                                                 \
	"network: the network that files in /etc set up is on " card ", on this device\n"
#define LIVE "text proc/self/stat 300 (pciferry) S 1 300 300 0\n"
#define ROUTE(interface)                                                                 \
	"text proc/net/route " interface "\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
#define ROUTE6(interface)                                                                \
	"text proc/net/ipv6_route 00000000000000000000000000000000 00 "                  \
	"00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 " \
	"00000001 00000000 00000003 " interface "\n"
#define SESSION(card, chain)                                                             \
	card " network: your SSH session from 203.0.113.9 is on " chain                  \
	     ", on this device\n"

static const struct {
	const char *host;
	const char *lines; /* added to it */
	const char *want; /* "ADDRESS NAME: WHY" lines */
} cases[] = {
	/* Disks. */
	{ "lifeline-stack", "",
		"0000:00:14.0 disk: /boot is on md0p1, on sdb1, on this device\n"
		"0000:00:17.0 disk: /boot is on md0p1, on sda1, on this device\n"
		"0000:01:00.0 disk: / is on vg0-root, on luks-1234, on nvme0n1p3, on this device\n"
		"0000:02:00.0 disk: /boot/efi (in /etc/fstab) is on nvme1n1p1, on this device\n"
		"0000:03:00.0 disk: swap is on zram0, on nvme2n1, on this device\n"
		"0000:04:00.0 " NO_DEVICE("/srv", "gone") },
	/* While it runs, what it does not have is on none of its devices. */
	{ "lifeline-stack", LIVE,
		"0000:00:14.0 disk: /boot is on md0p1, on sdb1, on this device\n"
		"0000:00:17.0 disk: /boot is on md0p1, on sda1, on this device\n"
		"0000:01:00.0 disk: / is on vg0-root, on luks-1234, on nvme0n1p3, on this device\n"
		"0000:02:00.0 disk: /boot/efi (in /etc/fstab) is on nvme1n1p1, on this device\n"
		"0000:03:00.0 disk: swap is on zram0, on nvme2n1, on this device\n" },
	/* Nothing of it is mounted: fstab names some, and any other may be its root's. */
	{ "lifeline-stack",
		"remove proc\nremove etc/fstab\n"
		"file etc/fstab <<E\n/dev/mapper/vg0-root / ext4 defaults 0 1\n"
		"UUID=7D2A-91C4 /boot/efi vfat umask=0077 0 1\nUUID=gone /srv ext4 nofail 0 2\n"
		"/srv/a /b none bind 0 0\ntmpfs /tmp tmpfs defaults 0 0\nE\n",
		"0000:00:14.0 " NO_MOUNTS "0000:00:17.0 " NO_MOUNTS
		"0000:01:00.0 disk: / (in /etc/fstab) is on vg0-root, on luks-1234, on nvme0n1p3, on this device\n"
		"0000:02:00.0 disk: /boot/efi (in /etc/fstab) is on nvme1n1p1, on this device\n"
		"0000:03:00.0 " NO_MOUNTS "0000:04:00.0 " NO_MOUNTS },
	/* The swap file alone, on a file system of its own. */
	{ "lifeline-stack",
		MOUNTS
		"28 1 0:23 / / rw - tmpfs tmpfs rw\n29 28 259:9 / /swap\\040file rw - ext4 /dev/nvme3n1p1 rw\nE\nremove etc/fstab\n",
		"0000:03:00.0 disk: swap is on zram0, on nvme2n1, on this device\n"
		"0000:04:00.0 disk: /swap file is on nvme3n1p1, on this device\n" },
	/* The next boot takes what fstab says, not what is mounted now. */
	{ "lifeline-stack",
		MOUNTS
		"28 1 259:3 / / rw - ext4 /dev/nvme0n1p3 rw\nE\nremove proc/swaps\n"
		"file etc/fstab <<E\nLABEL=old / ext4 defaults 0 1\nE\n",
		"0000:01:00.0 disk: / is on nvme0n1p3, on this device\n"
		"0000:04:00.0 disk: / (in /etc/fstab) is on nvme3n1p1, on this device\n" },
	{ "lifeline-stack",
		"remove sys/devices/virtual/block/dm-0/slaves\nremove sys/class/block/zram0\nremove etc/fstab\n"
		"remove proc/swaps\n",
		"0000:00:14.0 disk: /boot is on md0p1, on sdb1, on this device\n"
		"0000:00:17.0 disk: /boot is on md0p1, on sda1, on this device\n"
		"0000:01:00.0 " UNKNOWN_DISK("/",
			"vg0-root, on luks-1234: what is below it is not known") "0000:02:00.0 " UNKNOWN_DISK("/",
			"vg0-root, on luks-1234: what is below it is not known") "0000:03:00.0 " UNKNOWN_DISK("/",
			"vg0-root, on luks-1234: what is below it is not known") "0000:04:00.0 " UNKNOWN_DISK("/",
			"vg0-root, on luks-1234: what is below it is not known") },
	{ "lifeline-members", "",
		"0000:00:14.0 disk: / is on crypt, on sdb1, on this device\n"
		"0000:00:17.0 disk: / is on sda2, on this device\n"
		"0000:01:00.0 disk: / is on nvme0n1p2, on this device\n"
		"0000:02:00.0 disk: /srv is on nvme1n1, on this device\n"
		"0000:03:00.0 disk: /srv is on nvme2n1, on this device\n" },
	/* A name of the past: it may be any btrfs there is. */
	{ "lifeline-members",
		MOUNTS "28 1 0:24 / / rw - btrfs /dev/root rw\nE\n"
		       "remove sys/fs/btrfs/0b8c7c3e-0000-4000-8000-000000000001\n",
		"0000:04:00.0 disk: / is on nvme3n1, on this device\n" },
	{ "lifeline-zfs", "",
		"0000:00:14.0 " UNKNOWN_DISK("/",
			"rpool/ROOT/pve-1: zpool alone knows the disks of a ZFS pool") "0000:00:17.0 " UNKNOWN_DISK("/",
			"rpool/ROOT/pve-1: zpool alone knows the disks of a ZFS pool") "0000:02:00.0 disk: /boot/efi is on nvme0n1p1, on this device\n" },
	{ "lifeline-nvme-multipath", "",
		"0000:01:00.0 disk: / is on nvme0n1p1, on nvme0, on this device\n"
		"0000:02:00.0 disk: / is on nvme0n1p1, on nvme1, on this device\n" },
	{ "lifeline-nvme-multipath",
		"remove sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0\n"
		"remove sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1\n"
		"link sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme2 -> ../../../virtual/nvme-fabrics/ctl/nvme2\n",
		"0000:01:00.0 " UNKNOWN_DISK("/",
			"nvme0n1p1, on nvme2: NVMe over fabrics") "0000:02:00.0 " UNKNOWN_DISK("/",
			"nvme0n1p1, on nvme2: NVMe over fabrics") "0000:03:00.0 " UNKNOWN_DISK("/",
			"nvme0n1p1, on nvme2: NVMe over fabrics") "0000:04:00.0 " UNKNOWN_CARD_OF("/",
			"nvme0n1p1, on nvme2: NVMe over fabrics") },
	{ "lifeline-live", "",
		"0000:00:14.0 disk: / is on /run/live/rootfs/filesystem,a, on loop0, on /run/live/medium/live/filesystem.squashfs, on sdb1, on this device\n"
		"0000:00:17.0 disk: / is on /run/live/extra, on /srv/extra.erofs, on sda1, on this device\n" },
	/* An overlay whose layers were mounted in the initramfs, and are not seen any
	   more. */
	{ "lifeline-live",
		MOUNTS
		"28 1 0:30 / / rw - overlay overlay rw,lowerdir=/lower,upperdir=/upper\nE\n",
		"0000:00:14.0 " UNKNOWN_DISK("/",
			"/lower: /lower lies on itself") "0000:00:17.0 " UNKNOWN_DISK("/",
			"/lower: /lower lies on itself") "0000:01:00.0 " UNKNOWN_DISK("/",
			"/lower: /lower lies on itself") },
	{ "lifeline-netroot", "",
		"0000:04:00.0 " UNKNOWN_CARD_OF("/",
			"nas:/export/root, nfs4: over the network") "0000:06:00.0 " UNKNOWN_CARD_OF("/",
			"nas:/export/root, nfs4: over the network") },
	/* In fstab of a host that does not run. */
	{ "lifeline-netroot",
		"remove proc/self/mountinfo\ntext etc/fstab nas:/export/root / nfs4 defaults 0 0\n",
		"0000:00:17.0 " NO_MOUNTS
		"0000:04:00.0 " UNKNOWN_CARD_OF("/ (in /etc/fstab)",
			"nas:/export/root, nfs4: over the network") "0000:06:00.0 " UNKNOWN_CARD_OF("/ (in /etc/fstab)",
			"nas:/export/root, nfs4: over the network") },
	{ "lifeline-netroot", MOUNTS "28 1 8:32 / / rw - ext4 /dev/sdc rw\nE\n",
		"0000:04:00.0 " UNKNOWN_CARD_OF(
			"/", "sdc: iSCSI") "0000:06:00.0 " UNKNOWN_CARD_OF("/",
			"sdc: iSCSI") },
	{ "lifeline-netroot", MOUNTS "28 1 43:0 / / rw - ext4 /dev/nbd0 rw\nE\n",
		"0000:04:00.0 " UNKNOWN_CARD_OF("/",
			"nbd0: a network block device") "0000:06:00.0 " UNKNOWN_CARD_OF("/",
			"nbd0: a network block device") },
	{ "lifeline-netroot",
		MOUNTS
		"28 1 0:24 / / rw - cifs //nas/root rw\nE\n"
		"text sys/class/net/eno1/carrier 0\ntext sys/class/net/wlan0/carrier 0\n",
		"0000:04:00.0 " UNKNOWN_CARD_OF("/",
			"//nas/root, cifs: over the network") "0000:05:00.0 " UNKNOWN_CARD_OF("/",
			"//nas/root, cifs: over the network") "0000:06:00.0 " UNKNOWN_CARD_OF("/",
			"//nas/root, cifs: over the network") },
	{ "lifeline-netroot", MOUNTS "28 1 0:24 / / rw - strangefs it rw\nE\n",
		"0000:00:17.0 " UNKNOWN_DISK(
			"/", "it, a file system of type strangefs") },
	/* Encryption on a disk with two controllers. */
	{ "lifeline-nvme-multipath",
		"dir sys/devices/virtual/block/dm-0/slaves/nvme0n1p1\n"
		"text sys/devices/virtual/block/dm-0/dm/name luks\n"
		"link sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0\n"
		"link sys/dev/block/254:0 -> ../../devices/virtual/block/dm-0\n" MOUNTS
		"28 1 254:0 / / rw - ext4 /dev/mapper/x rw\nE\n",
		"0000:01:00.0 disk: / is on luks, on nvme0n1p1, on nvme0, on this device\n"
		"0000:02:00.0 disk: / is on luks, on nvme0n1p1, on nvme1, on this device\n" },
	/* A cache of flash before a disk. */
	{ "lifeline-members",
		"dir sys/devices/virtual/block/bcache0/slaves/sda2\n"
		"dir sys/devices/virtual/block/bcache0/slaves/nvme3n1\n"
		"link sys/class/block/bcache0 -> ../../devices/virtual/block/bcache0\n"
		"link sys/dev/block/252:0 -> ../../devices/virtual/block/bcache0\n" MOUNTS
		"28 1 252:0 / / rw - xfs /dev/bcache0 rw\nE\n",
		"0000:00:17.0 disk: / is on bcache0, on sda2, on this device\n"
		"0000:04:00.0 disk: / is on bcache0, on nvme3n1, on this device\n" },
	/* A mirror over the network, of which the kernel links nothing. */
	{ "lifeline-members",
		"dir sys/devices/virtual/block/drbd0\n"
		"link sys/class/block/drbd0 -> ../../devices/virtual/block/drbd0\n"
		"link sys/dev/block/147:0 -> ../../devices/virtual/block/drbd0\n" MOUNTS
		"28 1 147:0 / / rw - ext4 /dev/drbd0 rw\nE\n",
		"0000:00:14.0 " UNKNOWN_DISK("/",
			"drbd0: what is below it is not known") "0000:00:17.0 " UNKNOWN_DISK("/",
			"drbd0: what is below it is not known") "0000:01:00.0 " UNKNOWN_DISK("/",
			"drbd0: what is below it is not known") "0000:02:00.0 " UNKNOWN_DISK("/",
			"drbd0: what is below it is not known") "0000:03:00.0 " UNKNOWN_DISK("/",
			"drbd0: what is below it is not known") "0000:04:00.0 " UNKNOWN_DISK("/",
			"drbd0: what is below it is not known") },
	/* Two paths of iSCSI. */
	{ "lifeline-netroot",
		"dir sys/devices/platform/host4/session2/target4:0:0/4:0:0:0/block/sdd\n"
		"link sys/class/block/sdd -> ../../devices/platform/host4/session2/target4:0:0/4:0:0:0/block/sdd\n"
		"dir sys/devices/virtual/block/dm-0/slaves/sdc\n"
		"dir sys/devices/virtual/block/dm-0/slaves/sdd\n"
		"text sys/devices/virtual/block/dm-0/dm/name mpatha\n"
		"link sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0\n"
		"link sys/dev/block/254:0 -> ../../devices/virtual/block/dm-0\n" MOUNTS
		"28 1 254:0 / / rw - ext4 /dev/mapper/x rw\nE\n",
		"0000:04:00.0 " UNKNOWN_CARD_OF(
			"/", "mpatha, on sdc: iSCSI") "0000:06:00.0 " UNKNOWN_CARD_OF("/",
			"mpatha, on sdc: iSCSI") },
	{ "lifeline-guest", "",
		"0000:00:02.0 disk: / is on vda1, on this device\n"
		"0000:00:04.0 disk: /mnt/share is on share, on this device\n" },

	/* The network. */
	{ "lifeline-bridge", "",
		"0000:04:00.0 network: the default route is on vmbr0, on bond0.7, on bond0, on eno1, on this device\n"
		"0000:05:00.0 network: the default route is on vmbr0, on bond0.7, on bond0, on eno2, on this device\n" },
	/* Layers of other makes. */
	{ "lifeline-bridge",
		"net team0 -\ndir sys/class/net/team0/lower_eno2\ndir sys/class/net/team0/lower_eno3\n" ROUTE(
			"team0"),
		"0000:05:00.0 network: the default route is on team0, on eno2, on this device\n"
		"0000:06:00.0 network: the default route is on team0, on eno3, on this device\n" },
	{ "lifeline-bridge",
		"net macvlan0 -\ndir sys/class/net/macvlan0/lower_eno3\n" ROUTE(
			"macvlan0"),
		"0000:06:00.0 network: the default route is on macvlan0, on eno3, on this device\n" },
	/* Open vSwitch keeps to itself which cards are in a bridge. */
	{ "lifeline-bridge", "net ovsbr0 -\n" ROUTE("ovsbr0"),
		"0000:04:00.0 " UNKNOWN_CARD("the default route",
			"ovsbr0: no card below it is known") "0000:06:00.0 " UNKNOWN_CARD("the default route",
			"ovsbr0: no card below it is known") },
	/* A card on USB. */
	{ "lifeline-bridge",
		"device 0000:00:14.0 class=0c0330 id=8086:7ae0 driver=xhci_hcd\n"
		"link sys/class/net/enx0 -> ../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/net/enx0\n" ROUTE(
			"enx0"),
		"0000:00:14.0 network: the default route is on enx0, on this device\n" },
	/* No IPv4; and two ways out. */
	{ "lifeline-bridge", "remove proc/net/route\n" ROUTE6("eno3"),
		"0000:06:00.0 network: the default route is on eno3, on this device\n" },
	{ "lifeline-bridge", ROUTE6("eno3") ROUTE("eno1"),
		"0000:04:00.0 network: the default route is on eno1, on this device\n"
		"0000:06:00.0 network: the default route is on eno3, on this device\n" },
	/* A host that does not run: what its files set up, or any card. */
	{ "lifeline-bridge",
		"remove proc/net/route\ntext etc/netplan/01.yaml network: { ethernets: { eno1: {}, eno3: {} }, bridges: { br0: {} } }\n",
		"0000:04:00.0 " CONFIGURED("eno1") "0000:06:00.0 " CONFIGURED("eno3") },
	{ "lifeline-bridge",
		"remove proc/net/route\nfile etc/network/interfaces <<E\nauto enp9s0\niface enp9s0 inet dhcp\nE\n",
		"0000:04:00.0 " UNKNOWN_CARD("the network that files in /etc set up",
			"enp9s0: there is no such interface") "0000:06:00.0 " UNKNOWN_CARD("the network that files in /etc set up",
			"enp9s0: there is no such interface") },
	{ "lifeline-bridge",
		"remove proc/net/route\nfile etc/systemd/network/lan.network <<E\n[Match]\nType=ether\nE\n",
		"0000:04:00.0 " UNKNOWN_CARD("the default route",
			"/proc/net/route cannot be read") "0000:06:00.0 " UNKNOWN_CARD("the default route",
			"/proc/net/route cannot be read") },
	/* The guest's interface may be the way out, when no card of the bridge has a
	   link. */
	{ "lifeline-bridge", "text sys/class/net/eno1/carrier 0\n",
		"0000:04:00.0 network: the default route is on vmbr0, on bond0.7, on bond0, on eno1, on this device\n"
		"0000:05:00.0 network: the default route is on vmbr0, on bond0.7, on bond0, on eno2, on this device\n"
		"0000:06:00.0 " UNKNOWN_CARD("the default route",
			"vmbr0, on tap100i0: no card below it is known") },
	{ "lifeline-vpn", "",
		"0000:04:00.0 " UNKNOWN_CARD(
			"the default route", "wg0: no card below it is known") },
	{ "lifeline-vpn", "text sys/class/net/eno1/carrier 0\n",
		"0000:04:00.0 " UNKNOWN_CARD("the default route",
			"wg0: no card below it is known") "0000:05:00.0 " UNKNOWN_CARD("the default route",
			"wg0: no card below it is known") },
	{ "lifeline-vpn",
		"text proc/net/route eno2\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
		"file proc/net/fib_trie <<E\nMain:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n"
		"Id 51820:\n     |-- 0.0.0.0\n        /0 universe UNICAST\nE\n",
		"0000:04:00.0 " UNKNOWN_CARD("a default route",
			"in a routing table besides the main one") "0000:05:00.0 network: the default route is on eno2, on this device\n" },

	/* The session; these hosts have a /proc/self with ancestors. */
	{ "lifeline-session", SSH("203.0.113.9 55000 198.51.100.7 22"),
		DEFAULT_ENO1 SESSION("0000:05:00.0", "eno2") },
	{ "lifeline-session",
		SSH("203.0.113.9 55000 198.51.100.200 22"), /* the longer prefix */
		DEFAULT_ENO1 SESSION("0000:06:00.0", "eno3") },
	/* In the environment of the shell above sudo only. */
	{ "lifeline-session",
		"file proc/100/environ no-newline <<E\nSSH_CONNECTION=203.0.113.9 55000 198.51.100.7 22\nE\n",
		DEFAULT_ENO1 SESSION("0000:05:00.0", "eno2") },
	{ "lifeline-session",
		SSH("198.51.100.130 55000 192.0.2.2 22"), /* the way back is another */
		DEFAULT_ENO1
		"0000:06:00.0 network: your SSH session from 198.51.100.130 is on eno3, on this device\n" },
	{ "lifeline-session", SSH("2001:db9::1 55000 2001:db8::7 22"),
		DEFAULT_ENO1
		"0000:06:00.0 network: your SSH session from 2001:db9::1 is on eno3, on this device\n" },
	{ "lifeline-session", SSH("fe80::1%eno4 55000 fe80::2%eno4 22"),
		DEFAULT_ENO1
		"0000:07:00.0 network: your SSH session from fe80::1%eno4 is on eno4, on this device\n" },
	{ "lifeline-session", SSH("127.0.0.1 55000 127.0.0.1 22"),
		DEFAULT_ENO1
		"0000:05:00.0 " UNKNOWN_CARD("your SSH session from 127.0.0.1",
			"it comes over the loopback interface: through a tunnel") "0000:06:00.0 " UNKNOWN_CARD("your SSH session from 127.0.0.1",
			"it comes over the loopback interface: through a tunnel") },
	{ "lifeline-session", SSH("203.0.113.9 55000 198.51.100.8 22"),
		DEFAULT_ENO1
		"0000:05:00.0 " UNKNOWN_CARD("your SSH session from 203.0.113.9",
			"this host does not have its address") "0000:06:00.0 " UNKNOWN_CARD("your SSH session from 203.0.113.9",
			"this host does not have its address") },
	{ "lifeline-session", SSH("UNKNOWN 65535 UNKNOWN 65535"),
		DEFAULT_ENO1 "0000:05:00.0 " UNKNOWN_CARD("your SSH session from UNKNOWN",
			"it has no address") "0000:06:00.0 " UNKNOWN_CARD("your SSH session from UNKNOWN",
			"it has no address") },
	{ "lifeline-session", "", /* the variable is nowhere, but sshd is above */
		DEFAULT_ENO1 "0000:05:00.0 " UNKNOWN_CARD("your session",
			"it came in by sshd") "0000:06:00.0 " UNKNOWN_CARD("your session",
			"it came in by sshd") },
	{ "lifeline-session", "remove proc/90\nremove proc/100\n",
		DEFAULT_ENO1 "0000:05:00.0 " UNKNOWN_CARD("your session",
			"/proc hides the processes above, so it may be an SSH session") "0000:06:00.0 " UNKNOWN_CARD("your session",
			"/proc hides the processes above, so it may be an SSH session") },
	{ "lifeline-session", "text proc/90/stat 90 (login) S 1 90 90 0\n",
		DEFAULT_ENO1 },

	/* A terminal that may be attached to from anywhere. */
	{ "lifeline-session", "text proc/90/stat 90 (tmux: server) S 1 90 90 0\n",
		DEFAULT_ENO1 "0000:05:00.0 " UNKNOWN_CARD("your session",
			"it came in by way of tmux") "0000:06:00.0 " UNKNOWN_CARD("your session",
			"it came in by way of tmux") },
	{ "lifeline-session", "text proc/90/stat 90 (SCREEN) S 1 90 90 0\n",
		DEFAULT_ENO1 "0000:05:00.0 " UNKNOWN_CARD("your session",
			"it came in by way of screen") "0000:06:00.0 " UNKNOWN_CARD("your session",
			"it came in by way of screen") },
	/* An "unreachable" default leads nowhere, whatever interface it names. */
	{ "lifeline-session",
		"text proc/net/ipv6_route 00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 eno4\n"
		"text proc/90/stat 90 (login) S 1 90 90 0\n",
		DEFAULT_ENO1 },

	/* Displays. */
	{ "lifeline-display", "",
		"0000:03:00.0 display: the firmware's boot display is on it; a screen is connected (VGA-1)\n"
		"0000:03:00.0 bmc: it is the display of the server's management controller (ASPEED): its remote console shows it\n" },
	{ "lifeline-display",
		"text sys/bus/pci/devices/0000:03:00.0/boot_vga 0\nbind 0000:17:00.0 vfio-pci\n",
		"0000:03:00.0 display: it is the only display controller the host has left; a screen is connected (VGA-1)\n"
		"0000:03:00.0 bmc: it is the display of the server's management controller (ASPEED): its remote console shows it\n" },
	{ "lifeline-display",
		"text sys/bus/pci/devices/0000:03:00.0/boot_vga 0\n"
		"text sys/devices/pci0000:17/0000:17:00.0/drm/card1/boot_display 1\n"
		"link sys/class/drm/card1 -> ../../devices/pci0000:17/0000:17:00.0/drm/card1\n",
		"0000:03:00.0 bmc: it is the display of the server's management controller (ASPEED): its remote console shows it\n"
		"0000:17:00.0 display: the firmware's boot display is on it\n" },

	/* Keyboards. */
	{ "lifeline-keyboard", "",
		"0000:00:14.0 input: the only keyboard (Logitech USB Keyboard) is on this device\n" },
	{ "lifeline-keyboard",
		KEYBOARD /* behind a hub, and a mouse on the other controller */
		"I: Bus=0003\nN: Name=\"kbd\"\nS: Sysfs=/devices/pci0000:06/0000:06:00.0/usb3/3-4/3-4.2/3-4.2:1.0/0003:04D9:0024.0002/input/input5\n" KEYS
		"I: Bus=0003\nN: Name=\"mouse\"\nS: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input6\nH: Handlers=mouse0 event4 \nB: KEY=ffff0000 0 0 0 0\n"
		"E\n",
		"0000:06:00.0 input: the only keyboard (kbd) is on this device\n" },
	{ "lifeline-keyboard",
		KEYBOARD /* a second one, on PS/2 */
		"I: Bus=0003\nN: Name=\"one\"\nS: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input5\n" KEYS
		"I: Bus=0011\nN: Name=\"AT Translated Set 2 keyboard\"\nS: Sysfs=/devices/platform/i8042/serio0/input/input2\n" KEYS
		"E\n",
		"" },
	{ "lifeline-keyboard",
		KEYBOARD /* hot keys are no second one */
		"I: Bus=0003\nN: Name=\"one\"\nS: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input5\n" KEYS
		"I: Bus=0019\nN: Name=\"hot keys\"\nS: Sysfs=/devices/platform/wmi/input/input8\nB: KEY=800000000000 1680\nE\n",
		"0000:00:14.0 input: the only keyboard (one) is on this device\n" },
	{ "lifeline-keyboard",
		KEYBOARD /* two, on two controllers */
		"I: Bus=0003\nN: Name=\"one\"\nS: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input5\n" KEYS
		"I: Bus=0003\nN: Name=\"two\"\nS: Sysfs=/devices/pci0000:06/0000:06:00.0/usb3/3-1/3-1:1.0/input/input6\n" KEYS
		"E\n",
		"" },
	{ "lifeline-keyboard",
		KEYBOARD /* two, on one */
		"I: Bus=0003\nN: Name=\"one\"\nS: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input5\n" KEYS
		"I: Bus=0003\nN: Name=\"two\"\nS: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/input/input6\n" KEYS
		"E\n",
		"0000:00:14.0 input: the only keyboard (two) is on this device\n" },
	{ "lifeline-keyboard",
		KEYBOARD /* a receiver */
		"I: Bus=0003\nN: Name=\"Receiver\"\nS: Sysfs=/devices/pci0000:06/0000:06:00.0/usb3/3-1/3-1:1.0/input/input5\n" KEYS
		"I: Bus=0003\nN: Name=\"Receiver Mouse\"\nS: Sysfs=/devices/pci0000:06/0000:06:00.0/usb3/3-1/3-1:1.1/input/input6\nH: Handlers=mouse0 event4 \nE\n",
		"0000:06:00.0 input: what may be the only keyboard (Receiver; it is a mouse too) is on this device\n" },
	{ "lifeline-keyboard",
		KEYBOARD
		"I: Bus=0005\nN: Name=\"Air\"\nS: Sysfs=/devices/virtual/misc/uhid/0005:046D:B342.0001/input/input5\n" KEYS
		"E\n",
		"0000:00:14.0 input: it could not be told which USB controller the only keyboard is on (Air, which is wireless), so every USB controller counts\n"
		"0000:06:00.0 input: it could not be told which USB controller the only keyboard is on (Air, which is wireless), so every USB controller counts\n" },
};

static char *all_lifelines(const struct host *host)
{
	autobuf struct buf b = { 0 };
	char *text = NULL;

	for (size_t i = 0; i < host->n_devices; i++)
		for (size_t j = 0; j < host->devices[i].n_lifelines; j++)
			buf_printf(&b, "%s %s: %s\n", host->devices[i].address,
				host->devices[i].lifelines[j].name,
				host->devices[i].lifelines[j].why);
	text = buf_take(&b);
	return text;
}

static void device_forget_lifelines(struct device *d)
{
	while (d->n_lifelines) {
		free(d->lifelines[--d->n_lifelines].name);
		free(d->lifelines[d->n_lifelines].why);
	}
}

/* The tree is offline, so the scan asks for no session: here it stands for a live one. */
static void trace_as_live(struct host *host)
{
	struct trace t = { .root = tree_root,
		.host = host,
		.live = root_exists(tree_root, "/proc/self/stat") };

	if (!t.live)
		return;
	for (size_t i = 0; i < host->n_devices; i++)
		device_forget_lifelines(&host->devices[i]);
	trace_run(&t);
}

static void test_chains(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autohost struct host *host = NULL;
		autofree char *name = NULL, *text = NULL, *got = NULL, *file = NULL,
			      *what = NULL;

		tree_renew();
		assert_true(asprintf(&name, "hosts/%s.host", cases[i].host) >= 0);
		file = source_text(name);
		assert_true(asprintf(&text, "%s%s", file, cases[i].lines) >= 0);
		assert_true(asprintf(&what, "%s, row %zu", cases[i].host, i) >= 0);
		tree_expand(text);
		host = tree_scan();
		trace_as_live(host);
		got = all_lifelines(host);
		check_text(what, got, cases[i].want);
	}
}

/* A tree under --root has no session, whatever its /proc says. */
static void test_offline_has_no_session(void **state)
{
	autohost struct host *host = NULL;
	autofree char *got = NULL;

	(void)state;
	tree_expand_host("lifeline-session.host");
	tree_put("/proc/300/environ", "SSH_CONNECTION=203.0.113.9 55000 198.51.100.7 22");
	host = tree_scan();
	got = all_lifelines(host);
	assert_string_equal(got, DEFAULT_ENO1);
}

/* Nothing captured: nothing is known, and that is said. */
static void test_no_proc(void **state)
{
	autohost struct host *host = NULL;
	autofree char *got = NULL, *notes = NULL;

	(void)state;
	tree_expand("device 0000:04:00.0 class=020000 id=8086:1533 driver=igb\n"
		    "remove proc/net/route\n");
	host = tree_scan();
	got = all_lifelines(host);
	assert_string_equal(got, "0000:04:00.0 " UNKNOWN_CARD("the default route",
					 "/proc/net/route cannot be read"));
	notes = strv_join(host->notes, "\n");
	assert_string_equal(notes,
		"Cannot read /proc/self/mountinfo: which disks are in use is not known.\n"
		"Cannot read /proc/net/route: which network cards are in use is not known.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_chains),
		TEST(test_offline_has_no_session),
		TEST(test_no_proc),
	};

	return RUN(tests);
}

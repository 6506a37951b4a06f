// SPDX-License-Identifier: GPL-2.0-or-later
/* Methods and what the user has already: its traps, and what a plan makes of them. */
#include "rows.h"

#include "core/base/buf.h"
#include "core/method/idlist.h"

/* A module with a softdep of its own. */
#define AUDIO                                                                            \
	"module 6.1 snd-virtuoso softdep=\"pre: snd\" pci:v000013F6d00008788sv*sd*bc*sc*i*\n"

#define PATCHED                                                                          \
	"file proc/kallsyms <<E\n0000000000000000 T pci_enable_acs\n"                    \
	"0000000000000000 t pcie_acs_override_setup\nE\n"
#define OLD_KERNEL                                                                       \
	"kernel 5.15\nmodule 5.15 vfio-pci\n"                                            \
	"config 5.15 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n"
/* The boot's picture is in the second BAR of the card 01:00.0. */
#define BOOTFB                                                                           \
	"file proc/iomem <<E\nc0000000-cfffffff : PCI Bus 0000:01\n"                     \
	"  c0000000-c02fffff : BOOTFB\nE\n"                                              \
	"file sys/bus/pci/devices/0000:01:00.0/resource <<E\n"                           \
	"0x00000000d0000000 0x00000000d0ffffff 0x0000000000040200\n"                     \
	"0x00000000c0000000 0x00000000cfffffff 0x000000000014220c\nE\n"

#define HAND_MADE                                                                        \
	"text etc/modprobe.d/vfio.conf options vfio-pci ids=13f6:8788,104c:8024\n"       \
	"text etc/modules vfio_pci\ntext etc/initramfs-tools/modules vfio_pci\n"         \
	"bind 0000:07:00.0 vfio-pci\nbind 0000:07:01.0 vfio-pci\n"

static const struct row rows[] = {
	/* Of several softdeps for a module the first counts, by the names of their files.
	 */
	{ "a softdep of the kernel's comes before ours: by address", DEFAULT_ON AUDIO,
		"07:00.0",
		{ { ACCEPTED }, { METHOD, "0000:07:00.0", "override" },
			{ METHOD, "0000:07:01.0", "ids" },
			{ LACKS, MODPROBE, "softdep snd_virtuoso" } } },
	{ "and as ids it is refused", DEFAULT_ON AUDIO, "method=ids 07:00.0",
		{ { REFUSED, "method-unfit",
			"a softdep of its own in the kernel 6.1" } } },
	{ "a softdep of the user's before ours",
		DEFAULT_ON "text etc/modprobe.d/a.conf softdep igb pre: mei",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "override" },
			{ METHOD, "0000:05:00.0", "override" } } },
	{ "after ours: what it asks for comes along",
		DEFAULT_ON "text etc/modprobe.d/z.conf softdep igb pre: mei post: foo",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "ids" },
			{ HOLDS, MODPROBE,
				"softdep igb pre: vfio-pci pre: mei post: foo\n" } } },
	{ "that does it already is not written twice",
		DEFAULT_ON "text etc/modprobe.d/z.conf softdep igb pre: vfio vfio_pci",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "ids" },
			{ TOLD, "user-softdep", "/etc/modprobe.d/z.conf:1 " },
			{ LACKS, MODPROBE, "softdep" } } },
	{ "that does it in a directory that the image has too",
		DEFAULT_ON "text usr/lib/modprobe.d/z.conf softdep igb pre: vfio-pci",
		"04:00.0 05:00.0",
		{ { TOLD, "user-softdep", "/usr/lib/modprobe.d/z.conf:1 " },
			{ LACKS, MODPROBE, "softdep" },
			{ BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "that does it where no image has it is written for the image",
		DEFAULT_ON
		"text run/modprobe.d/z.conf softdep igb pre: vfio-pci pre: mei",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { SILENT, "user-softdep" },
			{ HOLDS, MODPROBE, "softdep igb pre: vfio-pci pre: mei\n" },
			{ BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "a second one that does it does not count",
		DEFAULT_ON
		"file etc/modprobe.d/a.conf <<E\nsoftdep igb pre: mei\nsoftdep igb pre: vfio-pci\nE",
		"04:00.0 05:00.0",
		{ { METHOD, "0000:04:00.0", "override" }, { SILENT, "user-softdep" } } },
	{ "an earlier method that suits no more: its twin stays now",
		DEFAULT_ON "text etc/pciferry/claims 0000:05:00.0 8086:1533 - ids", "",
		{ { ACCEPTED }, { METHOD, "0000:05:00.0", "override" },
			{ WARNED, "method-changed", "0000:04:00.0 has the same ID" },
			{ HOLDS, CLAIMS, "0000:05:00.0 8086:1533 - override" },
			{ LACKS, MODPROBE, "8086:1533" },
			{ BECOMES, "0000:04:00.0", "igb" },
			{ BECOMES, "0000:05:00.0", "vfio-pci" } } },
	{ "by a pattern, and before the kernel's",
		DEFAULT_ON AUDIO
		"text etc/modprobe.d/a.conf softdep snd-v* pre: vfio-pci",
		"07:00.0",
		{ { ACCEPTED }, { METHOD, "0000:07:00.0", "ids" },
			{ LACKS, MODPROBE, "softdep" } } },
	{ "an install line that does it already",
		DEFAULT_ON
		"text etc/modprobe.d/z.conf install igb /sbin/modprobe vfio-pci; /sbin/modprobe --ignore-install igb",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "ids" },
			{ LACKS, MODPROBE, "softdep igb" },
			{ HOLDS, MODPROBE, "ids=8086:1533" },
			{ BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "that only orders vfio does not order vfio-pci",
		DEFAULT_ON "text etc/modprobe.d/z.conf softdep igb pre: vfio",
		"04:00.0 05:00.0",
		{ { HOLDS, MODPROBE, "softdep igb pre: vfio-pci pre: vfio\n" } } },
	{ "that has vfio-pci come after does not order it",
		DEFAULT_ON "text etc/modprobe.d/z.conf softdep igb post: vfio-pci",
		"04:00.0 05:00.0",
		{ { HOLDS, MODPROBE, "softdep igb pre: vfio-pci post: vfio-pci\n" } } },
	{ "by the driver's name: module xhci_pci is another",
		DEFAULT_ON "text etc/modprobe.d/z.conf softdep xhci_hcd pre: vfio-pci",
		"01:00.0", { { HOLDS, MODPROBE, "softdep xhci_pci pre: vfio-pci\n" } } },
	{ "a softdep that cancels an install line of the user's",
		DEFAULT_ON
		"file etc/modprobe.d/z.conf <<E\ninstall foo /bin/false\nsoftdep foo pre: bar\nE",
		"01:00.0",
		{ { ACCEPTED },
			{ WARNED, "install-softdep", "/etc/modprobe.d/z.conf:2: " } } },

	/* The user's ids=, as people write them. */
	{ "0x, upper case, a subsystem, a class: all there",
		DEFAULT_ON
		"text etc/modprobe.d/vfio.conf options vfio_pci ids=0x10DE:0x1E84,10de:10F8:ffffffff:ffffffff,10de:1ad8:0:0:0c0330:ffffff,10DE:1AD9",
		"01:00.0",
		{ { ACCEPTED }, { METHOD, "0000:01:00.0", "ids" },
			{ LACKS, MODPROBE, "ids=" }, { IS, DROPIN, NULL },
			{ TOLD, "ids-there", "/etc/modprobe.d/vfio.conf:1 " } } },
	{ "a class mask that is another device's",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=10de:1e84:ffffffff:ffffffff:040000:ff0000",
		"01:00.0", { { HOLDS, MODPROBE, ":ff0000,10de:1e84,10de:10f8" } } },
	{ "in quotes, with blanks",
		DEFAULT_ON
		"file etc/modprobe.d/a.conf <<E\noptions vfio-pci ids=\"13f6:8788, 1:1, 104c:8024\" disable_vga=1\nE",
		"07:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "ids=" }, { SILENT, "ids-blank" } } },
	{ "with blanks and no quotes",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=13f6:8788, 104c:8024",
		"07:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=13f6:8788,104c:8024\n" },
			{ WARNED, "ids-blank", "/etc/modprobe.d/a.conf:1: " } } },
	{ "behind a # that is no comment there",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=13f6:8788 # was ids=1234:5678",
		"07:00.0",
		{ { HOLDS, MODPROBE, "ids=1234:5678,13f6:8788,104c:8024\n" },
			{ WARNED, "trailing-comment", "/etc/modprobe.d/a.conf:1: " } } },
	{ "an indented comment and CRLF",
		DEFAULT_ON
		"file etc/modprobe.d/a.conf no-newline <<E\n  # options vfio-pci ids=1:1\r\noptions vfio-pci ids=13f6:8788,104c:8024\r\nE",
		"07:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "ids=" },
			{ TOLD, "ids-there", "/etc/modprobe.d/a.conf:2 " } } },
	{ "an entry that is none",
		DEFAULT_ON "text etc/modprobe.d/a.conf options vfio-pci ids=10de1e84",
		"07:00.0",
		{ { WARNED, "ids-invalid", "/etc/modprobe.d/a.conf:1: \"10de1e84\"" } } },
	{ "in the initramfs's list of modules: taken over",
		DEFAULT_ON
		"text etc/initramfs-tools/modules vfio_pci ids=13f6:8788,104c:8024",
		"07:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=13f6:8788,104c:8024\n" },
			{ TOLD, "ids-merged", "/etc/initramfs-tools/modules:1 " },
			{ IS, MODULES, "vfio_pci ids=13f6:8788,104c:8024\n" } } },
	{ "of the command line, which names its file",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX=vfio-pci.ids=13f6:8788,104c:8024",
		"07:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "ids=" }, { IS, DROPIN, NULL },
			{ TOLD, "ids-there", "/etc/default/grub:1 " } } },

	/* What is set up by hand is claimed as it is, and left when it is released. */
	{ "a device that the user's lines have on vfio-pci: nothing but the claim",
		DEFAULT_ON HAND_MADE, "07:00.0",
		{ { ACCEPTED }, { METHOD, "0000:07:00.0", "ids" },
			{ HOLDS, CLAIMS, "0000:07:00.0 13f6:8788" },
			{ TOLD, "ids-there", "/etc/modprobe.d/vfio.conf:1 " },
			{ IS, MODPROBE, NULL }, { IS, LOAD, NULL }, { IS, DROPIN, NULL },
			{ IS, MODULES, "vfio_pci\n" },
			{ BECOMES, "0000:07:00.0", "vfio-pci" } } },
	{ "and released: ours goes, theirs stays and is named",
		DEFAULT_ON HAND_MADE
		"file etc/pciferry/claims <<E\n0000:07:00.0 13f6:8788 - ids\n0000:07:01.0 104c:8024 - ids\nE",
		"-0000:07:00.0",
		{ { ACCEPTED }, { IS, CLAIMS, NULL },
			{ WARNED, "users-keep",
				"0000:07:00.0 is released, but /etc/modprobe.d/vfio.conf:1 " },
			{ WARNED, "users-keep", "0000:07:01.0" },
			{ HOLDS, "/etc/modprobe.d/vfio.conf", "13f6:8788" } } },

	{ "an alias that is there is not written twice",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf alias pci:v000013F6d00008788* vfio_pci",
		"method=alias 07:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "alias pci:v000013F6d00008788" },
			{ HOLDS, MODPROBE, "alias pci:v0000104Cd00008024" } } },
	{ "nor is a blacklist", DEFAULT_ON "text etc/modprobe.d/a.conf blacklist igb",
		"method=blacklist 04:00.0 05:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "blacklist" },
			{ HOLDS, MODPROBE, "ids=8086:1533" } } },
	{ "neither gives way at the boot menu, and the plan says so", DEFAULT_ON,
		"method=blacklist 04:00.0 05:00.0",
		{ { WARNED, "no-way-out", "modules stay blacklisted" },
			{ WARNED, "no-way-out", "0000:05:00.0" },
			{ WARNED, "no-way-out", "modprobe -a igb" } } },
	{ "an alias of no module's does", DEFAULT_ON, "method=alias 07:00.0",
		{ { SILENT, "no-way-out" } } },
	{ "a blacklist of what sound on the board needs is refused",
		DEFAULT_ON
		"device 0000:00:1f.3 group=9 class=040300 id=10de:0001 driver=snd_hda_intel",
		"method=blacklist 01:00.0",
		{ { REFUSED, "method-unfit", "0000:00:1f.3" } } },

	{ "driverctl has it on vfio-pci",
		DEFAULT_ON "text etc/driverctl.d/pci-0000:04:00.0 vfio-pci", "04:00.0",
		{ { ACCEPTED },
			{ TOLD, "user-override", "/etc/driverctl.d/pci-0000:04:00.0 " },
			{ BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "and keeps it there when it is released",
		DEFAULT_ON
		"text etc/driverctl.d/0000:04:00.0 vfio-pci\n"
		"text etc/pciferry/claims 0000:04:00.0 8086:1533 - override\nbind 0000:04:00.0 vfio-pci",
		"-0000:04:00.0",
		{ { WARNED, "users-keep", "/etc/driverctl.d/0000:04:00.0 " } } },
	{ "a blacklist of the user's keeps a released one without a driver",
		DEFAULT_ON
		"text etc/modprobe.d/b.conf blacklist nouveau\n"
		"text etc/pciferry/claims 0000:01:00.0 10de:1e84 - ids\nbind 0000:01:00.0 vfio-pci",
		"-0000:01:00.0",
		{ { BECOMES, "0000:01:00.0", NULL },
			{ WARNED, "users-keep",
				"/etc/modprobe.d/b.conf:1 keeps nouveau from loading" } } },
	{ "so does an install line, for a driver that it had",
		DEFAULT_ON
		"text etc/modprobe.d/b.conf install igb /bin/false\n"
		"text etc/pciferry/claims 0000:04:00.0 8086:1533 - override driver=igb\nbind 0000:04:00.0 vfio-pci",
		"-0000:04:00.0",
		{ { BECOMES, "0000:04:00.0", NULL },
			{ WARNED, "users-keep",
				"/etc/modprobe.d/b.conf:1 keeps igb from loading" } } },
	{ "and a word on the kernel command line",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX=modprobe.blacklist=nouveau\n"
		"text etc/pciferry/claims 0000:01:00.0 10de:1e84 - ids\nbind 0000:01:00.0 vfio-pci",
		"-0000:01:00.0",
		{ { WARNED, "users-keep",
			"/etc/default/grub:1 keeps nouveau from loading" } } },
	{ "without one its own driver takes it",
		DEFAULT_ON
		"text etc/modprobe.d/b.conf blacklist igb\n"
		"text etc/pciferry/claims 0000:01:00.0 10de:1e84 - ids\nbind 0000:01:00.0 vfio-pci",
		"-0000:01:00.0",
		{ { BECOMES, "0000:01:00.0", "nouveau" }, { SILENT, "users-keep" } } },
	{ "driverctl has it on another driver",
		DEFAULT_ON "text etc/driverctl.d/pci-0000:04:00.0 igb", "04:00.0",
		{ { REFUSED, "user-override",
			"driverctl unset-override 0000:04:00.0" } } },

	/* vfio-pci itself. */
	{ "part of one kernel, a module of another: a file is not enough",
		"kernel 6.2\nmodule 6.2 vfio-pci builtin\nconfig 6.2 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n" DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=8086:1533",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, " vfio-pci.ids=8086:1533\"\n" },
			{ HOLDS, MODPROBE, "softdep igb" }, { HOLDS, LOAD, "vfio-pci" },
			{ WARNED, "no-way-out", "the kernel 6.2" } } },
	{ "part of the kernel, one of twins: by address",
		NO_VFIO "module 6.1 drivers/vfio-pci builtin\n" DEFAULT_ON, "04:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "override" },
			{ HOLDS, RULES, "drivers_probe" }, { IS, LOAD, NULL },
			{ IS, DROPIN, NULL }, { SILENT, "no-way-out" } } },
	{ "blacklisted by the user",
		DEFAULT_ON "text etc/modprobe.d/a.conf blacklist vfio_pci", "01:00.0",
		{ { REFUSED, "vfio-off", "/etc/modprobe.d/a.conf:1 " } } },
	{ "blacklisted on the command line",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX=module_blacklist=foo,vfio_pci",
		"01:00.0", { { REFUSED, "vfio-off", "/etc/default/grub:1: " } } },
	{ "installed as nothing",
		DEFAULT_ON "text etc/modprobe.d/a.conf install vfio-pci /bin/false",
		"01:00.0", { { REFUSED, "vfio-off", "/etc/modprobe.d/a.conf:1: " } } },
	{ "the way out is there at every boot",
		DEFAULT_ON "text etc/default/grub GRUB_CMDLINE_LINUX=pciferry.off",
		"01:00.0", { { REFUSED, "vfio-off", "/etc/default/grub:1: " } } },

	/* Words on the command line. */
	{ "pcie_acs_override=, where the kernel reads it",
		DEFAULT_ON PATCHED
		"file etc/pciferry/claims <<E\noption pcie_acs_override=downstream,id:8086:1533\nE",
		"07:00.0",
		{ { ACCEPTED }, { WARNED, "acs-override", "the memory of the host" },
			{ HOLDS, DROPIN,
				" pcie_acs_override=downstream,id:8086:1533\"\n" },
			{ HOLDS, CLAIMS,
				"\noption pcie_acs_override=downstream,id:8086:1533\n" } } },
	{ "before any device is chosen",
		DEFAULT_ON PATCHED
		"file etc/pciferry/claims <<E\noption pcie_acs_override=downstream\nE",
		"",
		{ { ACCEPTED }, { HOLDS, DROPIN, " pcie_acs_override=downstream\"\n" },
			{ HOLDS, CLAIMS, "option pcie_acs_override=downstream\n" },
			{ IS, MODPROBE, NULL }, { IS, LOAD, NULL },
			{ RUNS, "/usr/sbin/update-grub" } } },
	{ "it goes with the last device",
		DEFAULT_ON PATCHED
		"file etc/pciferry/claims <<E\n0000:07:00.0 13f6:8788 - ids\n0000:07:01.0 104c:8024 - ids\noption pcie_acs_override=downstream\nE",
		"-0000:07:00.0", { { IS, CLAIMS, NULL }, { IS, DROPIN, NULL } } },
	{ "which the user has already",
		DEFAULT_ON PATCHED
		"file etc/pciferry/claims <<E\noption pcie_acs_override=downstream\nE\n"
		"text etc/default/grub GRUB_CMDLINE_LINUX=pcie_acs_override=downstream",
		"07:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "where it does not",
		DEFAULT_ON
		"text proc/kallsyms 0000000000000000 T pci_enable_acs\n"
		"file etc/pciferry/claims <<E\noption pcie_acs_override=downstream\nE",
		"07:00.0", { { REFUSED, "no-acs-override", "" }, { IS, DROPIN, NULL } } },
	{ "where that is not known",
		DEFAULT_ON
		"file etc/pciferry/claims <<E\noption pcie_acs_override=multifunction\nE",
		"07:00.0", { { REFUSED, "no-acs-override", "/proc/kallsyms" } } },
	{ "of the user's, where it does nothing",
		DEFAULT_ON
		"text proc/kallsyms 0000000000000000 T pci_enable_acs\n"
		"text proc/cmdline pcie_acs_override=downstream\n"
		"text etc/default/grub GRUB_CMDLINE_LINUX=pcie_acs_override=downstream",
		"07:00.0",
		{ { TOLD, "folklore", "/etc/default/grub:1: pcie_acs_override=" } } },
	{ "the boot's picture on a VGA card, Linux 6.1 lets go of it", DEFAULT_ON BOOTFB,
		"01:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL }, { SILENT, "boot-framebuffer" } } },
	{ "an older kernel does not", DEFAULT_ON BOOTFB OLD_KERNEL "dir sys/firmware/efi",
		"01:00.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, " video=efifb:off\"\n" },
			{ TOLD, "boot-framebuffer", "0000:01:00.0" } } },
	{ "nor one that was booted by a BIOS", DEFAULT_ON BOOTFB OLD_KERNEL, "01:00.0",
		{ { HOLDS, DROPIN, " video=vesafb:off\"\n" } } },
	{ "it is on another card",
		DEFAULT_ON BOOTFB OLD_KERNEL
		"file sys/bus/pci/devices/0000:01:00.0/resource <<E\n0x00000000d0000000 0x00000000dfffffff 0x000000000014220c\nE",
		"01:00.0", { { IS, DROPIN, NULL } } },
	{ "addresses that are hidden",
		DEFAULT_ON BOOTFB OLD_KERNEL
		"file proc/iomem <<E\n00000000-00000000 : BOOTFB\nE",
		"01:00.0", { { IS, DROPIN, NULL } } },
	{ "a display controller that is no VGA card, on Linux 6.1",
		DEFAULT_ON BOOTFB
		"device 0000:08:00.0 group=23 class=038000 id=1002:1586 driver=amdgpu\n"
		"file sys/bus/pci/devices/0000:08:00.0/resource <<E\n0x00000000c0000000 0x00000000cfffffff 0x000000000014220c\nE",
		"08:00.0", { { ACCEPTED }, { HOLDS, DROPIN, " video=vesafb:off\"\n" } } },
	{ "and a simple framebuffer, on which video= does not act",
		DEFAULT_ON BOOTFB OLD_KERNEL "config 5.15 CONFIG_SYSFB_SIMPLEFB=y",
		"01:00.0", { { HOLDS, DROPIN, " initcall_blacklist=sysfb_init\"\n" } } },
	{ "nor that, in a kernel of Clang's",
		DEFAULT_ON BOOTFB OLD_KERNEL
		"config 5.15 CONFIG_SYSFB_SIMPLEFB=y CONFIG_LTO_CLANG=y",
		"01:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL },
			{ WARNED, "boot-framebuffer", "No word prevents that" } } },
	{ "video= of the user's on simple framebuffers",
		DEFAULT_ON "config 6.1 CONFIG_SYSFB_SIMPLEFB=y\n"
			   "text etc/default/grub GRUB_CMDLINE_LINUX=video=efifb:off",
		"01:00.0", { { TOLD, "folklore", "/etc/default/grub:1: video=" } } },

	/* Folklore: pointed out and left. */
	{ "words that do nothing",
		DEFAULT_ON
		"file etc/default/grub <<E\n# amd_iommu=on\nGRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX=\"iommu=on amd_iommu=on\"\nGRUB_CMDLINE_LINUX_DEFAULT='quiet intel_iommu=on,pt rd.driver.pre=vfio-pci'\nE",
		"01:00.0",
		{ { ACCEPTED }, { TOLD, "folklore", "/etc/default/grub:3: iommu=on" },
			{ TOLD, "folklore", "/etc/default/grub:3: amd_iommu=on" },
			{ TOLD, "folklore", "/etc/default/grub:4: intel_iommu=on,pt" },
			{ TOLD, "folklore", "/etc/default/grub:4: rd.driver.pre" },
			{ IS, DROPIN, NULL } } },
	{ "words that do something",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX=\"iommu=pt intel_iommu=on,sm_on amd_iommu=fullflush\"",
		"01:00.0", { { SILENT, "folklore" } } },
	{ "vfio_virqfd, which this kernel lacks",
		DEFAULT_ON
		"file etc/modules <<E\nvfio\nvfio_virqfd\nE\ntext etc/initramfs-tools/modules vfio_virqfd",
		"01:00.0",
		{ { TOLD, "folklore", "/etc/modules:2: vfio_virqfd" },
			{ TOLD, "folklore", "/etc/initramfs-tools/modules:1: " },
			{ LACKS, MODPROBE, "virqfd" }, { LACKS, LOAD, "virqfd" },
			{ HOLDS, "/etc/modules", "vfio_virqfd" } } },
	{ "vfio_virqfd, which one kernel has",
		DEFAULT_ON
		"kernel 5.15\nmodule 5.15 vfio-pci\nmodule 5.15 vfio_virqfd\nkernel 6.10\nmodule 6.10 vfio-pci\ntext etc/modules vfio_virqfd",
		"01:00.0", { { SILENT, "folklore" } } },
	{ "asked to clean up: those words and no others",
		DEFAULT_ON
		"file etc/default/grub <<E\n# amd_iommu=on\nGRUB_CMDLINE_LINUX=iommu=on\nGRUB_CMDLINE_LINUX_DEFAULT=\"amd_iommu=on quiet  amd_iommu=on iommu=pt\"\nX='xamd_iommu=on y'\nE",
		"clean",
		{ { ACCEPTED },
			{ IS, "/etc/default/grub",
				"# amd_iommu=on\nGRUB_CMDLINE_LINUX=\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet  iommu=pt\"\nX='xamd_iommu=on y'\n" },
			{ TOLD, "folklore", "It is taken out." },
			{ RUNS, "/usr/sbin/update-grub" } } },
	{ "but not what another system boots with",
		DEFAULT_ON
		"file etc/default/grub <<E\nGRUB_CMDLINE_LINUX=\"iommu=on root=/dev/sda1\"\nA=\"root=/dev/sda10 iommu=on\"\nB=\"iommu=on root=LABEL=x\"\nE",
		"clean",
		{ { IS, "/etc/default/grub",
			"GRUB_CMDLINE_LINUX=\"root=/dev/sda1\"\nA=\"root=/dev/sda10 iommu=on\"\nB=\"iommu=on root=LABEL=x\"\n" } } },
	{ "and lines of lists, with what we put there ourselves",
		DEFAULT_ON
		"file etc/modules no-newline <<E\nvfio_virqfd\nloop\noptions vfio-pci ids=1:1\nE\n"
		"file etc/initramfs-tools/modules no-newline <<E\n# mine\nvfio_virqfd\nsoftdep a pre: b\nE",
		"07:00.0 clean",
		{ { ACCEPTED }, { IS, "/etc/modules", "loop\n" },
			{ HOLDS, MODULES, "# mine\n" }, { LACKS, MODULES, "virqfd" },
			{ LACKS, MODULES, "softdep" },
			{ HOLDS, MODULES, "\nvfio-pci\n" } } },
	{ "in a list that has two names",
		DEFAULT_ON
		"text etc/modules vfio_virqfd\nlink etc/modules-load.d/modules.conf -> ../modules",
		"clean",
		{ { IS, "/etc/modules", "" }, { RUNS, "" },
			{ IS, "/etc/modules-load.d/modules.conf", "vfio_virqfd\n" } } },
	{ "not asked: nothing",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX=iommu=on\ntext etc/modules vfio_virqfd",
		"", { { EMPTY }, { TOLD, "folklore", "It is left as it is." } } },
	{ "an alias of the user's",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf alias pci:v000010DEd00001E84sv*sd*bc*sc*i* vfio-pci",
		"01:00.0",
		{ { ACCEPTED }, { TOLD, "user-alias", "0000:01:00.0" },
			{ HOLDS, MODPROBE, "ids=10de:1e84" } } },
	{ "arguments that systemd does not take",
		DEFAULT_ON "text etc/modules vfio_pci ids=10de:1e84", "01:00.0",
		{ { WARNED, "module-arguments", "/etc/modules:1: " } } },

	{ "a file that is read by nothing",
		DEFAULT_ON "text etc/modprobe.d/vfio options vfio-pci ids=13f6:8788\n"
			   "text etc/modprobe.d/old.conf.bak x",
		"07:00.0",
		{ { TOLD, "not-read", "/etc/modprobe.d/vfio is read by nothing" },
			{ HOLDS, MODPROBE, "ids=13f6:8788,104c:8024" } } },
	{ "a link to nothing, and a kmod that is not known",
		DEFAULT_ON
		"link etc/modprobe.d/a.conf -> nowhere\n"
		"text usr/lib/modprobe.d/a.conf options vfio-pci ids=13f6:8788",
		"01:00.0",
		{ { WARNED, "doubtful-config",
			  "/etc/modprobe.d/a.conf is a link to nothing: kmod from 34 on passes over it, "
			  "with older ones it may mask /usr/lib/modprobe.d/a.conf, " },
			{ HOLDS, MODPROBE, "ids=10de:1e84,10de:10f8" } } },
	{ "a link to nothing, and kmod 34",
		DEFAULT_ON
		"link usr/lib64/libkmod.so.2 -> libkmod.so.2.5.1\n"
		"link etc/modprobe.d/a.conf -> nowhere\n"
		"text usr/lib/modprobe.d/a.conf options vfio-pci ids=13f6:8788",
		"01:00.0",
		{ { REFUSED, "collateral", "0000:07:00.0" },
			{ HOLDS, MODPROBE, "ids=13f6:8788,10de:1e84" } } },

	/* Twins. */
	{ "three, of which one stays",
		DEFAULT_ON
		"device 0000:08:00.0 group=23 class=020000 id=8086:1533 driver=igb",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "override" },
			{ METHOD, "0000:05:00.0", "override" },
			{ BECOMES, "0000:08:00.0", "igb" } } },
	{ "that differ by their subsystem, as ids",
		DEFAULT_ON
		"device 0000:08:00.0 group=23 class=020000 id=8086:10d3 sub=8086:0001 driver=igb\n"
		"device 0000:09:00.0 group=24 class=020000 id=8086:10d3 sub=1462:3362 driver=igb",
		"method=ids 09:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=8086:10d3:1462:3362\n" },
			{ BECOMES, "0000:08:00.0", "igb" },
			{ BECOMES, "0000:09:00.0", "vfio-pci" } } },
	{ "of which both go: the plain ID",
		DEFAULT_ON
		"device 0000:08:00.0 group=23 class=020000 id=8086:10d3 sub=8086:0001 driver=igb\n"
		"device 0000:09:00.0 group=24 class=020000 id=8086:10d3 sub=1462:3362 driver=igb",
		"method=ids 08:00.0 09:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=8086:10d3\n" } } },
};

static void test_rows(void **state)
{
	(void)state;
	check_rows(rows, ARRAY_SIZE(rows));
}

#define NOBODY "(null)\n" /* driver_override of a device that has none */
#define OLD_DRIVER "sys/bus/pci/drivers/r8169"
#define DEVICE "sys/bus/pci/devices/0000:06:00.0"

/* The script that the plan writes, with the test's tree in place of /sys and /proc. */
static void run_early_script(const char *lines)
{
	autohost struct host *host = tree_scan();
	autoplan struct plan *plan = make_plan(host, "06:00.0");
	autobuf struct buf script = { 0 };
	autofree char *command = NULL;

	for (const char *at = plan_text(host, plan, EARLY); *at; at++) {
		if (after_prefix(at, "/sys/") || after_prefix(at, "/proc/"))
			buf_puts(&script, tree);
		buf_add(&script, at, 1);
	}
	tree_expand(lines); /* since the plan was made */
	tree_put("early.sh", script.s);
	tree_symlink("bin/modprobe", "/bin/true");
	assert_true(
		asprintf(&command, "PATH=%s/bin:$PATH sh %s/early.sh", tree, tree) >= 0);
	assert_int_equal(system(command), 0);
}

/* A file that even its owner, where that is not root, cannot read, as sysfs has them. */
static char *get_write_only(const char *path)
{
	autofree char *full = tree_path(path);

	assert_int_equal(chmod(full, 0600), 0);
	return tree_get(path);
}

/* A device moved to this address, or the way out: then it touches nothing. */
static void test_early_script(void **state)
{
	static const struct {
		const char *what, *lines, *override, *unbind;
	} cases[] = {
		{ "taken", "", "vfio-pci\n", "0000:06:00.0\n" },
		{ "another vendor", "text " DEVICE "/vendor 0x10de", NOBODY, "" },
		{ "another device", "text " DEVICE "/device 0x8169", NOBODY, "" },
		{ "gone", "remove " DEVICE "/vendor", NOBODY, "" },
		{ "the way out", "text proc/cmdline quiet pciferry.off ro", NOBODY, "" },
		{ "the way out, with a value", "text proc/cmdline pciferry.off=1", NOBODY,
			"" },
		{ "vfio-pci refuses it: back", "remove " DEVICE "/driver", "\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *override = NULL, *unbind = NULL;

		make_host(DEFAULT_ON);
		run_early_script(cases[i].lines);
		override = tree_get(DEVICE "/driver_override");
		unbind = get_write_only(OLD_DRIVER "/unbind");
		check_text(cases[i].what, override, cases[i].override);
		check_text(cases[i].what, unbind, cases[i].unbind);
	}
}

/* Entries of ids= as the kernel reads them, against one device. */
static void test_id_entries(void **state)
{
	static const struct device d = { .vendor = 0x10de,
		.device = 0x1b80,
		.subvendor = 0x1462,
		.subdevice = 0x3362,
		.class = 0x030000 };
	static const struct {
		const char *entry;
		bool valid, names;
	} entries[] = {
		{ "10de:1b80", true, true },
		{ "10DE:1B80", true, true },
		{ "0x10de:0x1b80", true, true },
		{ " 10de: 1b80", true, true },
		{ "10de:1b80:1462:3362", true, true },
		{ "10de:1b80:1462", true, true },
		{ "10de:1b80:1462:0001", true, false },
		{ "10de:1b80:0:0", true, false },
		{ "10de:ffffffff", true, true },
		{ "10de:1b80:ffffffff:ffffffff:030000:ffffff", true, true },
		{ "10de:1b80:ffffffff:ffffffff:040000:ff0000", true, false },
		{ "10de:1b80:ffffffff:ffffffff:040000", true, true },
		{ "10de:1b81", true, false },
		{ "10de", false, false },
		{ "10de:", false, false },
		{ ":1b80", false, false },
		{ "", false, false },
		{ "ids", false, false },
		{ "10de-1b80", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		check_number(
			entries[i].entry, id_valid(entries[i].entry), entries[i].valid);
		check_number(entries[i].entry, id_names(entries[i].entry, &d),
			entries[i].names);
	}
}

/* An undo of claims: the steps alone say what is released. */
static void test_undo_keeps(void **state)
{
	static const struct {
		const char *lines, *says; /* NULL: nothing */
	} cases[] = {
		{ "text etc/modprobe.d/b.conf blacklist nouveau",
			"/etc/modprobe.d/b.conf:1 keeps nouveau from loading" },
		{ "text etc/modprobe.d/b.conf options vfio-pci ids=10de:1e84",
			"/etc/modprobe.d/b.conf:1 gives it to vfio-pci too" },
		{ "text etc/modprobe.d/b.conf blacklist igb", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct change change = { .path = (char *)CLAIMS };
		CLEANUP(steps_done) struct steps steps = { 0 };
		autohost struct host *host = NULL;
		autostrv char **kept = NULL, **none = NULL;
		autofree char *lines = NULL;

		assert_true(
			asprintf(&lines, DEFAULT_ON "%s\n%s", cases[i].lines,
				"text etc/pciferry/claims 0000:01:00.0 10de:1e84 - ids\n"
				"bind 0000:01:00.0 vfio-pci") > 0);
		make_host(lines);
		host = tree_scan();
		none = plan_users_keep(host, &steps);
		check_text(cases[i].lines, none ? none[0] : NULL, NULL);
		steps_add_change(&steps, &change);
		kept = plan_users_keep(host, &steps);
		if (cases[i].says)
			check_holds(cases[i].lines, kept ? kept[0] : NULL, cases[i].says);
		else
			check_text(cases[i].lines, kept ? kept[0] : NULL, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_early_script),
		TEST(test_id_entries),
		TEST(test_undo_keeps),
	};

	return RUN(tests);
}

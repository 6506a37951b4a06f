// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans: for a host and a wish, which files, words, commands and findings come out. */
#include "rows.h"
#include "core/facts/facts.h"
#include "core/plan/request.h"

/* A default route and an address; an SSH server at boot. */
#define NET                                                                               \
	"net eth0 0000:04:00.0\n"                                                         \
	"file proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE\n"  \
	"file proc/net/fib_trie <<E\nLocal:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n" \
	"        /32 host LOCAL\n     |-- 192.0.2.2\n        /32 host LOCAL\nE\n"
#define SSH                                                                              \
	"link etc/systemd/system/multi-user.target.wants/ssh.service -> "                \
	"/usr/lib/systemd/system/ssh.service\n"

static const struct row rows[] = {
	/* As live-boot has it, after the switch of the root. */
	{ "what is in memory is refused",
		"file proc/self/mountinfo <<E\n28 1 0:30 / / rw - overlay overlay rw,lowerdir=/run/live/a,upperdir=/run/live/overlay/rw,workdir=/w\n41 28 0:23 / /run rw - tmpfs tmpfs rw\nE\n",
		"01:00.0",
		{ { REFUSED, "not-lasting",
			"What is written below / is gone after a reboot: it is an overlay whose upper layer /run/live/overlay/rw is below /run, a tmpfs" } } },
	/* As Fedora had it up to 33; Debian's leads to /boot/grub. */
	{ "a whole menu on the ESP",
		DEFAULT_OFF
		"dir sys/firmware/efi\nfile boot/efi/EFI/fedora/grub.cfg <<E\nmenuentry 'Linux' {\n linux /vmlinuz-6.1 root=/dev/sda1 ro\n}\nE\n",
		"01:00.0",
		{ { REFUSED, "grub-config",
			"/boot/efi/EFI/fedora/grub.cfg is a whole menu" } } },
	{ "a menu on the ESP that leads to GRUB's",
		DEFAULT_OFF
		"dir sys/firmware/efi\ntext boot/efi/EFI/debian/grub.cfg configfile $prefix/grub.cfg\n",
		"01:00.0", { { ACCEPTED } } },
	{ "a whole menu of another system's",
		DEFAULT_OFF
		"dir sys/firmware/efi\nfile boot/efi/EFI/other/grub.cfg <<E\nmenuentry 'Linux' {\n linux /vmlinuz root=/dev/sdb7 ro\n}\nE\n",
		"01:00.0", { { ACCEPTED } } },
	{ "/boot is not mounted: images would be made below it",
		"file proc/self/mountinfo <<E\n28 1 8:2 / / rw - ext4 /dev/sda2 rw\nE\ntext etc/fstab UUID=1 /boot ext4 noauto 0 0\n",
		"01:00.0",
		{ { REFUSED, "not-lasting",
			"/etc/fstab:1 has /boot on UUID=1, which is not mounted" } } },
	{ "/boot is mounted",
		"file proc/self/mountinfo <<E\n28 1 8:2 / / rw - ext4 /dev/sda2 rw\n29 28 8:1 / /boot rw - ext4 /dev/sda1 rw\nE\ntext etc/fstab UUID=1 /boot ext4 noauto 0 0\n",
		"01:00.0", { { SILENT, "not-lasting" } } },
	{ "a card of four functions: every ID, every module", DEFAULT_ON, "01:00.0",
		{ { ACCEPTED },
			{ HOLDS, MODPROBE,
				"options vfio-pci ids=10de:1e84,10de:10f8,10de:1ad8,10de:1ad9\n" },
			{ HOLDS, MODPROBE,
				"softdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\nsoftdep xhci_pci pre: vfio-pci\n" },
			{ IS, CLAIMS,
				"# PCI devices handed to vfio-pci at boot, kept by pciferry(8).\n"
				"# A line is: address, vendor:device, subsystem, method, the driver before.\n"
				"# After a change by hand run: pciferry apply\n"
				"0000:01:00.0 10de:1e84 10de:139f ids driver=nouveau\n"
				"0000:01:00.1 10de:10f8 0000:0000 ids driver=snd_hda_intel\n"
				"0000:01:00.2 10de:1ad8 0000:0000 ids driver=xhci_hcd\n"
				"0000:01:00.3 10de:1ad9 0000:0000 ids driver=-\n" },
			{ HOLDS, MODULES, "# comment\n" },
			{ HOLDS, MODULES, "\nvfio-pci\n" },
			{ HOLDS, LOAD, "\nvfio-pci\n" }, { IS, DROPIN, NULL },
			{ IS, RULES, NULL },
			{ RUNS, "/usr/sbin/update-initramfs -u -k all" } } },
	{ "the other functions come along, whichever is named", DEFAULT_ON, "01:00.3",
		{ { METHOD, "0000:01:00.0", "ids" },
			{ METHOD, "0000:01:00.2", "ids" } } },
	{ "what was said of it comes true", DEFAULT_ON, "01:00.0",
		{ { BECOMES, "0000:01:00.0", "vfio-pci" },
			{ BECOMES, "0000:01:00.3", "vfio-pci" },
			{ BECOMES, "0000:04:00.0", "igb" },
			{ BECOMES, "0000:00:02.0", "i915" } } },
	{ "a shared group goes as a whole", DEFAULT_ON, "07:01.0",
		{ { ACCEPTED }, { METHOD, "0000:07:00.0", "ids" },
			{ METHOD, "0000:07:01.0", "ids" } } },

	/* Methods. */
	{ "one of twins: by address", DEFAULT_ON, "04:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "override" },
			{ HOLDS, RULES,
				"KERNEL==\"0000:04:00.0\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x1533\", TEST==\"iommu_group\", ATTR{driver_override}=\"vfio-pci\"\n" },
			{ HOLDS, RULES, "IMPORT{cmdline}=\"pciferry.off\"\n" },
			{ INSIDE, "rules.d/10-pciferry.rules" },
			{ INSIDE, "vfio-pci.ko" }, { LACKS, MODPROBE, "ids=" },
			{ BECOMES, "0000:04:00.0", "vfio-pci" },
			{ BECOMES, "0000:05:00.0", "igb" },
			{ HOLDS, LOAD, "vfio-pci" } } },
	{ "both twins: by ID, once", DEFAULT_ON, "04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "ids" },
			{ HOLDS, MODPROBE, "ids=8086:1533\n" },
			{ HOLDS, MODPROBE, "softdep igb pre: vfio-pci\n" } } },
	{ "ids for one of twins is refused", DEFAULT_ON, "method=ids 04:00.0",
		{ { REFUSED, "method-unfit",
			"0000:05:00.0 has the same ID 8086:1533" } } },
	{ "a driver of the kernel: taken away early", DEFAULT_ON, "06:00.0",
		{ { ACCEPTED }, { METHOD, "0000:06:00.0", "override" },
			{ HOLDS, EARLY, "take 0000:06:00.0 0x10ec 0x8168\n" },
			{ HOLDS, RULES, "0000:06:00.0" } } },
	{ "ids for a driver of the kernel is refused", DEFAULT_ON, "method=ids 06:00.0",
		{ { REFUSED, "method-unfit", "r8169 is part of the kernel" } } },
	{ "an install line for the module: by address",
		DEFAULT_ON "text etc/modprobe.d/x.conf install igb /bin/false",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { METHOD, "0000:04:00.0", "override" },
			{ LACKS, MODPROBE, "softdep igb" } } },
	{ "and the file with that line is named",
		DEFAULT_ON "text etc/modprobe.d/x.conf install igb /bin/false",
		"method=ids 04:00.0 05:00.0",
		{ { REFUSED, "method-unfit", "/etc/modprobe.d/x.conf:1 " } } },
	{ "override, as asked for", DEFAULT_ON, "method=override 01:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "options" },
			{ HOLDS, RULES, "0000:01:00.3" } } },
	{ "alias, as asked for", DEFAULT_ON, "method=alias 07:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "\nalias pci:v000013F6d00008788" },
			{ HOLDS, MODPROBE, "ids=13f6:8788" } } },
	{ "blacklist of what another needs is refused", DEFAULT_ON,
		"method=blacklist 04:00.0",
		{ { REFUSED, "method-unfit", "0000:05:00.0" } } },
	{ "blacklist, where nothing else needs it", DEFAULT_ON,
		"method=blacklist 04:00.0 05:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "\nblacklist igb\n" },
			{ HOLDS, MODPROBE, "ids=8086:1533" } } },
	{ "a method that is none",
		DEFAULT_ON "text etc/pciferry/claims 0000:04:00.0 8086:1533 - magic", "",
		{ { REFUSED, "unknown-method", "magic" } } },

	/* The kernel command line: what this host needs, and no more. */
	{ "Intel, off by default", DEFAULT_OFF, "01:00.0",
		{ { ACCEPTED },
			{ HOLDS, DROPIN,
				"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on\"\n" },
			{ RUNS, "/usr/sbin/update-initramfs -u -k all; /usr/sbin/update-grub" } } },
	{ "one of two kernels needs it",
		"kernel 5.10\nmodule 5.10 vfio-pci\nconfig 5.10 CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n" DEFAULT_ON,
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, " intel_iommu=on\"\n" } } },
	{ "Intel, on but for the integrated GPU", INTGPU_OFF, "01:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "and that is the one", INTGPU_OFF, "00:02.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, " intel_iommu=on\"\n" } } },
	{ "the user has it already",
		DEFAULT_OFF
		"text etc/default/grub GRUB_CMDLINE_LINUX=\"intel_iommu=on,sm_on\"",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "in a drop-in",
		DEFAULT_OFF
		"text etc/default/grub.d/50.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on\"",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "AMD: nothing", AMD DEFAULT_OFF, "01:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "iommu=pt, as asked for", AMD DEFAULT_OFF, "01:00.0 iommu=pt",
		{ { ACCEPTED },
			{ HOLDS, DROPIN, "\"$GRUB_CMDLINE_LINUX_DEFAULT iommu=pt\"\n" },
			{ HOLDS, CLAIMS, "option iommu=pt\n" } } },
	{ "iommu=pt, there already",
		AMD DEFAULT_OFF "text etc/default/grub GRUB_CMDLINE_LINUX=iommu=pt",
		"01:00.0 iommu=pt", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "no configuration of the kernel, the IOMMU is on by itself", "", "01:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "no configuration of the kernel, the IOMMU is on by a word",
		"text proc/cmdline intel_iommu=on", "01:00.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "igfx_off and the integrated GPU",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX=intel_iommu=igfx_off",
		"00:02.0", { { REFUSED, "igfx-off", "take igfx_off out" } } },
	{ "vfio-pci is part of a kernel",
		"kernel 6.2\nmodule 6.2 vfio-pci builtin\n" DEFAULT_ON
		"config 6.2 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, " vfio-pci.ids=8086:1533\"\n" } } },

	/* What dooms a plan: check says the same. */
	{ "Xen's dom0", DEFAULT_ON "text proc/xen/capabilities control_d", "01:00.0",
		{ { REFUSED, "platform", "xen-pciback" } } },
	{ "a container", DEFAULT_ON "text run/.containerenv x", "01:00.0",
		{ { REFUSED, "platform", "Run pciferry on the host." } } },
	{ "a virtual machine without an IOMMU",
		DEFAULT_OFF NO_GROUPS
		"file proc/cpuinfo <<E\nvendor_id : GenuineIntel\nflags : vmx hypervisor\nE\n"
		"hex sys/firmware/acpi/tables/FACP 44",
		"01:00.0", { { REFUSED, "iommu-off", "give it a virtual IOMMU" } } },
	{ "vfio's denylist",
		DEFAULT_ON "device 0000:0a:00.0 group=40 class=0b4000 id=8086:37c8",
		"0a:00.0",
		{ { REFUSED, "denylist",
			"0000:0a:00.0 (8086:37c8) is on the denylist" } } },
	{ "vfio's denylist, a virtual function's ID",
		DEFAULT_ON "device 0000:0a:01.0 group=40 class=0b4000 id=8086:37c9",
		"0a:01.0", { { REFUSED, "denylist", "disable_denylist=1" } } },
	{ "vfio's denylist, switched off",
		DEFAULT_ON
		"device 0000:0a:00.0 group=40 class=0b4000 id=8086:37c8\n"
		"text etc/modprobe.d/qat.conf options vfio_pci disable_denylist=Y",
		"0a:00.0", { { ACCEPTED } } },
	{ "vfio's denylist, switched off on the command line",
		DEFAULT_ON
		"device 0000:0a:00.0 group=40 class=0b4000 id=8086:37c8\n"
		"text etc/default/grub GRUB_CMDLINE_LINUX=vfio_pci.disable_denylist",
		"0a:00.0", { { ACCEPTED } } },
	{ "vfio's denylist, of a later kernel",
		DEFAULT_ON "device 0000:0a:00.0 group=40 class=088000 id=8086:0b25",
		"0a:00.0", { { WARNED, "denylist", "may be on the denylist" } } },

	/* The IOMMU is off. */
	{ "Intel, the word is missing: two steps",
		DEFAULT_OFF NO_GROUPS "hex sys/firmware/acpi/tables/DMAR 44", "01:00.0",
		{ { ACCEPTED }, { WARNED, "two-steps", "step one of two" },
			{ HOLDS, DROPIN, "intel_iommu=on" },
			{ HOLDS, CLAIMS, "0000:01:00.0" }, { IS, MODPROBE, NULL },
			{ IS, LOAD, NULL }, { IS, RULES, NULL },
			{ BECOMES, "0000:01:00.0", "nouveau" },
			{ RUNS, "/usr/sbin/update-grub" } } },
	{ "Intel, firmware offers none",
		DEFAULT_OFF NO_GROUPS "hex sys/firmware/acpi/tables/FACP 44", "01:00.0",
		{ { REFUSED, "iommu-off", "VT-d" } } },
	{ "Intel, on by default, yet off",
		DEFAULT_ON NO_GROUPS "hex sys/firmware/acpi/tables/DMAR 44", "01:00.0",
		{ { REFUSED, "iommu-off", "VT-d" } } },
	{ "AMD", AMD NO_GROUPS "hex sys/firmware/acpi/tables/FACP 44", "01:00.0",
		{ { REFUSED, "iommu-off", "AMD-Vi" } } },
	{ "amd_iommu=off",
		AMD NO_GROUPS "text etc/default/grub GRUB_CMDLINE_LINUX=amd_iommu=off",
		"01:00.0",
		{ { REFUSED, "iommu-off",
			"Plan to take amd_iommu=off out of the files of GRUB (pciferry apply --iommu-on" } } },
	{ "amd_iommu=off, where no file can be edited",
		AMD NO_GROUPS "text proc/cmdline amd_iommu=off\nremove boot/grub\n"
			      "remove usr/sbin/grub-mkconfig",
		"01:00.0",
		{ { REFUSED, "iommu-off",
			"Take amd_iommu=off out of the kernel command line, and reboot." } } },
	{ "intel_iommu=off",
		DEFAULT_OFF NO_GROUPS
		"text etc/default/grub GRUB_CMDLINE_LINUX=intel_iommu=off",
		"01:00.0",
		{ { REFUSED, "iommu-off",
			"intel_iommu=off keeps it off at the next boot" } } },
	{ "iommu=off in the running kernel only: gone with the next boot",
		DEFAULT_ON NO_GROUPS
		"text proc/cmdline iommu=off\nhex sys/firmware/acpi/tables/DMAR 44",
		"01:00.0",
		{ { ACCEPTED }, { WARNED, "two-steps", "step one of two" },
			{ BECOMES, "0000:01:00.0", "nouveau" }, { IS, DROPIN, NULL },
			{ HOLDS, CLAIMS, "0000:01:00.0" } } },

	/* The user's own ids=. */
	{ "in a file before ours",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=1234:5678,8086:1533 disable_vga=1",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "ids=" },
			{ HOLDS, MODPROBE, "softdep igb pre: vfio-pci\n" },
			{ IS, DROPIN, NULL },
			{ TOLD, "ids-there", "/etc/modprobe.d/a.conf:1 " } } },
	{ "in a file before ours, which lacks some",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=1234:5678 disable_vga=1",
		"04:00.0 05:00.0",
		{ { ACCEPTED }, { HOLDS, MODPROBE, "ids=1234:5678,8086:1533\n" },
			{ IS, DROPIN, NULL },
			{ TOLD, "ids-merged", "/etc/modprobe.d/a.conf:1 " } } },
	{ "in a file after ours: the list goes where it wins",
		DEFAULT_ON "text etc/modprobe.d/vfio.conf options vfio-pci ids=1234:5678",
		"04:00.0 05:00.0",
		{ { ACCEPTED },
			{ TOLD, "ids-on-cmdline", "/etc/modprobe.d/vfio.conf:1 " },
			{ HOLDS, DROPIN, " vfio-pci.ids=1234:5678,8086:1533\"\n" } } },
	{ "on the command line",
		DEFAULT_ON
		"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=vfio_pci.ids=1234:5678",
		"04:00.0 05:00.0",
		{ { ACCEPTED },
			{ HOLDS, DROPIN, " vfio-pci.ids=1234:5678,8086:1533\"\n" } } },
	{ "in two files, of which one counts",
		DEFAULT_ON
		"text etc/modprobe.d/a.conf options vfio-pci ids=1111:1111\ntext etc/modprobe.d/b.conf options vfio-pci ids=2222:2222",
		"04:00.0 05:00.0",
		{ { WARNED, "ids-ignored", "/etc/modprobe.d/a.conf:1: ids=1111:1111" },
			{ HOLDS, MODPROBE, "ids=2222:2222,8086:1533\n" } } },
	{ "that name a device nobody chose",
		DEFAULT_ON "text etc/modprobe.d/a.conf options vfio-pci ids=13f6:8788",
		"04:00.0 05:00.0",
		{ { REFUSED, "collateral", "0000:07:00.0 was not chosen" } } },
	{ "no ids= of ours: the user's is left alone",
		DEFAULT_ON "text etc/modprobe.d/vfio.conf options vfio-pci ids=1234:5678",
		"04:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL }, { IS, MODPROBE, NULL } } },
	{ "vfio-pci is loaded by the user's file", DEFAULT_ON "text etc/modules vfio_pci",
		"01:00.0", { { ACCEPTED }, { IS, LOAD, NULL } } },
	{ "and in the initramfs", DEFAULT_ON "text etc/initramfs-tools/modules vfio_pci",
		"01:00.0", { { ACCEPTED }, { IS, MODULES, "vfio_pci\n" } } },

	/* What the host cannot lose, and what cannot go. */
	{ "a lifeline",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE",
		"04:00.0",
		{ { REFUSED, "lifeline:network", "0000:04:00.0: the default route" } } },
	{ "accepted by its name",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE",
		"04:00.0 accept=network",
		{ { ACCEPTED }, { WARNED, "lifeline:network", "accepted" } } },
	{ "accepted by another name",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE",
		"04:00.0 accept=disk", { { REFUSED, "lifeline:network", "" } } },
	{ "what was accepted is kept with the claim",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE",
		"04:00.0 accept=network",
		{ { HOLDS, CLAIMS,
			"0000:04:00.0 8086:1533 0000:0000 override driver=igb accept=network\n" } } },
	{ "accepted in an earlier plan",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE\ntext etc/pciferry/claims 0000:04:00.0 8086:1533 0000:0000 override accept=network",
		"", { { ACCEPTED }, { WARNED, "lifeline:network", "accepted" } } },
	{ "claimed earlier, and needed by the host since",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE\ntext etc/pciferry/claims 0000:04:00.0 8086:1533 0000:0000 override accept=disk",
		"", { { REFUSED, "lifeline:network", "accept it" } } },
	{ "accepted for the device that was there before",
		DEFAULT_ON
		"net eth0 0000:04:00.0\nfile proc/net/route <<E\nIface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\nE\ntext etc/pciferry/claims 0000:04:00.0 10de:1e84 - override accept=network",
		"04:00.0", { { REFUSED, "lifeline:network", "accept it" } } },
	{ "a group that holds more than was chosen, of another slot",
		DEFAULT_ON "text etc/pciferry/claims 0000:07:00.0 13f6:8788 - override",
		"",
		{ { REFUSED, "collateral", "0000:07:01.0 was not chosen" },
			{ METHOD, "0000:07:01.0", "ids" } } },
	{ "that is accepted",
		DEFAULT_ON "text etc/pciferry/claims 0000:07:00.0 13f6:8788 - override",
		"accept=collateral",
		{ { ACCEPTED }, { WARNED, "collateral", "as accepted" } } },
	{ "or chosen as well",
		DEFAULT_ON "text etc/pciferry/claims 0000:07:00.0 13f6:8788 - override",
		"07:01.0", { { ACCEPTED }, { SILENT, "collateral", NULL } } },
	{ "a group that holds more than was chosen, of the same slot",
		DEFAULT_ON
		"text etc/pciferry/claims 0000:01:00.0 10de:1e84 10de:139f ids",
		"",
		{ { ACCEPTED },
			{ WARNED, "group-member", "0000:01:00.3 was not chosen" } } },
	/* The last screen goes. */
	{ "a screen is left", DEFAULT_ON, "01:00.0",
		{ { ACCEPTED }, { SILENT, "console-dark", NULL } } },
	{ "none is left, and no way in", DEFAULT_ON NET, "00:02.0 01:00.0",
		{ { REFUSED, "lifeline:console", "nothing starts an SSH server" } } },
	{ "none is left, but a way in over the network", DEFAULT_ON NET SSH,
		"00:02.0 01:00.0",
		{ { ACCEPTED },
			{ WARNED, "console-dark",
				"(/etc/systemd/system/multi-user.target.wants/ssh.service); the host's address is 192.0.2.2." } } },
	{ "the server is masked",
		DEFAULT_ON NET SSH "link etc/systemd/system/ssh.service -> /dev/null\n",
		"00:02.0 01:00.0",
		{ { REFUSED, "lifeline:console", "nothing starts an SSH server" } } },
	{ "the server is started by OpenRC",
		DEFAULT_ON NET "link etc/runlevels/default/sshd -> /etc/init.d/sshd\n",
		"00:02.0 01:00.0",
		{ { WARNED, "console-dark", "(/etc/runlevels/default/sshd)" } } },
	{ "by sysvinit",
		DEFAULT_ON NET "link etc/rc2.d/S01dropbear -> ../init.d/dropbear\n",
		"00:02.0 01:00.0",
		{ { WARNED, "console-dark", "(/etc/rc2.d/S01dropbear)" } } },
	{ "no address",
		DEFAULT_ON SSH
		"text proc/net/route Iface\ntext proc/net/fib_trie Main:\n",
		"00:02.0 01:00.0", { { REFUSED, "lifeline:console", "no address" } } },
	{ "an address of IPv6 only",
		DEFAULT_ON SSH
		"text proc/net/route Iface\ntext proc/net/fib_trie Main:\n"
		"text proc/net/if_inet6 20010db8000000000000000000000005 02 40 00 80 eth0\n",
		"00:02.0 01:00.0",
		{ { WARNED, "console-dark", "address is 2001:db8::5" } } },
	{ "the network card goes as well", DEFAULT_ON NET SSH,
		"00:02.0 01:00.0 04:00.0 accept=network",
		{ { REFUSED, "lifeline:console", "card that it is reached by goes" } } },
	{ "a serial console is left",
		DEFAULT_ON
		"text proc/cmdline root=/dev/sda1 console=tty0 console=ttyS0,115200\n",
		"00:02.0 01:00.0",
		{ { ACCEPTED }, { WARNED, "console-dark", "console=ttyS0,115200" } } },
	{ "accepted, and kept with the claim", DEFAULT_ON NET,
		"00:02.0 01:00.0 accept=console",
		{ { ACCEPTED }, { WARNED, "lifeline:console", "Accepted" },
			{ HOLDS, CLAIMS, " accept=console\n" } } },
	{ "a reserved region",
		DEFAULT_ON "group 19 region=\"0x6c000000 0x703fffff direct\"", "04:00.0",
		{ { REFUSED, "group-blocked", "direct" } } },
	{ "no vfio-pci in the only kernel", DEFAULT_ON NO_VFIO, "01:00.0",
		{ { REFUSED, "no-vfio", "6.1" } } },
	{ "no vfio-pci in one of two", DEFAULT_ON "kernel 6.2\nmodule 6.2 nouveau\n",
		"01:00.0",
		{ { ACCEPTED }, { WARNED, "no-vfio", "the kernel 6.2:" },
			{ BECOMES, "0000:01:00.0", "nouveau" } } },
	{ "no kernel is known", NO_KERNEL, "01:00.0",
		{ { ACCEPTED }, { WARNED, "unknown-kernel", "/lib/modules" } } },
	{ "no loader, and a word is needed", DEFAULT_OFF "remove boot/grub", "01:00.0",
		{ { REFUSED, "unknown-loader", "intel_iommu=on" } } },
	{ "no loader, and none is needed", DEFAULT_ON "remove boot/grub", "01:00.0",
		{ { ACCEPTED } } },
	{ "grub-mkconfig that reads no drop-ins",
		DEFAULT_OFF "text usr/sbin/grub-mkconfig x", "01:00.0",
		{ { ACCEPTED }, { IS, DROPIN, NULL },
			{ HOLDS, "/etc/default/grub",
				"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n" } } },
	{ "another program owns the command line",
		DEFAULT_OFF "text etc/kernel/proxmox-boot-uuids x", "01:00.0",
		{ { REFUSED, "unknown-loader", "intel_iommu=on" } } },
	{ "no initramfs generator",
		DEFAULT_ON
		"remove usr/sbin/update-initramfs\ntext boot/initramfs-genkernel x",
		"01:00.0", { { REFUSED, "unknown-initramfs", "initramfs" } } },
	{ "a claimed device is gone",
		DEFAULT_ON "text etc/pciferry/claims 0000:09:00.0 1234:5678 - ids", "",
		{ { ACCEPTED }, { WARNED, "device-gone", "0000:09:00.0 (1234:5678)" },
			{ HOLDS, CLAIMS, "0000:09:00.0" } } },
	{ "another device is at its address",
		DEFAULT_ON "text etc/pciferry/claims 0000:04:00.0 10de:1e84 - override",
		"",
		{ { ACCEPTED }, { WARNED, "device-gone", "0000:04:00.0" },
			{ IS, RULES, NULL } } },

	/* /etc/default/grub as people have it. */
	{ "a drop-in after ours that keeps the words",
		DEFAULT_OFF
		"text etc/default/grub.d/zzz.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT splash\"",
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "one that drops them",
		DEFAULT_OFF
		"text etc/default/grub.d/zzz.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
		"01:00.0", { { REFUSED, "grub-config", "/etc/default/grub.d/" } } },
	{ "one before ours may set what it likes",
		DEFAULT_OFF
		"text etc/default/grub.d/50.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "10 comes before 9",
		DEFAULT_OFF
		"text etc/default/grub.d/9.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
		"text etc/default/grub.d/10.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"",
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "no file", DEFAULT_OFF "remove etc/default/grub", "01:00.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "an empty file", DEFAULT_OFF "file etc/default/grub <<E\nE", "01:00.0",
		{ { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "no such variable", DEFAULT_OFF "text etc/default/grub GRUB_DEFAULT=0",
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "two of them: the last counts",
		DEFAULT_OFF
		"file etc/default/grub <<E\nGRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nE",
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },
	{ "single quotes",
		DEFAULT_OFF
		"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT='quiet intel_iommu=on'",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "no quotes",
		DEFAULT_OFF
		"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=intel_iommu=on",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "continuation lines",
		DEFAULT_OFF
		"file etc/default/grub <<E\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet \\\n  intel_iommu=on\"\nE",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "CRLF",
		DEFAULT_OFF
		"file etc/default/grub <<E\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\r\nE",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "CRLF in a word's middle",
		DEFAULT_OFF
		"file etc/default/grub <<E\nGRUB_CMDLINE_LINUX=intel_iommu=on\r\nE",
		"01:00.0", { { ACCEPTED }, { IS, DROPIN, NULL } } },
	{ "a quote that is never closed",
		DEFAULT_OFF
		"file etc/default/grub <<E\nA=1\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\nE",
		"01:00.0",
		{ { REFUSED, "unreadable-config", "/etc/default/grub:2: " } } },
	{ "NUL, though no word is needed", DEFAULT_ON "hex etc/default/grub 41 0a 00",
		"01:00.0",
		{ { WARNED, "unreadable-config",
			"/etc/default/grub:2: has a NUL byte" } } },
	{ "NUL, and a word is needed", DEFAULT_OFF "hex etc/default/grub 41 0a 00",
		"01:00.0",
		{ { REFUSED, "unreadable-config",
			"/etc/default/grub:2: has a NUL byte" } } },
	{ "a directory", DEFAULT_OFF "remove etc/default/grub\ndir etc/default/grub",
		"01:00.0",
		{ { REFUSED, "unreadable-config",
			"/etc/default/grub is not a regular file" } } },
	{ "NUL in a drop-in", DEFAULT_OFF "hex etc/default/grub.d/x.cfg 00", "01:00.0",
		{ { REFUSED, "unreadable-config",
			"/etc/default/grub.d/x.cfg:1: has a NUL byte" } } },
	{ "NUL in the list of modules", DEFAULT_ON "hex etc/initramfs-tools/modules 00",
		"01:00.0",
		{ { REFUSED, "unreadable-config",
			"/etc/initramfs-tools/modules:1: has a NUL byte" } } },
	{ "a value that only running it would tell",
		DEFAULT_OFF
		"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=\"$(cat /x)\"",
		"01:00.0", { { ACCEPTED }, { HOLDS, DROPIN, "intel_iommu=on" } } },

	/* Nothing wished for. */
	{ "nothing", DEFAULT_OFF, "", { { EMPTY } } },
	{ "nothing, on a host that could not be configured",
		"remove usr/sbin/update-grub\nremove usr/sbin/update-initramfs", "",
		{ { EMPTY }, { ACCEPTED } } },
};

static void test_rows(void **state)
{
	(void)state;
	check_rows(rows, ARRAY_SIZE(rows));
}

/* A wish that cannot be: said at once, with the device's address. */
static void test_wishes(void **state)
{
	static const struct {
		const char *address, *says;
	} cases[] = {
		{ "0000:00:01.0", "0000:00:01.0 is a bridge" },
		{ "0000:00:00.0", "0000:00:00.0 is a bridge" },
		{ "0000:0f:00.0", "0000:0f:00.0 is in no IOMMU group" },
	};
	CLEANUP(request_done) struct request request = { 0 };
	autohost struct host *host = NULL;
	struct err err = { 0 };

	(void)state;
	make_host("");
	host = tree_scan();
	request_start(host, &request);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct device *d = host_device(host, cases[i].address);

		check_number(cases[i].address,
			facts_choose(host, &request, d, NULL, &err), -EPERM);
		check_holds(cases[i].address, err.text, cases[i].says);
	}
	assert_int_equal(request.claims.n, 0);
	assert_int_equal(request_drop(host, &request, "0000:01:00.0", &err), -ENOENT);
	check_holds("drop", err.text, "0000:01:00.0 is not claimed");
}

/* More IDs than the kernel's buffer holds: vfio-pci would not load at all. */
static void test_ids_too_long(void **state)
{
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	char ids[120 * 10 + 64] = "text etc/modprobe.d/a.conf options vfio-pci ids=";

	(void)state;
	for (int i = 0; i < 102; i++)
		(void)snprintf(
			ids + strlen(ids), sizeof(ids) - strlen(ids), "1234:%04x,", i);
	make_host(ids);
	host = tree_scan();
	plan = make_plan(host, "04:00.0 05:00.0"); /* 102 * 10 + 9 = 1029 > 1023 */
	if (!plan_finding(plan, "ids-too-long"))
		complain("no ids-too-long");
	check_number("refused", plan_refusal(plan) != NULL, true);
}

static void test_huge_grub(void **state)
{
	static const char *const configs[] = { DEFAULT_OFF, DEFAULT_ON };
	const size_t size = (size_t)10 << 20;
	autofree char *huge = malloc(size + 1);

	(void)state;
	memset(huge, '#', size);
	huge[size] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(configs); i++) {
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;
		const struct finding *f;

		make_host(configs[i]);
		tree_put_bytes("etc/default/grub", huge, size);
		host = tree_scan();
		plan = make_plan(host, "01:00.0");
		f = plan_finding(plan, "unreadable-config");
		check_holds(configs[i], f ? f->text : NULL,
			"/etc/default/grub is larger than 1 MiB");
		check_number("refused", plan_refusal(plan) != NULL, i == 0);
	}
}

/* What was claimed and is released has the module again that wants it. */
static void test_release(void **state)
{
	static const struct {
		const char *address, *driver;
	} after[] = { { "0000:01:00.0", "nouveau" }, { "0000:01:00.2", "xhci_hcd" },
		{ "0000:01:00.3", NULL }, { "0000:04:00.0", "igb" } };
	static const char *const gone[] = { CLAIMS, MODPROBE, LOAD, EARLY, DROPIN,
		RULES };
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	autofree char *summary = NULL;

	(void)state;
	make_host(DEFAULT_ON
		"file etc/pciferry/claims <<E\n0000:01:00.0 10de:1e84 - ids\n"
		"0000:01:00.1 10de:10f8 - ids\n0000:01:00.2 10de:1ad8 - ids\n0000:01:00.3 10de:1ad9 - ids\nE\n"
		"text etc/modprobe.d/pciferry.conf options vfio-pci ids=10de:1e84\n"
		"text etc/modules-load.d/pciferry.conf vfio-pci\n"
		"text etc/default/grub.d/zz-pciferry.cfg GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT x\"\n"
		"bind 0000:01:00.0 vfio-pci\nbind 0000:01:00.1 vfio-pci\nbind 0000:01:00.2 vfio-pci\n"
		"bind 0000:01:00.3 vfio-pci");
	host = tree_scan();
	plan = make_plan(host, "-0000:01:00.1");
	check_number("claims", (long)plan->claims.n, 0);
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++)
		check_text(gone[i], plan_text(host, plan, gone[i]), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(after); i++)
		check_text(after[i].address, forecast_of(plan, after[i].address),
			after[i].driver);
	summary = plan_summary(host, plan);
	assert_string_equal(summary,
		"release 0000:01:00.0, 0000:01:00.1, 0000:01:00.2, 0000:01:00.3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_wishes),
		TEST(test_ids_too_long),
		TEST(test_huge_grub),
		TEST(test_release),
	};

	return RUN(tests);
}

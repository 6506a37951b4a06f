// SPDX-License-Identifier: GPL-2.0-or-later
/* Is the host ready: each state of the IOMMU and what else can stand in the way. */
#include "support.h"
#include "core/base/buf.h"
#include "core/check/check.h"
#include "core/check/checks.h"
#include "core/plan/request.h"

#define INTEL "text proc/cpuinfo vendor_id : GenuineIntel\n"
#define AMD "text proc/cpuinfo vendor_id : AuthenticAMD\n"
#define ARM "text proc/cpuinfo CPU implementer : 0x41\n"
#define KERNEL "kernel 6.1 running\nmodule 6.1 vfio-pci\n"
#define NIC "device 0000:01:00.0 class=020000 id=8086:1533 driver=igb\n"
#define GROUPED "device 0000:01:00.0 group=1 class=020000 id=8086:1533 driver=igb\n"
#define NO_GROUPS "dir sys/kernel/iommu_groups\n"
/* The header of the table: 36 bytes, the width, the flags. */
#define DMAR(flags)                                                                       \
	"hex sys/firmware/acpi/tables/DMAR 444d4152 30000000 02cb494e 54454c20 45444b32 " \
	"20202020 02000000 20202020 13000001 26" flags "0000 00000000 00000000\n"
/* Two nodes, an ITS group and one of that type (core/scan/iort.c). */
#define IORT(type)                                                                        \
	"hex sys/firmware/acpi/tables/IORT 494f5254 50000000 00000000 00000000 00000000 " \
	"00000000 00000000 00000000 00000000 02000000 30000000 00000000 00100000 "        \
	"00000000 00000000 00000000 " type "100000 00000000 00000000 00000000\n"
#define IVRS "text sys/firmware/acpi/tables/IVRS x\n"
#define TABLES "text sys/firmware/acpi/tables/FACP x\n"
#define MOUNTS "file proc/self/mountinfo <<E\n"
#define WORDS(words) "text proc/cmdline root=/dev/sda1 ro" words "\n"

#define NAMED                                                                            \
	"device 0000:04:00.0 group=9 class=020000 id=8086:1533 driver=igb\n"             \
	"net enp4s0 0000:04:00.0\n"
#define NO_NAME "No file names a network interface that has another name now."
#define NOT_KNOWN                                                                        \
	"Whether a file names a network interface that has another name now is not known: "
#define HOW                                                                              \
	"The plan of pciferry repair changes that in ifupdown's files, and says what to do in others."
#define MKINITCPIO "text usr/bin/mkinitcpio (( _optconfd ))\n"

static const struct {
	const char *what, *lines;
	const char *name; /* of the check */
	const char *want; /* "STATE: TEXT", " -> FIX", " (planned)" */
} cases
	[] = {
		{ "on",
			INTEL KERNEL GROUPED DMAR(
				"01") "link sys/class/iommu/dmar0 -> ../../devices/virtual/iommu/dmar0\n",
			"iommu",
			"ok: The IOMMU is on: 1 group in /sys/kernel/iommu_groups (dmar0)." },
		{ "on, since the firmware asks for it", INTEL KERNEL GROUPED DMAR("05"),
			"iommu",
			"ok: The IOMMU is on: 1 group in /sys/kernel/iommu_groups. The firmware asks for that by itself (platform opt-in)." },
		{ "a name in network-scripts",
			NAMED
			"text etc/sysconfig/network-scripts/ifcfg-enp3s0 DEVICE=\"enp3s0\"",
			"network-names",
			"warn: /etc/sysconfig/network-scripts/ifcfg-enp3s0:1 names the network interface enp3s0, which is not there any more; new is enp4s0. -> " HOW
			" (planned)" },
		{ "wicked's is the file's own",
			NAMED "text etc/sysconfig/network/ifcfg-enp3s0 BOOTPROTO=dhcp",
			"network-names",
			"warn: /etc/sysconfig/network/ifcfg-enp3s0:1 names the network interface enp3s0, which is not there any more; new is enp4s0. -> " HOW
			" (planned)" },
		{ "a copy is read by nobody",
			NAMED
			"text etc/sysconfig/network-scripts/ifcfg-enp3s0.rpmsave DEVICE=enp3s0",
			"network-names", "ok: " NO_NAME },
		{ "networkd below /usr/local",
			NAMED
			"file usr/local/lib/systemd/network/a.network <<E\n[Match]\nName=enp3s0\nE",
			"network-names",
			"warn: /usr/local/lib/systemd/network/a.network:2 names the network interface enp3s0, which is not there any more; new is enp4s0. -> " HOW
			" (planned)" },
		{ "which /etc masks",
			NAMED
			"file usr/local/lib/systemd/network/a.network <<E\n[Match]\nName=enp3s0\nE\nfile etc/systemd/network/a.network <<E\n[Match]\nName=enp4s0\nE",
			"network-names", "ok: " NO_NAME },
		{ "NetworkManager in /run",
			NAMED
			"file run/NetworkManager/system-connections/a.nmconnection <<E\ninterface-name=enp3s0\nE",
			"network-names",
			"warn: /run/NetworkManager/system-connections/a.nmconnection:1 names the network interface enp3s0, which is not there any more; new is enp4s0. -> " HOW
			" (planned)" },
		{ "what ifupdown reads besides",
			NAMED
			"file etc/network/interfaces <<E\nsource /etc/network/interfaces.d/*\nsource /etc/network/more/*.if\nE\ntext etc/network/more/a.if iface enp3s0 inet dhcp",
			"network-names",
			"unknown: " NOT_KNOWN
			"/etc/network/interfaces:2 reads /etc/network/more/*.if, which pciferry does not." },
		{ "which is not there",
			NAMED "text etc/network/interfaces source /etc/network/more/*.if",
			"network-names", "ok: " NO_NAME },
		{ "a manager that is not read",
			NAMED "text etc/conf.d/net config_enp3s0=dhcp", "network-names",
			"unknown: " NOT_KNOWN "/etc/conf.d/net (netifrc) is not read." },
		{ "without sysfs nobody can tell",
			"text etc/network/interfaces auto enp3s0", "network-names",
			"unknown: " NOT_KNOWN
			"Which network interfaces there are is not known (/sys/class/net)." },
		{ "a list of mkinitcpio with what no kernel has: a row of its own",
			KERNEL MKINITCPIO
			"text etc/mkinitcpio.conf MODULES=(vfio_pci vfio_virqfd)\n",
			"initramfs-modules",
			"warn: MODULES of /etc/mkinitcpio.conf or its drop-ins names vfio_virqfd, which the kernel 6.1 does not have: mkinitcpio writes the image, but ends with an error. -> Take it out; pciferry plan --clean plans that for vfio_virqfd, which no kernel has since Linux 6.2." },
		{ "and without it none",
			KERNEL MKINITCPIO "text etc/mkinitcpio.conf MODULES=(vfio_pci)\n",
			"initramfs-modules", "" },
		{ "off by the kernel's default",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS("") DEBIAN_GRUB(
				"") "config 6.1 CONFIG_INTEL_IOMMU=y CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n",
			"iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/DMAR), but this kernel leaves it off unless told, by CONFIG_INTEL_IOMMU_DEFAULT_ON of /boot/config-6.1: /sys/kernel/iommu_groups is empty. -> Plan intel_iommu=on (pciferry apply --iommu-on), or choose the devices at once: the plan then is the first of two steps. (planned)" },
		{ "off by default, the word waits for the reboot",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS("")
				DEBIAN_GRUB(" intel_iommu=on"),
			"iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/DMAR), but this boot was not told to use it, and the running kernel's configuration, which has its default, was not found: /sys/kernel/iommu_groups is empty. -> intel_iommu=on is configured already: reboot." },
		{ "off by a word",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS(" intel_iommu=off")
				DEBIAN_GRUB(" intel_iommu=off"),
			"iommu",
			"fail: The IOMMU is off by the kernel command line: intel_iommu=off (/proc/cmdline). -> Plan to take intel_iommu=off out of the files of GRUB (pciferry apply --iommu-on), and reboot. (planned)" },
		{ "off by a word that is gone with the next boot",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS(" intel_iommu=off")
				DEBIAN_GRUB(""),
			"iommu",
			"fail: The IOMMU is off by the kernel command line: intel_iommu=off (/proc/cmdline). -> intel_iommu=off is not configured any more: reboot." },
		{ "off by a word in a file that pciferry does not edit",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS(
				" intel_iommu=off") "text etc/NIXOS x\ntext etc/default/grub GRUB_CMDLINE_LINUX=intel_iommu=off\n",
			"iommu",
			"fail: The IOMMU is off by the kernel command line: intel_iommu=off (/proc/cmdline). -> Take intel_iommu=off out of the kernel command line in the files of NixOS, and reboot." },
		{ "off by a word for all",
			AMD KERNEL NIC NO_GROUPS IVRS WORDS(" iommu=off"), "iommu",
			"fail: The IOMMU is off by the kernel command line: iommu=off (/proc/cmdline). -> Take iommu=off out of the kernel command line, and reboot." },
		{ "another vendor's word does nothing",
			AMD KERNEL NIC NO_GROUPS IVRS WORDS(" intel_iommu=off"), "iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/IVRS), the kernel is to use it, and yet /sys/kernel/iommu_groups is empty. -> Turn on IOMMU (AMD-Vi) in the firmware setup, and reboot. It often is under Advanced, AMD CBS, NBIO; there \"Auto\" may mean off. SVM is the processor's own virtualization; for virtual functions look for SR-IOV too." },
		{ "the kernel lacks it",
			AMD KERNEL NIC NO_GROUPS IVRS WORDS(
				"") "config 6.1 CONFIG_INTEL_IOMMU=y CONFIG_AMD_IOMMU=n\n",
			"iommu",
			"fail: The running kernel was built without the IOMMU's driver: CONFIG_AMD_IOMMU is not set in /boot/config-6.1. -> Boot another kernel, such as the distribution's usual one." },
		{ "on by word, and yet off",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS(
				" intel_iommu=on") "file dev/kmsg <<E\n4,1,100,-;DMAR: [Firmware Bug]: No firmware reserved region can cover this RMRR\nE\n",
			"iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/DMAR), the kernel is to use it, and yet /sys/kernel/iommu_groups is empty. The kernel's log says: DMAR: [Firmware Bug]: No firmware reserved region can cover this RMRR -> Turn on VT-d (Intel Virtualization Technology for Directed I/O) in the firmware setup, and reboot. It often is under Advanced, Chipset or System Agent. For virtual functions look for SR-IOV too." },
		{ "not offered, Intel", INTEL KERNEL NIC NO_GROUPS TABLES, "iommu",
			"fail: The firmware offers no IOMMU: /sys/firmware/acpi/tables has none of DMAR, IVRS, VIOT and IORT. It is switched off in the firmware setup, or the processor or the board has none. -> Turn on VT-d (Intel Virtualization Technology for Directed I/O) in the firmware setup, and reboot. It often is under Advanced, Chipset or System Agent. For virtual functions look for SR-IOV too." },
		{ "not offered, AMD (a server with iommu=pt)",
			AMD KERNEL NIC NO_GROUPS TABLES WORDS(" iommu=pt"), "iommu",
			"fail: The firmware offers no IOMMU: /sys/firmware/acpi/tables has none of DMAR, IVRS, VIOT and IORT. It is switched off in the firmware setup, or the processor or the board has none. -> Turn on IOMMU (AMD-Vi) in the firmware setup, and reboot. It often is under Advanced, AMD CBS, NBIO; there \"Auto\" may mean off. SVM is the processor's own virtualization; for virtual functions look for SR-IOV too." },
		{ "not offered, nobody knows whose", KERNEL NIC NO_GROUPS TABLES, "iommu",
			"fail: The firmware offers no IOMMU: /sys/firmware/acpi/tables has none of DMAR, IVRS, VIOT and IORT. It is switched off in the firmware setup, or the processor or the board has none. -> Turn on the IOMMU (Intel: VT-d; AMD: IOMMU, AMD-Vi) in the firmware setup, and reboot." },
		{ "not offered, and no virtualization either",
			"file proc/cpuinfo <<E\nvendor_id : GenuineIntel\nflags : fpu vme\nE\n" KERNEL
				NIC NO_GROUPS TABLES,
			"iommu",
			"fail: The firmware offers no IOMMU: /sys/firmware/acpi/tables has none of DMAR, IVRS, VIOT and IORT. The processor shows neither vmx nor svm (/proc/cpuinfo): it has no virtualization, or the firmware setup has switched that off too. -> See the data sheet of the processor. Where it has virtualization (VT-x, AMD-V) and an IOMMU (VT-d, AMD-Vi), turn on both in the firmware setup, and reboot." },
		{ "not offered, in a virtual machine: no firmware menu",
			"file proc/cpuinfo <<E\nvendor_id : AuthenticAMD\nflags : fpu svm hypervisor\nE\n" KERNEL
				NIC NO_GROUPS TABLES,
			"iommu",
			"fail: This is a virtual machine (hypervisor in /proc/cpuinfo), and its host offers it no IOMMU: /sys/firmware/acpi/tables has none of DMAR, IVRS, VIOT and IORT. -> Have the host of this virtual machine give it a virtual IOMMU (QEMU: -device intel-iommu, amd-iommu or virtio-iommu-pci), and start it anew." },
		{ "off by default, in a virtual machine that has one",
			"file proc/cpuinfo <<E\nvendor_id : GenuineIntel\nflags : fpu vmx hypervisor\nE\n" KERNEL
				NIC NO_GROUPS DMAR("01") WORDS("") DEBIAN_GRUB(
					"") "config 6.1 CONFIG_INTEL_IOMMU=y CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n",
			"iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/DMAR), but this kernel leaves it off unless told, by CONFIG_INTEL_IOMMU_DEFAULT_ON of /boot/config-6.1: /sys/kernel/iommu_groups is empty. -> Plan intel_iommu=on (pciferry apply --iommu-on), or choose the devices at once: the plan then is the first of two steps. (planned)" },
		{ "on by Debian's default, and yet off",
			INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS("") DEBIAN_GRUB("") "config 6.1 CONFIG_INTEL_IOMMU=y CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n", "iommu", "fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/DMAR), the kernel is to use it, and yet /sys/kernel/iommu_groups is empty. -> Turn on VT-d (Intel Virtualization Technology for Directed I/O) in the firmware setup, and reboot. It often is under Advanced, Chipset or System Agent. For virtual functions look for SR-IOV too." },
		{ "off by a word, and nothing offered",
			AMD KERNEL NIC NO_GROUPS TABLES WORDS(" amd_iommu=off")
				DEBIAN_GRUB(" amd_iommu=off"),
			"iommu",
			"fail: The firmware offers no IOMMU: /sys/firmware/acpi/tables has none of DMAR, IVRS, VIOT and IORT. It is switched off in the firmware setup, or the processor or the board has none. Besides, amd_iommu=off on the kernel command line (/proc/cmdline) would switch it off. -> Turn on IOMMU (AMD-Vi) in the firmware setup, and reboot. It often is under Advanced, AMD CBS, NBIO; there \"Auto\" may mean off. SVM is the processor's own virtualization; for virtual functions look for SR-IOV too." },
		{ "AMD's, which translates nothing",
			AMD KERNEL NIC NO_GROUPS IVRS WORDS(
				"") "file dev/kmsg <<E\n4,1,100,-;AMD-Vi: Interrupt remapping failed\n4,1,101,-;AMD-Vi: Host Address Translation is not supported.\nE\n",
			"iommu",
			"fail: The firmware offers an IOMMU that translates nothing (HATDis in /sys/firmware/acpi/tables/IVRS): /sys/kernel/iommu_groups is empty. The kernel's log says: AMD-Vi: Host Address Translation is not supported. -> Look for newer firmware, and for DMA translation of the IOMMU in the firmware setup." },
		{ "groups of vfio's no-IOMMU mode are none", INTEL KERNEL GROUPED WORDS("") DEBIAN_GRUB("") "text sys/kernel/iommu_groups/1/name vfio-noiommu\nconfig 6.1 CONFIG_INTEL_IOMMU=y CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n", "iommu", "fail: Whether the firmware offers an IOMMU cannot be seen (/sys/firmware/acpi/tables), but this kernel leaves it off unless told, by CONFIG_INTEL_IOMMU_DEFAULT_ON of /boot/config-6.1: /sys/kernel/iommu_groups is empty. The groups that are there are of vfio's no-IOMMU mode, and translate nothing. -> Plan intel_iommu=on (pciferry apply --iommu-on), or choose the devices at once: the plan then is the first of two steps. If there are no groups then either, turn VT-d on in the firmware setup. (planned)" },
		{ "Xen's dom0: no menu, no word",
			INTEL KERNEL NIC NO_GROUPS DMAR("01")
				WORDS("") "text proc/xen/capabilities control_d\n",
			"iommu",
			"fail: There are no IOMMU groups in /sys/kernel/iommu_groups, nor can there be: /proc/xen/capabilities says what this host is." },
		{ "the IOMMU itself",
			AMD KERNEL GROUPED
			"device 0000:00:00.2 class=080600 id=1022:1567\n",
			"groups",
			"ok: Every device is in a group, but for the IOMMU itself, which never is (0000:00:00.2)." },
		{ "the GPU is kept out by a word",
			INTEL KERNEL GROUPED
			"device 0000:00:02.0 class=030000 id=8086:3e92 driver=i915\n" WORDS(
				" intel_iommu=on,igfx_off")
				DEBIAN_GRUB(" intel_iommu=on,igfx_off"),
			"groups",
			"warn: The IOMMU is on, but 0000:00:02.0 is in no group: what is in none cannot be handed over. 0000:00:02.0 is in no IOMMU group, so it cannot be handed over: intel_iommu=on,igfx_off (/etc/default/grub:1) keeps the integrated GPU out of the IOMMU. -> Plan to take igfx_off out (pciferry apply --iommu-on), and reboot: then the GPU has a group and can be chosen. (planned)" },
		{ "the GPU is kept out by Debian's default",
			INTEL KERNEL GROUPED
			"device 0000:00:02.0 class=030000 id=8086:3e92 driver=i915\n" WORDS(
				"")
				DEBIAN_GRUB(
					"") "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n",
			"groups",
			"warn: The IOMMU is on, but 0000:00:02.0 is in no group: what is in none cannot be handed over. 0000:00:02.0 is in no IOMMU group, so it cannot be handed over: unless told, this kernel keeps the integrated GPU out of the IOMMU (CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF of /boot/config-6.1). -> Plan intel_iommu=on (pciferry apply --iommu-on), and reboot: then the GPU has a group and can be chosen. (planned)" },
		{ "remapped, and vfio was told that it need not be",
			INTEL KERNEL GROUPED
			"text proc/interrupts  16: 0 IR-IO-APIC 16-fasteoi\n"
			"text etc/modprobe.d/v.conf options vfio_iommu_type1 allow_unsafe_interrupts=1\n"
			"text sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\n",
			"interrupt-remapping",
			"warn: vfio was told to take devices whose interrupts are not remapped (/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts), which is not needed here: interrupts are remapped (IR- in /proc/interrupts). -> Take allow_unsafe_interrupts out of /etc/modprobe.d/v.conf:1." },
		{ "ARM, with a table",
			ARM KERNEL NIC NO_GROUPS "text sys/firmware/acpi/tables/IORT x\n",
			"iommu",
			"fail: /sys/kernel/iommu_groups is empty. The firmware has a table IORT (/sys/firmware/acpi/tables), which is there without an SMMU too, and only root can read whether it has one. -> Turn on the SMMU in the firmware setup, and reboot." },
		{ "ARM, a table with a root complex and an SMMUv3",
			ARM KERNEL NIC NO_GROUPS IORT("04"), "iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/IORT), the kernel is to use it, and yet /sys/kernel/iommu_groups is empty. -> Turn on the SMMU in the firmware setup, and reboot." },
		{ "ARM, a table without an SMMU", ARM KERNEL NIC NO_GROUPS IORT("02"),
			"iommu",
			"fail: /sys/kernel/iommu_groups is empty. The firmware has a table IORT (/sys/firmware/acpi/tables), but that describes no SMMU: it offers no IOMMU. -> Turn on the SMMU in the firmware setup, and reboot." },
		{ "virtio, and yet off",
			KERNEL NIC NO_GROUPS "text sys/firmware/acpi/tables/VIOT x\n",
			"iommu",
			"fail: The firmware offers an IOMMU (/sys/firmware/acpi/tables/VIOT), the kernel is to use it, and yet /sys/kernel/iommu_groups is empty. -> Turn on the IOMMU (Intel: VT-d; AMD: IOMMU, AMD-Vi) in the firmware setup, and reboot." },
		{ "no tables at all", KERNEL NIC, "iommu",
			"fail: There are no IOMMU groups in /sys/kernel/iommu_groups, and /sys/firmware/acpi/tables is not there to tell why. -> Turn on the IOMMU (Intel: VT-d; AMD: IOMMU, AMD-Vi) in the firmware setup, and reboot." },
		{ "on, but for no PCI device (a Raspberry Pi 5)",
			ARM KERNEL
			"device 0001:01:00.0 class=020000 id=8086:1521 driver=igb\n"
			"link sys/kernel/iommu_groups/0/devices/1000800000.codec -> ../../../../devices/platform/1000800000.codec\n"
			"link sys/kernel/iommu_groups/1/devices/107c580000.hvs -> ../../../../devices/platform/107c580000.hvs\n",
			"iommu",
			"fail: The IOMMU is on, but none of its 2 groups (/sys/kernel/iommu_groups) holds a PCI device: it does not translate for PCI here, so no PCI device can be handed over." },
		{ "devices in no group",
			INTEL KERNEL GROUPED
			"device 0000:02:00.0 class=010802 id=144d:a80a driver=nvme\n",
			"groups",
			"warn: The IOMMU is on, but 0000:02:00.0 is in no group: what is in none cannot be handed over." },
		{ "all in groups", INTEL KERNEL GROUPED, "groups",
			"ok: Every device is in a group." },
		{ "remapped",
			INTEL KERNEL GROUPED
			"text proc/interrupts  16: 0 IR-IO-APIC 16-fasteoi\n",
			"interrupt-remapping",
			"ok: Interrupts are remapped (IR- in /proc/interrupts)." },
		{ "not remapped by a word",
			INTEL KERNEL GROUPED WORDS(
				" intremap=off") "text proc/interrupts  16: 0 IO-APIC\n",
			"interrupt-remapping",
			"warn: Interrupts are not remapped: vfio refuses devices unless told that this is safe (/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts). -> Take intremap=off, or nointremap, out of the kernel command line." },
		{ "not remapped by the firmware",
			INTEL KERNEL GROUPED DMAR(
				"00") "text proc/interrupts  16: 0 IO-APIC\n",
			"interrupt-remapping",
			"warn: Interrupts are not remapped: vfio refuses devices unless told that this is safe (/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts). -> The firmware's table DMAR does not offer it: look for interrupt remapping in the firmware setup, or for newer firmware." },
		{ "not remapped, x2APIC",
			INTEL KERNEL GROUPED DMAR(
				"03") "text proc/interrupts  16: 0 IO-APIC\n"
				      "text sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\n",
			"interrupt-remapping",
			"warn: Interrupts are not remapped, and vfio was told that this is safe (/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts): a guest can disturb this host. -> The firmware's table DMAR forbids x2APIC: look for x2APIC in the firmware setup." },
		{ "no-IOMMU mode",
			"text sys/module/vfio/parameters/enable_unsafe_noiommu_mode Y\n",
			"no-iommu",
			"warn: vfio's no-IOMMU mode is on (/sys/module/vfio/parameters/enable_unsafe_noiommu_mode): devices reach all memory in it, and virtual machines cannot use it. -> Take enable_unsafe_noiommu_mode out of /etc/modprobe.d and of the kernel command line." },
		{ "vfio: a module, built in, missing",
			"kernel 6.1\nmodule 6.1 vfio-pci\nkernel 6.2\nmodule 6.2 vfio-pci builtin\nkernel 6.3\nmodule 6.3 igb\n",
			"vfio",
			"warn: vfio-pci, by installed kernel (/lib/modules): 6.3 (missing), 6.2 (built in), 6.1 (a module). -> Do not boot these with devices handed over: 6.3." },
		{ "vfio: nowhere", "kernel 6.3\nmodule 6.3 igb\n", "vfio",
			"fail: vfio-pci, by installed kernel (/lib/modules): 6.3 (missing). -> Install a kernel with CONFIG_VFIO_PCI." },
		{ "Xen", "text proc/xen/capabilities control_d\n", "platform",
			"fail: This is Xen's dom0: Xen has the IOMMU, and vfio-pci cannot be used (/proc/xen/capabilities). -> Hand devices over with Xen's own xen-pciback." },
		{ "Windows",
			"text proc/sys/kernel/osrelease 5.15.153.1-microsoft-standard-WSL2\n",
			"platform",
			"fail: This is Linux on Windows (WSL): it has no devices to hand over (/proc/sys/kernel/osrelease)." },
		{ "a container", "text run/systemd/container lxc\n", "platform",
			"fail: This is a container: its host has the devices (/run/systemd/container). -> Run pciferry on the host." },
		{ "a guest", "text proc/cpuinfo flags : fpu vmx hypervisor\n", "platform",
			"ok: This is a virtual machine (hypervisor in /proc/cpuinfo): what it has can go to guests of its own where it was given an IOMMU." },
		{ "a machine", INTEL, "platform",
			"ok: Nothing stands between this host and its devices." },
		{ "Secure Boot",
			"hex sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c 06000000 01\n",
			"secure-boot",
			"ok: Secure Boot is on (/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c): the distribution's own vfio-pci loads, modules without a signature do not." },
		{ "no Secure Boot",
			"hex sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c 06000000 00\n",
			"secure-boot",
			"ok: Secure Boot is off (/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c)." },
		{ "locked down",
			"text sys/kernel/security/lockdown none [integrity] confidentiality\n",
			"lockdown",
			"warn: The kernel is locked down (none [integrity] confidentiality in /sys/kernel/security/lockdown): vfio-pci of the distribution works, modules without a signature do not load, and the details of a device cannot all be read." },
		{ "an ACS override in force, and the ports it covers",
			WORDS(" pcie_acs_override=downstream") "device 0000:00:1c.0 group=1 class=060400 id=8086:a298 driver=pcieport bus=01 caps=pcie-root\n" GROUPED
							       "text proc/kallsyms 0 t pcie_acs_override_setup\n",
			"acs-override",
			"warn: pcie_acs_override=downstream is on the command line: groups look more isolated than the hardware makes them, and a guest may reach devices of others. Nothing keeps apart what is behind 0000:00:1c.0, which has no ACS." },
		{ "an ACS override, and nobody knows whether the kernel reads it",
			WORDS(" pcie_acs_override=downstream") "device 0000:00:1c.0 group=1 class=060400 id=8086:a298 driver=pcieport bus=01 caps=pcie-root\n" GROUPED, "acs-override",
			"warn: pcie_acs_override=downstream is on the command line; where the running kernel has the patch that reads it (/proc/kallsyms does not tell), groups look more isolated than the hardware makes them, and a guest may reach devices of others. Nothing keeps apart what is behind 0000:00:1c.0, which has no ACS." },
		{ "an ACS override that no kernel reads",
			GROUPED WORDS(
				" pcie_acs_override=downstream") "text proc/kallsyms 0 t pci_init\n",
			"acs-override",
			"ok: The groups are as the hardware isolates them (no pcie_acs_override= that a kernel reads in /proc/cmdline)." },
		{ "words that are gone with the next boot",
			KERNEL WORDS(" quiet intel_iommu=on") DEBIAN_GRUB(""),
			"command-line",
			"warn: This boot had words that are not configured any more: intel_iommu=on. -> A reboot is pending; or they were typed for this boot alone." },
		{ "words that wait for it", KERNEL WORDS("") DEBIAN_GRUB(" iommu=pt"),
			"command-line",
			"warn: This boot did not have: quiet iommu=pt. -> A reboot is pending, or GRUB has not been refreshed." },
		{ "virtual functions",
			"device 0000:03:00.0 class=020000 id=8086:1572 driver=i40e sriov_totalvfs=64 sriov_numvfs=2\n",
			"sriov",
			"ok: Virtual functions (SR-IOV; sriov_numvfs, sriov_totalvfs): 0000:03:00.0 has 2 of 64 (nothing makes them at boot: udev's rules, tmpfiles.d, sysfs.conf, modprobe.d, the kernel command line, network configuration, units and scripts name none)." },
		{ "virtual functions, made at boot in two places",
			"device 0000:03:00.0 class=020000 id=8086:1572 driver=i40e sriov_totalvfs=64 sriov_numvfs=2\n"
			"text etc/tmpfiles.d/vf.conf w /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs - - - - 2\n"
			"text etc/pciferry/claims vfs 0000:03:00.0 8086:1572 4\n",
			"sriov",
			"warn: Virtual functions (SR-IOV; sriov_numvfs, sriov_totalvfs): 0000:03:00.0 has 2 of 64 (/etc/tmpfiles.d/vf.conf:1 sets 2 at every boot). -> Have them made at every boot: pciferry vfs DEVICE NUMBER. Of two places that set a number, take one out." },
		{ "an overlay in memory (Ubuntu's overlayroot)",
			MOUNTS
			"28 1 0:29 / / rw - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay,workdir=/w\n"
			"31 28 0:28 / /media/root-rw rw - tmpfs tmpfs-root rw\nE\n",
			"lasting",
			"fail: What is written below / is gone after a reboot: it is an overlay whose upper layer /media/root-rw/overlay is below /media/root-rw, a tmpfs, which is in memory. -> Plan on the system as it is without that: the installed one, an overlay switched off, or a disk that is mounted, with --root." },
		{ "an overlay on a disk",
			MOUNTS
			"28 1 0:29 / / rw - overlay overlay rw,lowerdir=/rom,upperdir=/overlay/upper,workdir=/w\n"
			"31 28 8:2 / /overlay rw - ext4 /dev/sda2 rw\nE\n",
			"lasting",
			"ok: What is written here outlives a reboot, as far as /proc/self/mountinfo and /etc/fstab tell." },
		{ "an overlay whose upper layer cannot be seen",
			MOUNTS
			"28 1 0:29 / / rw - overlay overlay rw,lowerdir=/a,upperdir=/cow/upper,workdir=/w\nE\n",
			"lasting",
			"warn: Whether what is written below / outlives a reboot is not known: it is an overlay, and where its upper layer /cow/upper lies cannot be seen from here. -> See that it does before you rely on it." },
		{ "the same of a live system (casper)", MOUNTS "28 1 0:29 / / rw - overlay /cow rw,lowerdir=/a,upperdir=/cow/upper,workdir=/w\nE\ntext proc/cmdline boot=casper quiet\n", "lasting", "fail: What is written below / is gone after a reboot: it is the overlay of a live system, by boot=casper on /proc/cmdline, which keeps changes in memory. -> Plan on the system as it is without that: the installed one, an overlay switched off, or a disk that is mounted, with --root." },
		{ "a snapshot of an image in memory (dracut's live systems)",
			MOUNTS
			"28 1 253:0 / / rw - ext4 /dev/mapper/live-rw rw\nE\ntext proc/cmdline root=live:CDLABEL=x rd.live.image\n",
			"lasting",
			"fail: What is written below / is gone after a reboot: it is the root of a live system, by rd.live.image on /proc/cmdline, which keeps changes in memory. -> Plan on the system as it is without that: the installed one, an overlay switched off, or a disk that is mounted, with --root." },
		{ "a directory of sets in memory",
			MOUNTS
			"28 1 8:2 / / rw - ext4 /dev/sda2 rw\n29 28 0:40 / /var/lib rw - tmpfs tmpfs rw\nE\n",
			"lasting",
			"fail: What is written below /var/lib is gone after a reboot: it is a tmpfs, which is in memory. -> Plan on the system as it is without that: the installed one, an overlay switched off, or a disk that is mounted, with --root." },
		{ "a file system that is not mounted",
			MOUNTS
			"28 1 8:2 / / rw - ext4 /dev/sda2 rw\nE\ntext etc/fstab /dev/sda3 /var ext4 noauto 0 0\n",
			"lasting",
			"fail: /etc/fstab:1 has /var on /dev/sda3, which is not mounted: what is written below /var now is not what the host boots and reads. -> Mount /var first." },
		{ "one that is mounted when somebody goes there",
			MOUNTS
			"28 1 8:2 / / rw - ext4 /dev/sda2 rw\nE\ntext etc/fstab /dev/sda3 /var ext4 noauto,x-systemd.automount 0 0\n",
			"lasting",
			"ok: What is written here outlives a reboot, as far as /proc/self/mountinfo and /etc/fstab tell." },
		{ "one that is not above what is written",
			MOUNTS
			"28 1 8:2 / / rw - ext4 /dev/sda2 rw\nE\ntext etc/fstab /dev/sda3 /boot/efi vfat noauto 0 0\n",
			"lasting",
			"ok: What is written here outlives a reboot, as far as /proc/self/mountinfo and /etc/fstab tell." },
		{ "nobody tells what is mounted", NIC, "lasting",
			"unknown: Whether what is written here outlives a reboot is not known: /proc/self/mountinfo does not tell what is mounted." },
		{ "a disk whose /var is not mounted",
			"dir var\ntext etc/fstab /dev/sda3 /var ext4 defaults 0 0\n",
			"lasting",
			"warn: /etc/fstab:1 has /var on /dev/sda3, which is not mounted: what is written below /var now is not what the host boots and reads. -> Mount /var first." },
		{ "locked memory",
			"text proc/self/limits Max locked memory         8388608              8388608              bytes\n",
			"memlock",
			"ok: This user may lock 8 MiB of memory (/proc/self/limits). Root and libvirt do not need more. -> Only where another user runs QEMU with a device itself: raise memlock in /etc/security/limits.d to the guest's memory." },
		{ "locked memory without a limit",
			"text proc/self/limits Max locked memory         unlimited            unlimited            bytes\n",
			"memlock",
			"ok: Memory may be locked without a limit (/proc/self/limits)." },
		{ "claimed and there",
			GROUPED
			"bind 0000:01:00.0 vfio-pci\ntext etc/pciferry/claims 0000:01:00.0 8086:1533 - ids\n",
			"claims",
			"ok: Every claimed device is on vfio-pci (/etc/pciferry/claims)." },
		{ "claimed, not there yet", GROUPED "text etc/pciferry/claims 0000:01:00.0 8086:1533 - ids\n", "claims", "warn: 1 of 1 claimed devices (/etc/pciferry/claims) are not on vfio-pci. -> Plan them again (pciferry plan): where that changes nothing, a reboot is pending, or pciferry verify tells why not. (planned)" },
		{ "claimed, and moved",
			GROUPED "text etc/pciferry/claims 0000:02:00.0 8086:1533 - ids\n",
			"claims",
			"warn: 1 of 1 claims (/etc/pciferry/claims) do not point at their device: addresses have moved. -> pciferry repair plans what to do; so does r on the wizard's page Verify." },
	};

static char *say(const struct checks *checks, const char *name)
{
	autobuf struct buf b = { 0 };
	char *text = NULL;

	for (size_t i = 0; i < checks->n; i++) {
		const struct check *c = &checks->list[i];

		if (streq(c->name, name))
			buf_printf(&b, "%s: %s%s%s%s", check_state_to_string(c->state),
				c->text, c->fix ? " -> " : "", c->fix ?: "",
				c->plan ? " (planned)" : "");
	}
	text = buf_take(&b);
	return text;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(checks_done) struct checks checks = { 0 };
		autohost struct host *host = NULL;
		autofree char *got = NULL;

		tree_renew();
		tree_expand(cases[i].lines);
		host = tree_scan();
		checks_run(TREE_PROBE(host), &checks);
		got = say(&checks, cases[i].name);
		check_text(cases[i].what, got, cases[i].want);
	}
}

/* The plan of a fix is a plan like any other: the word, and nothing for vfio-pci. */
static void test_plan(void **state)
{
	CLEANUP(request_done) struct request request = { 0 };
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	autofree char *summary = NULL;

	(void)state;
	tree_expand(INTEL KERNEL NIC NO_GROUPS DMAR("01") WORDS("") DEBIAN_GRUB(""));
	host = tree_scan();
	request_start(host, &request);
	check_request(CHECK_PLAN_IOMMU, &request);
	plan = plan_build(host, &request);
	assert_null(plan_refusal(plan));
	check_holds("words", plan_text(host, plan, "/etc/default/grub.d/zz-pciferry.cfg"),
		"intel_iommu=on");
	check_holds("claims", plan_text(host, plan, CLAIMS_PATH), "option iommu=on\n");
	assert_null(plan_change(plan, "/etc/modprobe.d/pciferry.conf"));
	summary = plan_summary(host, plan);
	check_text("summary", summary, "turn the IOMMU on");
}

/* Words of the user's that switch it off: each where it stands, and no other byte. */
static const struct {
	const char *what, *lines, *path, *want;
	bool igfx; /* the IOMMU is on, but for the integrated GPU */
} off_plans[] = {
	{ "Intel, on by default but for a word",
		INTEL KERNEL NIC NO_GROUPS DMAR("01")
			WORDS(" intel_iommu=off") "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n" DEBIAN_GRUB(
				" intel_iommu=off  splash"),
		"/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet  splash\"\n",
		false },
	{ "AMD, two words",
		AMD KERNEL NIC NO_GROUPS IVRS WORDS(" amd_iommu=off iommu=off")
			DEBIAN_GRUB(" amd_iommu=off iommu=off intel_iommu=off"),
		"/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=off\"\n", false },
	{ "systemd-boot's entries, but not those of another system",
		AMD KERNEL NIC NO_GROUPS IVRS WORDS(
			" iommu=off") "text sys/firmware/efi/x x\ndir boot/EFI/systemd\n"
				      "file boot/loader/entries/a.conf <<E\ntitle a\nlinux /vmlinuz\noptions root=/dev/sda1 iommu=off ro\nE\n"
				      "file boot/loader/loader.conf <<E\ntimeout 1\nE\n",
		"/boot/loader/entries/a.conf",
		"title a\nlinux /vmlinuz\noptions root=/dev/sda1 ro\n", false },
	{ "Intel, on but for the integrated GPU",
		INTEL KERNEL GROUPED
		"device 0000:00:02.0 class=030000 id=8086:3e92 driver=i915\n" WORDS(
			" intel_iommu=on,igfx_off")
			DEBIAN_GRUB(" intel_iommu=on,igfx_off"),
		"/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", true },
	{ "an entry's that another one has not",
		AMD KERNEL NIC NO_GROUPS IVRS WORDS(
			" iommu=off") "text sys/firmware/efi/x x\ndir boot/EFI/systemd\n"
				      "file boot/loader/entries/a.conf <<E\ntitle a\nlinux /vmlinuz\noptions root=/dev/sda1 iommu=off ro\nE\n"
				      "file boot/loader/entries/b.conf <<E\ntitle b\nlinux /vmlinuz\noptions root=/dev/sda1\nE\n"
				      "file boot/loader/loader.conf <<E\ntimeout 1\nE\n",
		"/boot/loader/entries/a.conf",
		"title a\nlinux /vmlinuz\noptions root=/dev/sda1 ro\n", false },
};

static void test_off_plans(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(off_plans); i++) {
		CLEANUP(request_done) struct request request = { 0 };
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;

		tree_renew();
		tree_expand(off_plans[i].lines);
		host = tree_scan();
		request_start(host, &request);
		check_request(CHECK_PLAN_IOMMU, &request);
		plan = plan_build(host, &request);
		check_text(off_plans[i].what,
			plan_refusal(plan) ? plan_refusal(plan)->text : NULL, NULL);
		check_text(off_plans[i].what, plan_text(host, plan, off_plans[i].path),
			off_plans[i].want);
		assert_true(plan_finding(
			plan, off_plans[i].igfx ? "igfx-off" : "iommu-word"));
		assert_true(off_plans[i].igfx || plan_finding(plan, "iommu-on"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cases),
		TEST(test_plan),
		TEST(test_off_plans),
	};

	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Initramfs generators: which of them makes the images, and what each is told. */
#include "rows.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"

#define BLOCK(lines)                                                                     \
	"# pciferry: begin (kept by pciferry, do not edit)\n" lines "# pciferry: end\n"

#define NO_TOOLS "remove usr/sbin/update-initramfs\nremove etc/initramfs-tools\n"
#define PKGBASE "text lib/modules/6.1/pkgbase linux\n"

#define DRACUT DEFAULT_ON NO_TOOLS "text usr/bin/dracut x\n"
#define DRACUT_CONF "/etc/dracut.conf.d/pciferry.conf"
#define DRACUT_MODULE "/usr/lib/dracut/modules.d/40pciferry/"

#define MKINITCPIO                                                                       \
	DEFAULT_ON NO_TOOLS PKGBASE                                                      \
		"text usr/bin/mkinitcpio (( _optconfd ))\n"                              \
		"file etc/mkinitcpio.conf <<E\nMODULES=()\nFILES=()\nHOOKS=(base udev modconf kms block)\nE\n"
#define MKINITCPIO_CONF "/etc/mkinitcpio.conf"
#define MKINITCPIO_DROPIN "/etc/mkinitcpio.conf.d/pciferry.conf"
#define SYSTEMD                                                                          \
	"file etc/mkinitcpio.conf <<E\nMODULES=()\nHOOKS=(base systemd kms block)\nE\n"
#define OLD_PRESET                                                                       \
	"file etc/mkinitcpio.d/linux.preset <<E\nALL_config=\"/etc/mkinitcpio.conf\"\nPRESETS=('default')\nE\n"

#define BOOSTER DEFAULT_ON NO_TOOLS PKGBASE "text usr/bin/booster x\n"
#define NOTE "# vfio_pci in modules_force_load above is ours, too\n"
#define NONE DEFAULT_ON NO_TOOLS

/* systemd-boot, and what kernel-install copies to the ESP; Debian's hook for it. */
#define ENTRY "/boot/efi/loader/entries/0123-6.1.conf"
#define COPY "/boot/efi/0123/6.1/"
#define COPIES(config, image)                                                               \
	config "remove etc/default/grub\nremove usr/sbin/grub-mkconfig\nremove boot/grub\n" \
	       "text usr/bin/kernel-install x\ndir boot/efi/EFI/systemd\n"                  \
	       "text etc/kernel/cmdline root=/dev/sda1 ro quiet\n"                          \
	       "text boot/initrd.img-6.1 x\ntext boot/efi/0123/6.1/linux x\n"               \
	       "text boot/efi/0123/6.1/" image " x\n"                                       \
	       "file boot/efi/loader/entries/0123-6.1.conf <<E\n"                           \
	       "options root=/dev/sda1 ro quiet\nlinux /0123/6.1/linux\n"                   \
	       "initrd\t/0123/6.1/ucode.img\ninitrd\t/0123/6.1/" image "\nE\n"
#define UNIFIED                                                                          \
	"text boot/efi/EFI/Linux/0123-6.1.efi x\n"                                       \
	"text boot/efi/EFI/Linux/0123-6.10.efi x\n"                                      \
	"text boot/efi/EFI/Linux/0123-6.1+3.efi x\n"                                     \
	"text boot/efi/EFI/Linux/linux-6.1-0123.efi x\n"
#define HOOK "text etc/initramfs/post-update.d/systemd-boot x\n"

#define CONF "etc/initramfs-tools/update-initramfs.conf"
#define DIVERSIONS "file var/lib/dpkg/diversions <<E\n"

static const struct row rows[] = {
	/* Installers that copy a live system forget to set it back. */
	{ "initramfs-tools: switched off",
		DEFAULT_ON
		"file " CONF
		" <<E\n# a comment\nupdate_initramfs=no\nbackup_initramfs=no\nE\n",
		"04:00.0",
		{ { REFUSED, "generator-off",
			"/etc/initramfs-tools/update-initramfs.conf:2 has update_initramfs=no: update-initramfs -u makes no image, and ends as if it had. Set it to yes, or to all." } } },
	{ "initramfs-tools: switched off, in quotes",
		DEFAULT_ON "text " CONF " update_initramfs=\"no\"\n", "04:00.0",
		{ { REFUSED, "generator-off", "update-initramfs.conf:1 has" } } },
	{ "initramfs-tools: the last line counts",
		DEFAULT_ON "file " CONF
			   " <<E\nupdate_initramfs=no\nupdate_initramfs=yes\nE\n",
		"04:00.0", { { ACCEPTED } } },
	{ "initramfs-tools: not this one alone",
		DEFAULT_ON "text " CONF " update_initramfs=all\n", "04:00.0",
		{ { ACCEPTED } } },
	{ "initramfs-tools: a link to true",
		DEFAULT_ON
		"remove usr/sbin/update-initramfs\ntext usr/bin/true x\nlink usr/sbin/update-initramfs -> /usr/bin/true\n",
		"04:00.0",
		{ { REFUSED, "generator-off",
			"is a link to /usr/bin/true: it makes no image." } } },
	{ "initramfs-tools: diverted",
		DEFAULT_ON DIVERSIONS
		"/usr/sbin/update-initramfs\n/usr/sbin/update-initramfs.orig.initramfs-tools\nlive-tools\nE\n",
		"04:00.0",
		{ { REFUSED, "generator-off", "which live-tools has put aside as" } } },
	{ "initramfs-tools: something else is diverted",
		DEFAULT_ON DIVERSIONS "/usr/bin/firefox\n/usr/bin/firefox.real\n:\nE\n",
		"04:00.0", { { ACCEPTED } } },
	/* As dracut's package of Debian 14 has it. */
	{ "dracut: with an update-initramfs of its own",
		DEFAULT_ON
		"text usr/bin/dracut x\nfile usr/sbin/update-initramfs 0755 <<E\n#!/bin/sh\nexec dracut --force\nE\n",
		"04:00.0",
		{ { ACCEPTED }, { RUNS, "/usr/bin/dracut --force --regenerate-all" } } },
	{ "dracut: a list of initramfs-tools is read by nothing",
		DRACUT "text etc/initramfs-tools/modules vfio_pci ids=1b21:2142\n",
		"04:00.0",
		{ { ACCEPTED }, { LACKS, MODPROBE, "1b21:2142" },
			{ TOLD, "not-read",
				"/etc/initramfs-tools/modules:1 has ids=1b21:2142, which nothing reads here: dracut builds the initramfs." } } },
	{ "dracut: images of this host alone are the default since 109",
		DRACUT
		"text usr/bin/dracut DRACUT_VERSION=112\ntext etc/modprobe.d/mine.conf softdep igb pre: vfio-pci\n",
		"04:00.0", { { TOLD, "user-softdep", "mine.conf:1" } } },
	{ "dracut: but not if told otherwise",
		DRACUT
		"text usr/bin/dracut DRACUT_VERSION=112\ntext etc/dracut.conf.d/a.conf hostonly=\"no\"\ntext etc/modprobe.d/mine.conf softdep igb pre: vfio-pci\n",
		"04:00.0", { { SILENT, "user-softdep" } } },
	{ "dracut: before that they were for all hosts",
		DRACUT
		"text usr/lib/dracut/dracut-version.sh DRACUT_VERSION=059-4\ntext etc/modprobe.d/mine.conf softdep igb pre: vfio-pci\n",
		"04:00.0", { { SILENT, "user-softdep" } } },
	{ "mkinitcpio: kernel-install is told to take dracut",
		MKINITCPIO
		"text usr/bin/dracut x\ntext usr/lib/kernel/install.d/50-dracut.install x\ntext usr/lib/kernel/install.d/50-mkinitcpio.install x\ntext usr/share/libalpm/hooks/90-mkinitcpio-install.hook x\ntext etc/kernel/install.conf initrd_generator=dracut\n",
		"04:00.0", { { ACCEPTED }, { HOLDS, DRACUT_CONF, "vfio_pci" } } },
	{ "copies: they are looked into and kept, too",
		COPIES(DEFAULT_OFF, "initrd.img-6.1") HOOK, "04:00.0",
		{ { ACCEPTED }, { RUNS, "/usr/sbin/update-initramfs -u -k all" },
			{ INSIDE, "vfio-pci.ko", "/boot/initrd.img-6.1" },
			{ INSIDE, "vfio-pci.ko", COPY "initrd.img-6.1" },
			{ INSIDE, "", COPY "linux" }, { INSIDE, "intel_iommu=on", ENTRY },
			{ SILENT, "image-copy" } } },
	{ "copies: the entry of a kernel that is gone",
		COPIES(DEFAULT_ON, "initrd.img-6.1") HOOK
		"text boot/efi/0123/6.10/initrd x\n"
		"file boot/efi/loader/entries/0123-6.10.conf <<E\n"
		"options root=/dev/sda1\ninitrd /0123/6.10/initrd\nE\n",
		"04:00.0",
		{ { INSIDE, "", ENTRY }, { ALONE, "/boot/efi/0123/6.10/initrd" } } },
	{ "copies: the entry of a kernel whose boots are counted",
		COPIES(DEFAULT_ON, "initrd.img-6.1") HOOK
		"remove boot/efi/loader/entries/0123-6.1.conf\n"
		"file boot/efi/loader/entries/0123-6.1+2-1.conf <<E\n"
		"options root=/dev/sda1\ninitrd /0123/6.1/initrd.img-6.1\nE\n",
		"04:00.0", { { INSIDE, "vfio-pci.ko", COPY "initrd.img-6.1" } } },
	{ "copies: an entry that gets no word", COPIES(DEFAULT_ON, "initrd.img-6.1") HOOK,
		"04:00.0", { { INSIDE, "", ENTRY }, { SILENT, "image-copy" } } },
	{ "copies: nothing renews them", COPIES(DEFAULT_ON, "initrd"), "04:00.0",
		{ { ACCEPTED }, { WARNED, "image-copy",
					COPY "initrd, which initramfs-tools" } } },
	{ "copies: unified images of kernel-install",
		COPIES(DEFAULT_ON, "initrd.img-6.1") UNIFIED
		"remove boot/efi/loader\ntext boot/vmlinuz-6.1 x\n"
		"text etc/kernel/install.conf layout=uki\n",
		"04:00.0",
		{ { ACCEPTED },
			{ RUNS, "/usr/sbin/update-initramfs -u -k all; "
				"/usr/bin/kernel-install add 6.1 /boot/vmlinuz-6.1" },
			{ INSIDE, "", "/boot/efi/EFI/Linux/0123-6.1.efi" },
			{ ALONE, "/boot/efi/EFI/Linux/0123-6.10.efi" },
			{ ALONE, "/boot/efi/EFI/Linux/0123-6.1+3.efi" } } },
	{ "copies: unified images of dracut",
		DRACUT UNIFIED "remove etc/default/grub\nremove usr/sbin/grub-mkconfig\n"
			       "remove boot/grub\n"
			       "file etc/dracut.conf.d/u.conf <<E\n"
			       "uefi=yes\nkernel_cmdline=\"root=/dev/sda1\"\nE\n",
		"04:00.0",
		{ { ACCEPTED }, { RUNS, "/usr/bin/dracut --force --regenerate-all" },
			{ INSIDE, "", "/boot/efi/EFI/Linux/linux-6.1-0123.efi" } } },
	{ "copies: microcode is none", COPIES(DEFAULT_ON, "amd-ucode.img"), "04:00.0",
		{ { ACCEPTED }, { SILENT, "image-copy" } } },

	{ "dracut: by ID", DRACUT, "01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, DRACUT_CONF,
				MADE_BY
				"force_drivers=\" vfio_pci $force_drivers \"\n"
				"install_items+=\" /etc/modprobe.d/pciferry.conf \"\n" },
			{ IS, DRACUT_MODULE "module-setup.sh", NULL },
			{ BECOMES, "0000:01:00.0", "vfio-pci" },
			{ RUNS, "/usr/bin/dracut --force --regenerate-all" } } },
	{ "dracut: by address: not before the rule", DRACUT, "04:00.0",
		{ { ACCEPTED },
			{ IS, DRACUT_CONF,
				MADE_BY
				"add_drivers=\" vfio_pci $add_drivers \"\n"
				"install_items+=\" /etc/udev/rules.d/10-pciferry.rules \"\n" },
			{ BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "dracut: a generic image lacks the user's ids=, which come too late",
		DRACUT
		"text etc/modprobe.d/10-own.conf options vfio-pci ids=10de:1e84,10de:10f8,10de:1ad8,10de:1ad9,8086:1533\n"
		"text etc/dracut.conf.d/10-own.conf force_drivers+=\" vfio_pci \"",
		"01:00.0 accept=display",
		{ { ACCEPTED }, { BECOMES, "0000:01:00.0", "vfio-pci" },
			{ BECOMES, "0000:04:00.0", "igb" },
			{ HOLDS, MODPROBE,
				"ids=10de:1e84,10de:10f8,10de:1ad8,10de:1ad9\n" },
			{ HOLDS, DRACUT_CONF, "/etc/modprobe.d/pciferry.conf" },
			{ WARNED, "ids-outside",
				"/etc/modprobe.d/10-own.conf:1: ids=10de:1e84,10de:10f8,10de:1ad8,10de:1ad9,8086:1533 has no effect" } } },
	{ "dracut: one that counts after the image, and would not any more",
		DRACUT
		"text etc/modprobe.d/10-own.conf options vfio-pci ids=10de:1e84,13f6:8788",
		"01:00.0 accept=display accept=collateral",
		{ { ACCEPTED }, { BECOMES, "0000:01:00.0", "vfio-pci" },
			{ HOLDS, MODPROBE,
				"ids=10de:1e84,13f6:8788,10de:10f8,10de:1ad8,10de:1ad9\n" },
			{ WARNED, "ids-outside", "written with ours" } } },
	{ "dracut: the image of this host alone has it",
		DRACUT "text etc/modprobe.d/10-own.conf options vfio-pci ids=8086:4680\n"
		       "text etc/dracut.conf.d/10-own.conf hostonly=yes",
		"00:02.0 accept=display accept=console",
		{ { SILENT, "ids-outside" }, { TOLD, "ids-there", "stays as it is" },
			{ LACKS, MODPROBE, "ids=" } } },
	{ "dracut: forced before vfio-pci, without a softdep",
		DRACUT
		"file etc/modprobe.d/10-own.conf <<E\noptions vfio-pci ids=8086:1533\nE\n"
		"text etc/dracut.conf.d/10-own.conf hostonly=yes force_drivers=\"igb vfio_pci\"",
		"", { { BECOMES, "0000:04:00.0", "igb" } } },
	{ "dracut: forced after it",
		DRACUT
		"file etc/modprobe.d/10-own.conf <<E\noptions vfio-pci ids=8086:1533\nE\n"
		"text etc/dracut.conf.d/10-own.conf hostonly=yes force_drivers=\"vfio_pci igb\"",
		"", { { BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "dracut: a driver of the kernel", DRACUT, "06:00.0",
		{ { ACCEPTED },
			{ IS, DRACUT_MODULE "module-setup.sh",
				"#!/bin/bash\n" MADE_BY
				"install() {\n  inst_hook pre-udev 00 \"$moddir/pciferry.sh\"\n}\n" },
			{ HOLDS, DRACUT_MODULE "pciferry.sh",
				"take 0000:06:00.0 0x10ec 0x8168\n" },
			{ INSIDE, "00-pciferry.sh" },
			{ BECOMES, "0000:06:00.0", "vfio-pci" } } },
	{ "dracut: a list with a module that is gone",
		DRACUT
		"text etc/dracut.conf.d/vfio.conf add_drivers+=\" vfio vfio_virqfd vfio_pci \"",
		"04:00.0",
		{ { ACCEPTED },
			{ WARNED, "unknown-module",
				"/etc/dracut.conf.d/vfio.conf: add_drivers names vfio_virqfd" } } },
	{ "dracut: which kernels lack it their modules tell, not their numbers",
		DRACUT
		"kernel 5.15\nmodule 5.15 vfio-pci\nmodule 5.15 vfio_virqfd\n"
		"kernel 6.9\nmodule 6.9 vfio-pci\nkernel 6.10\nmodule 6.10 vfio-pci\n"
		"text etc/dracut.conf.d/vfio.conf add_drivers+=\" vfio_virqfd \"",
		"04:00.0",
		{ { WARNED, "unknown-module",
			"vfio_virqfd, which the kernel 6.10, 6.9, 6.1 does not have" } } },
	{ "dracut: without .conf it is not read",
		DRACUT "text etc/dracut.conf.d/vfio add_drivers+=\" vfio_virqfd \"",
		"04:00.0", { { ACCEPTED }, { SILENT, "unknown-module" } } },
	{ "dracut: a file after ours that sets a list anew",
		DRACUT "text etc/dracut.conf.d/z.conf force_drivers=\" nvme \"",
		"01:00.0 accept=display",
		{ { REFUSED, "dracut-config",
			"/etc/dracut.conf.d/z.conf is read after" } } },
	{ "dracut: the list of files",
		DRACUT "text usr/lib/dracut/dracut.conf.d/z.conf install_items=/etc/x",
		"04:00.0", { { REFUSED, "dracut-config", "use install_items+=" } } },
	{ "dracut: one that adds to it, one before ours, one that we leave alone",
		DRACUT "text etc/dracut.conf.d/z.conf force_drivers+=\" nvme \"\n"
		       "text etc/dracut.conf.d/a.conf force_drivers=\" ahci \"\n"
		       "text etc/dracut.conf.d/y.conf add_drivers=\" sd_mod \"",
		"01:00.0 accept=display", { { ACCEPTED } } },
	{ "dracut: told to leave vfio-pci out",
		DRACUT
		"text etc/dracut.conf.d/a.conf omit_drivers+=\" vfio-pci nouveau \"",
		"04:00.0", { { REFUSED, "dracut-config", "omit_drivers" } } },
	{ "dracut: the user's list, but not the user's file, in the image",
		DRACUT "text etc/dracut.conf.d/vfio.conf force_drivers+=\" vfio_pci \"\n"
		       "text etc/modprobe.d/vfio.conf options vfio-pci ids=8086:1533",
		"", { { BECOMES, "0000:04:00.0", "igb" } } },
	{ "dracut: both",
		DRACUT
		"text etc/dracut.conf.d/vfio.conf force_drivers+=\" vfio_pci \"\n"
		"text etc/dracut.conf.d/x.conf install_items+=\" /etc/modprobe.d/vfio.conf \"\n"
		"text etc/modprobe.d/vfio.conf options vfio-pci ids=8086:1533",
		"", { { BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "dracut: one that builds for this host alone has it",
		DRACUT "text etc/dracut.conf.d/vfio.conf force_drivers+=\" vfio_pci \"\n"
		       "text usr/lib/dracut/dracut.conf.d/dist.conf hostonly=\"yes\"\n"
		       "text etc/modprobe.d/vfio.conf options vfio-pci ids=8086:1533",
		"", { { BECOMES, "0000:04:00.0", "vfio-pci" } } },

	{ "mkinitcpio: a drop-in", MKINITCPIO, "01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, MKINITCPIO_DROPIN, MADE_BY "MODULES+=(vfio_pci)\n" },
			{ IS, MKINITCPIO_CONF,
				"MODULES=()\nFILES=()\nHOOKS=(base udev modconf kms block)\n" },
			{ BECOMES, "0000:01:00.0", "vfio-pci" },
			{ RUNS, "/usr/bin/mkinitcpio -P" } } },
	{ "mkinitcpio: a rule is no file that it takes by itself", MKINITCPIO, "04:00.0",
		{ { ACCEPTED },
			{ IS, MKINITCPIO_DROPIN,
				MADE_BY
				"MODULES+=(vfio_pci)\n"
				"FILES+=(/etc/udev/rules.d/10-pciferry.rules)\n" },
			{ BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "mkinitcpio: a driver of the kernel", MKINITCPIO, "06:00.0",
		{ { ACCEPTED }, { HOLDS, MKINITCPIO_DROPIN, "HOOKS+=(pciferry)\n" },
			{ HOLDS, "/etc/initcpio/hooks/pciferry",
				"#!/usr/bin/ash\nrun_earlyhook() {\n" },
			{ HOLDS, "/etc/initcpio/hooks/pciferry",
				"take 0000:06:00.0 0x10ec 0x8168\n}\n" },
			{ IS, "/etc/initcpio/install/pciferry",
				"#!/bin/bash\n" MADE_BY
				"build() {\n  add_runscript\n}\n" } } },
	{ "mkinitcpio: presets that name the file: no drop-in is read",
		MKINITCPIO OLD_PRESET, "01:00.0 accept=display",
		{ { ACCEPTED }, { IS, MKINITCPIO_DROPIN, NULL },
			{ IS, MKINITCPIO_CONF,
				"MODULES=()\nFILES=()\nHOOKS=(base udev modconf kms block)\n" BLOCK(
					"MODULES+=(vfio_pci)\n") } } },
	{ "mkinitcpio: one that knows no drop-ins, and lists as strings",
		MKINITCPIO
		"text usr/bin/mkinitcpio x\n"
		"file etc/mkinitcpio.conf <<E\nMODULES=\"i915\"\nHOOKS=\"base udev\"\nE\n"
		"module 6.1 i915\n",
		"01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, MKINITCPIO_CONF,
				"MODULES=\"i915\"\nHOOKS=\"base udev\"\n" BLOCK(
					"MODULES+=\" vfio_pci\"\n"
					"FILES+=(/etc/modprobe.d/pciferry.conf)\n") } } },
	{ "mkinitcpio: the user has it",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\nMODULES=(vfio-pci vfio)\nHOOKS=(base udev modconf)\nE\nmodule 6.1 vfio\n",
		"01:00.0 accept=display",
		{ { ACCEPTED }, { IS, MKINITCPIO_DROPIN, NULL },
			{ RUNS, "/usr/bin/mkinitcpio -P" } } },
	{ "mkinitcpio: presets with a file of their own",
		MKINITCPIO
		"file etc/mkinitcpio.d/linux.preset <<E\nPRESETS=('default')\ndefault_config=\"/etc/my.conf\"\nE\n",
		"01:00.0 accept=display",
		{ { REFUSED, "mkinitcpio-config", "/etc/mkinitcpio.d/linux.preset" } } },
	{ "mkinitcpio: a later drop-in that starts anew",
		MKINITCPIO "text etc/mkinitcpio.conf.d/zfs.conf MODULES=(zfs?)",
		"01:00.0 accept=display",
		{ { REFUSED, "mkinitcpio-config", "/etc/mkinitcpio.conf.d/zfs.conf" } } },
	{ "mkinitcpio: a list that is never closed",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\nMODULES=(nvme\nHOOKS=(base udev)\nE",
		"01:00.0 accept=display",
		{ { REFUSED, "mkinitcpio-config", "never closed" },
			{ SILENT, "unknown-module" } } },
	{ "mkinitcpio: a module that is gone",
		MKINITCPIO "text etc/mkinitcpio.conf.d/a.conf MODULES+=(vfio_virqfd)",
		"01:00.0 accept=display",
		{ { REFUSED, "unknown-module", "vfio_virqfd, which the kernel 6.1" } } },
	{ "mkinitcpio: one that need not be there",
		MKINITCPIO "text etc/mkinitcpio.conf.d/a.conf MODULES+=(vfio_virqfd?)",
		"01:00.0 accept=display", { { ACCEPTED } } },
	{ "mkinitcpio: images of systemd: softdeps decide", MKINITCPIO SYSTEMD,
		"01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, MKINITCPIO_DROPIN,
				MADE_BY "MODULES+=(vfio_pci)\n"
					"FILES+=(/etc/modprobe.d/pciferry.conf)\n" },
			{ BECOMES, "0000:01:00.0", "vfio-pci" } } },
	{ "mkinitcpio: the user's list is first with busybox",
		MKINITCPIO "text etc/mkinitcpio.conf.d/a.conf MODULES+=(vfio_pci)\n"
			   "text etc/modprobe.d/vfio.conf options vfio-pci ids=8086:1533",
		"", { { BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "mkinitcpio: but races with systemd",
		MKINITCPIO SYSTEMD
		"text etc/mkinitcpio.conf.d/a.conf MODULES+=(vfio_pci)\ntext etc/mkinitcpio.conf.d/b.conf HOOKS+=(modconf)\n"
		"text etc/modprobe.d/vfio.conf options vfio-pci ids=8086:1533",
		"", { { BECOMES, "0000:04:00.0", NULL } } },
	{ "mkinitcpio: without modconf the user's ids= are not in the image",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\nMODULES=(vfio_pci)\nHOOKS=(base udev kms block)\nE\n"
		"text etc/modprobe.d/vfio.conf options vfio-pci ids=10de:1e84",
		"01:00.0 accept=display",
		{ { HOLDS, MODPROBE, "ids=10de:1e84," },
			{ HOLDS, MKINITCPIO_DROPIN, "FILES+=(" MODPROBE ")" },
			{ BECOMES, "0000:01:00.0", "vfio-pci" },
			{ WARNED, "ids-outside", "/etc/modprobe.d/vfio.conf:1" } } },
	{ "mkinitcpio: what is gone is taken out where that is asked for",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\n# vfio_virqfd\nMODULES=(vfio_virqfd vfio_pci\n  vfio_virqfd)\nHOOKS=(base udev modconf)\nE\n"
		"text etc/mkinitcpio.conf.d/a.conf MODULES+=(vfio_virqfd? vfio_virqfd)",
		"clean 04:00.0",
		{ { ACCEPTED },
			{ IS, MKINITCPIO_CONF,
				"# vfio_virqfd\nMODULES=(vfio_pci\n )\nHOOKS=(base udev modconf)\n" },
			{ IS, "/etc/mkinitcpio.conf.d/a.conf",
				"MODULES+=(vfio_virqfd?)\n" },
			{ TOLD, "folklore", "/etc/mkinitcpio.conf:2: vfio_virqfd" },
			{ RUNS, "/usr/bin/mkinitcpio -P" } } },
	{ "mkinitcpio: without a device, too",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\nMODULES=(vfio vfio_virqfd)\nHOOKS=(base udev modconf)\nE\n",
		"clean",
		{ { ACCEPTED },
			{ IS, MKINITCPIO_CONF,
				"MODULES=(vfio)\nHOOKS=(base udev modconf)\n" },
			{ RUNS, "/usr/bin/mkinitcpio -P" } } },
	{ "mkinitcpio: or told",
		MKINITCPIO "text etc/mkinitcpio.conf.d/a.conf MODULES+=(vfio_virqfd)", "",
		{ { TOLD, "folklore",
			"/etc/mkinitcpio.conf.d/a.conf:1: vfio_virqfd does nothing" } } },
	{ "dracut: what is gone is taken out of both lists",
		DRACUT
		"file etc/dracut.conf.d/a.conf <<E\nadd_drivers+=\" vfio vfio_virqfd \"\nforce_drivers+=\" vfio-virqfd\"\nE",
		"clean",
		{ { ACCEPTED }, { TOLD, "folklore", "/etc/dracut.conf.d/a.conf:1: " },
			{ RUNS, "/usr/bin/dracut --force --regenerate-all" },
			{ IS, "/etc/dracut.conf.d/a.conf",
				"add_drivers+=\" vfio \"\nforce_drivers+=\"\"\n" } } },
	{ "booster: what is gone is taken out",
		BOOSTER "text etc/booster.yaml modules_force_load: btrfs,vfio_virqfd,xfs",
		"clean",
		{ { ACCEPTED }, { IS, "/etc/booster.yaml",
					"modules_force_load: btrfs,xfs\n" } } },
	{ "mkinitcpio: a list is loaded in its order, but for softdeps",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\nMODULES=(igb vfio_pci)\nHOOKS=(base udev modconf)\nE\n"
		"text etc/modprobe.d/vfio.conf options vfio-pci ids=8086:1533",
		"", { { BECOMES, "0000:04:00.0", "igb" } } },
	{ "mkinitcpio: a softdep in the image",
		MKINITCPIO
		"file etc/mkinitcpio.conf <<E\nMODULES=(igb vfio_pci)\nHOOKS=(base udev modconf)\nE\n"
		"file etc/modprobe.d/vfio.conf <<E\noptions vfio-pci ids=8086:1533\nsoftdep igb pre: vfio-pci\nE",
		"", { { BECOMES, "0000:04:00.0", "vfio-pci" } } },
	{ "mkinitcpio: images of systemd run no script of ours", MKINITCPIO SYSTEMD,
		"06:00.0", { { REFUSED, "no-method", "part of the kernel" } } },

	{ "booster", BOOSTER, "01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, "/etc/booster.yaml",
				"# pciferry: begin (kept by pciferry, do not edit; the file was made for this)\nmodules_force_load: vfio_pci\n# pciferry: end\n" },
			{ RUNS, "/usr/lib/booster/regenerate_images" } } },
	{ "booster: a list of the user's",
		BOOSTER
		"file etc/booster.yaml <<E\nmodules_force_load: btrfs  # mine\nvconsole: on\nE",
		"01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, "/etc/booster.yaml",
				"modules_force_load: vfio_pci,btrfs  # mine\nvconsole: on\n" BLOCK(
					NOTE) } } },
	{ "booster: in quotes",
		BOOSTER "text etc/booster.yaml modules_force_load: \"a, b\"",
		"01:00.0 accept=display",
		{ { IS, "/etc/booster.yaml",
			"modules_force_load: \"vfio_pci,a, b\"\n" BLOCK(NOTE) } } },
	{ "booster: a driver that is loaded by force in the image",
		BOOSTER "text etc/booster.yaml modules_force_load: btrfs,nouveau\n",
		"01:00.0 accept=display",
		{ { REFUSED, "booster-config",
			  "/etc/booster.yaml:1: modules_force_load has nouveau loaded by force" },
			{ BECOMES, "0000:01:00.0", NULL },
			{ BECOMES, "0000:01:00.1", "vfio-pci" } } },
	{ "booster: one that is in the image: which is first is not certain",
		BOOSTER "text etc/booster.yaml modules: nouveau\n",
		"01:00.0 accept=display",
		{ { BECOMES, "0000:01:00.0", NULL },
			{ REFUSED, "unknown", "before nouveau" } } },
	{ "booster: all taken out again",
		BOOSTER "text etc/booster.yaml modules: nouveau,-*\n",
		"01:00.0 accept=display",
		{ { ACCEPTED }, { BECOMES, "0000:01:00.0", "vfio-pci" } } },
	{ "booster: an empty one", BOOSTER "text etc/booster.yaml modules_force_load:",
		"01:00.0 accept=display",
		{ { IS, "/etc/booster.yaml",
			"modules_force_load: vfio_pci\n" BLOCK(NOTE) } } },
	{ "booster: what it takes for no list",
		BOOSTER "text etc/booster.yaml modules_force_load: [btrfs]",
		"01:00.0 accept=display",
		{ { REFUSED, "booster-config", "no list of names" } } },
	{ "booster: one that has it",
		BOOSTER "text etc/booster.yaml modules_force_load: btrfs,vfio_pci # mine",
		"01:00.0 accept=display",
		{ { ACCEPTED },
			{ IS, "/etc/booster.yaml",
				"modules_force_load: btrfs,vfio_pci # mine\n" } } },

	{ "none: the files alone", NONE, "01:00.0 accept=display",
		{ { ACCEPTED }, { BECOMES, "0000:01:00.0", "vfio-pci" }, { RUNS, "" } } },
	{ "none: a driver of the kernel cannot give way", NONE, "06:00.0",
		{ { REFUSED, "no-method", "part of the kernel" } } },
	{ "two that could be it", DEFAULT_ON "text usr/bin/dracut x", "04:00.0",
		{ { REFUSED, "two-generators",
			"initramfs-tools (/usr/sbin/update-initramfs), or dracut (/usr/bin/dracut)" } } },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		make_host(rows[i].lines);
		check_row(&rows[i]);
	}
}

/* What really makes the images: what is installed is not all that counts. */
static void test_evidence(void **state)
{
	static const struct {
		const char *what, *lines, *id; /* NULL: not clear */
	} cases[] = {
		{ "one", "", "initramfs-tools" },
		{ "one that is only installed, one that is run",
			"text usr/bin/dracut x\ntext etc/kernel/postinst.d/initramfs-tools x",
			"initramfs-tools" },
		{ "the other one",
			"text usr/bin/dracut x\ntext etc/kernel/postinst.d/dracut x",
			"dracut" },
		{ "an image of its naming",
			"text usr/bin/dracut x\ntext boot/initramfs-6.1.img x",
			"dracut" },
		{ "both", "text usr/bin/dracut x", NULL },
		{ "both, and the user's choice",
			"text usr/bin/dracut x\nfile etc/pciferry/claims <<E\n"
			"0000:04:00.0 8086:1533 - ids\ninitramfs dracut\nE",
			"dracut" },
		{ "images of two, one that was loaded",
			NO_TOOLS PKGBASE
			"text usr/bin/booster x\ntext boot/booster-linux.img x\n"
			"text usr/bin/mkinitcpio x\ntext etc/mkinitcpio.conf HOOKS=(base)\n"
			"text boot/initramfs-linux.img x\n"
			"text proc/cmdline initrd=\\booster-linux.img root=/dev/sda1",
			"booster" },
		{ "the machine's own directory on the ESP",
			"text usr/bin/dracut x\ntext etc/machine-id 0123\n"
			"text boot/efi/0123/6.1/initrd x",
			"dracut" },
		{ "an image that nothing here makes",
			NO_TOOLS "text boot/initramfs-genkernel-6.1 x", NULL },
		{ "no image at all", NO_TOOLS, "none" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autohost struct host *host = NULL;
		const struct generator *g;

		make_host(cases[i].lines);
		host = tree_scan();
		g = initramfs_pick(host, host->claims.initramfs);
		check_text(cases[i].what, g ? g->row->id : NULL, cases[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_evidence),
	};

	return RUN(tests);
}

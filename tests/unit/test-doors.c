// SPDX-License-Identifier: GPL-2.0-or-later
/* The doors of a host: what each makes of the driver at the next boot, where it is
 * understood and where it is not. */
#include "support.h"
#include "core/base/text.h"

#define CARD "0000:01:00.0"
#define NIC "0000:04:00.0"
#define DEVICES "/sys/bus/pci/devices/"
#define DRIVER "/sys/bus/pci/drivers/vfio-pci/"

/* Debian, a card and a network card behind bridges; nothing is claimed. */
static const char base[] =
	"kernel 6.1 running\n"
	"module 6.1 vfio-pci\n"
	"module 6.1 nouveau pci:v000010DEd*sv*sd*bc03sc*i*\n"
	"module 6.1 igb pci:v00008086d00001533sv*sd*bc*sc*i*\n"
	"config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n"
	"device 0000:00:00.0 group=0 class=060000 id=8086:4660\n"
	"device 0000:00:01.0 group=1 class=060400 id=8086:460d driver=pcieport bus=01\n"
	"device " CARD " group=16 class=030000 id=10de:1e84 driver=nouveau\n"
	"device " NIC " group=19 class=020000 id=8086:1533 driver=igb\n"
	"text proc/cpuinfo vendor_id : GenuineIntel\n"
	"text proc/cmdline root=/dev/sda1 ro quiet\n"
	"text usr/sbin/update-initramfs x\n"
	"text etc/initramfs-tools/modules # comment\n" DEBIAN_GRUB("");

#define OVERRIDE(address) "echo vfio-pci > " DEVICES address "/driver_override\n"
#define BIND(address) "echo " address " > " DRIVER "bind\n"
#define UNBIND(address) "echo " address " > " DEVICES address "/driver/unbind\n"
#define SCRIPT(path, text) "file " path " 0755 <<E\n#!/bin/sh\n" text "E\n"
#define TOP(name, text) SCRIPT("etc/initramfs-tools/scripts/init-top/" name, text)
#define RULE(text) "file etc/udev/rules.d/60-mine.rules <<E\n" text "\nE\n"
#define UNIT(lines)                                                                      \
	"file etc/systemd/system/take.service <<E\n[Service]\nType=oneshot\n" lines      \
	"[Install]\nWantedBy=multi-user.target\nE\n"
#define ENABLED                                                                          \
	"link etc/systemd/system/multi-user.target.wants/take.service -> ../take.service\n"
#define STATUS(sum)                                                                                       \
	"file var/lib/dpkg/status <<E\nPackage: take\nConffiles:\n /etc/systemd/system/take.service " sum \
	"\nE\n"
#define LOAD "text etc/modules vfio-pci\n"
#define NOW(address) "bind " address " vfio-pci\n"
#define NOT_KNOWN "not known: "
#define DRACUT                                                                           \
	"remove usr/sbin/update-initramfs\nremove etc/initramfs-tools\n"                 \
	"text usr/bin/dracut x\ntext usr/lib/kernel/install.d/50-dracut.install x\n"     \
	"text boot/initramfs-6.1.img x\n"
#define MKINITCPIO(hooks)                                                                \
	"remove usr/sbin/update-initramfs\nremove etc/initramfs-tools\n"                 \
	"text usr/bin/mkinitcpio x\ntext etc/mkinitcpio.conf HOOKS=(" hooks ")\n"

static const struct {
	const char *what, *lines;
	const char *card; /* its driver after the boot; NULL: none */
	const char *why; /* part of the reason */
} rows[] = {
	{ "nothing", "", "nouveau", "nothing changes" },
	{ "what is on every host",
		RULE("ACTION==\"bind\", SUBSYSTEM==\"pci\", TAG+=\"systemd\"\n"
		     "SUBSYSTEM==\"pci\", IMPORT{program}=\"/usr/lib/udev/asks %k\", RUN+=\"/usr/lib/udev/says $kernel\"")
			UNIT("BindPaths=/run/vfio\nExecStart=/bin/mount --bind /a /b\nExecStartPre=/usr/bin/lspci -s " CARD
			     "\n") ENABLED SCRIPT("etc/rc.local", "# vfio-pci\nexit 0\n"),
		"nouveau", "nothing changes" },
	/* initramfs-tools */
	{ "a script before udev", TOP("00-vfio", OVERRIDE(CARD) "modprobe vfio-pci\n"),
		"vfio-pci", "init-top/00-vfio:2 gives it to vfio-pci" },
	{ "one that nothing loads vfio-pci for", TOP("00-vfio", OVERRIDE(CARD)), NULL,
		"init-top/00-vfio:2 keeps it for vfio-pci, but nothing loads that" },
	{ "the way out",
		TOP("00-vfio",
			OVERRIDE(
				CARD) "modprobe vfio-pci\n") "text etc/default/grub GRUB_CMDLINE_LINUX=\"module_blacklist=vfio_pci\"\n",
		NULL, "but module_blacklist=vfio_pci is on the kernel command line" },
	{ "behind udev, and it has it now",
		TOP("vfio", OVERRIDE(CARD) "modprobe vfio-pci\n") NOW(CARD), "vfio-pci",
		"" },
	{ "behind udev, and it has it not",
		TOP("vfio", OVERRIDE(CARD) "modprobe vfio-pci\n"), NULL,
		NOT_KNOWN "/etc/initramfs-tools/scripts/init-top/vfio:2 sets" },
	{ "by its prerequisites, too",
		TOP("00-vfio", "PREREQ=\"udev\"\n" OVERRIDE(CARD) "modprobe vfio-pci\n"),
		NULL, NOT_KNOWN },
	{ "a script that is not run",
		"file etc/initramfs-tools/scripts/init-top/00-vfio 0644 <<E\n" OVERRIDE(
			CARD) "E\n",
		"nouveau", "nothing changes" },
	{ "a script that is not understood",
		TOP("00-vfio",
			"d=$(lspci -Dnd 10de:1e84 | cut -d' ' -f1)\necho vfio-pci > " DEVICES
			"$d/driver_override\n"),
		NULL, NOT_KNOWN "/etc/initramfs-tools/scripts/init-top/00-vfio:3 acts" },
	{ "of another device", TOP("00-vfio", "/root/take " NIC "\n"), "nouveau",
		"nothing changes" },
	{ "of a device that is not there", TOP("00-vfio", OVERRIDE("0000:0a:00.0")),
		"nouveau", "nothing changes" },
	{ "a hook that puts IDs into the image",
		SCRIPT("etc/initramfs-tools/hooks/vfio",
			"force_load vfio-pci ids=10de:1e84\n"),
		NULL, NOT_KNOWN "/etc/initramfs-tools/hooks/vfio:2" },
	{ "a hook that has the module in it",
		SCRIPT("etc/initramfs-tools/hooks/vfio", "manual_add_modules vfio-pci\n"),
		"nouveau", "nothing changes" },
	/* dracut */
	{ "a hook of dracut's",
		DRACUT SCRIPT("usr/lib/dracut/modules.d/40mine/take.sh",
			OVERRIDE(CARD) "modprobe vfio-pci\n")
			SCRIPT("usr/lib/dracut/modules.d/40mine/module-setup.sh",
				"install() {\n inst_hook pre-udev 10 \"$moddir/take.sh\"\n instmods vfio-pci\n}\n"),
		"vfio-pci", "40mine/take.sh:2 gives it" },
	{ "that is in no image",
		DRACUT SCRIPT("usr/lib/dracut/modules.d/40mine/take.sh",
			OVERRIDE(CARD) "modprobe vfio-pci\n")
			SCRIPT("usr/lib/dracut/modules.d/40mine/module-setup.sh",
				"check() {\n return 255\n}\ninstall() {\n inst_hook pre-udev 10 \"$moddir/take.sh\"\n instmods vfio-pci\n}\n"),
		"nouveau", "nothing changes" },
	{ "another generator's", DRACUT TOP("00-vfio", OVERRIDE(CARD)), "nouveau",
		"nothing changes" },
	/* mkinitcpio */
	{ "a hook of mkinitcpio's",
		MKINITCPIO("base mine udev") SCRIPT("etc/initcpio/hooks/mine",
			"run_earlyhook() {\n" OVERRIDE(CARD) "modprobe vfio-pci\n}\n"),
		"vfio-pci", "hooks/mine:3 gives it" },
	{ "that is not listed",
		MKINITCPIO("base udev") SCRIPT("etc/initcpio/hooks/mine",
			"run_earlyhook() {\n" OVERRIDE(CARD) "modprobe vfio-pci\n}\n"),
		"nouveau", "nothing changes" },
	/* udev */
	{ "a rule by the name of it or one above",
		RULE("ACTION==\"add\", SUBSYSTEM==\"pci\", KERNELS==\"" CARD
		     "\", ATTR{driver_override}=\"vfio-pci\"") LOAD,
		"vfio-pci", "a udev rule" },
	{ "by that of its bridge",
		RULE("SUBSYSTEM==\"pci\", KERNELS==\"0000:00:01.0\", ATTR{driver_override}=\"vfio-pci\"")
			LOAD,
		"vfio-pci", "a udev rule" },
	{ "by another's",
		RULE("SUBSYSTEM==\"pci\", KERNELS==\"0000:00:02.0\", ATTR{driver_override}=\"vfio-pci\"")
			LOAD,
		"nouveau", "nothing changes" },
	{ "a rule that has it probed, of its own bus",
		RULE("KERNEL==\"" CARD
		     "\", ATTR{driver_override}=\"vfio-pci\", ATTR{subsystem/drivers_probe}=\"$kernel\"") "module 6.1 vfio-pci builtin\n",
		"vfio-pci", "a udev rule" },
	{ "a rule that runs the binding",
		RULE("KERNEL==\"" CARD
		     "\", ATTR{driver_override}=\"vfio-pci\", RUN+=\"/bin/sh -c 'echo %k > " DRIVER
		     "bind'\"") "module 6.1 vfio-pci builtin\n",
		"vfio-pci", "60-mine.rules:1 gives it to vfio-pci" },
	{ "a rule that runs a probing",
		RULE("KERNEL==\"" CARD
		     "\", ATTR{driver_override}=\"vfio-pci\", RUN+=\"/bin/sh -c 'echo " CARD
		     " > /sys/bus/pci/drivers_probe'\"") "module 6.1 vfio-pci builtin\n",
		"vfio-pci", "60-mine.rules:1 gives it to vfio-pci" },
	{ "a rule that runs the override, beside the driver",
		RULE("KERNEL==\"" CARD "\", RUN+=\"/bin/sh -c 'echo vfio-pci > " DEVICES
		     "%k/driver_override'\"") LOAD,
		NULL, NOT_KNOWN "/etc/udev/rules.d/60-mine.rules:1" },
	{ "a rule that depends on a program",
		RULE("KERNEL==\"" CARD
		     "\", PROGRAM==\"/usr/bin/asks\", ATTR{driver_override}=\"vfio-pci\"")
			LOAD,
		NULL, NOT_KNOWN "/etc/udev/rules.d/60-mine.rules:1" },
	{ "or is skipped by what one says",
		RULE("SUBSYSTEM==\"pci\", PROGRAM==\"/usr/bin/asks\", GOTO=\"end\"\nKERNEL==\"" CARD
		     "\", ATTR{driver_override}=\"vfio-pci\"\nLABEL=\"end\"") LOAD,
		NULL, NOT_KNOWN "/etc/udev/rules.d/60-mine.rules:2" },
	{ "but for another device",
		RULE("KERNEL==\"" NIC
		     "\", PROGRAM==\"/usr/bin/asks\", ATTR{driver_override}=\"vfio-pci\""),
		"nouveau", "nothing changes" },
	{ "a program about something else",
		RULE("SUBSYSTEM==\"pci\", PROGRAM==\"/usr/bin/asks %k\", SYMLINK+=\"a\"\n"
		     "KERNEL==\"" NIC "\", ATTR{driver_override}=\"vfio-pci\""),
		"nouveau", "nothing changes" },
	/* modprobe.d */
	{ "an install line with a script",
		"file etc/modprobe.d/vfio.conf <<E\ninstall vfio-pci /usr/local/bin/take.sh\nE\n" SCRIPT(
			"usr/local/bin/take.sh", "/root/other " CARD "\n"),
		NULL, NOT_KNOWN "/usr/local/bin/take.sh:2" },
	{ "that comes first in the image",
		MKINITCPIO(
			"base udev modconf") "file etc/mkinitcpio.conf <<E\nMODULES=(vfio_pci)\nHOOKS=(base udev modconf)\nE\n"
					     "file etc/modprobe.d/vfio.conf <<E\ninstall vfio-pci /usr/local/bin/take.sh\nE\n" SCRIPT(
						     "usr/local/bin/take.sh",
						     OVERRIDE(
							     CARD) "modprobe -i vfio-pci\n"),
		"vfio-pci", "/usr/local/bin/take.sh:2 gives it to vfio-pci" },
	/* services */
	{ "a service",
		UNIT("ExecStartPre=/sbin/modprobe vfio-pci\nExecStart=/bin/sh -c 'echo " CARD
		     " > " DEVICES CARD "/driver/unbind; echo 10de 1e84 > " DRIVER
		     "new_id'\n") ENABLED,
		"vfio-pci", "take.service:4 gives it to vfio-pci" },
	{ "a service that is off", UNIT("ExecStart=/root/take " CARD "\n"), "nouveau",
		"nothing changes" },
	{ "a service with a script that gets the device",
		UNIT("ExecStart=/usr/local/sbin/take " CARD "\n") ENABLED SCRIPT(
			"usr/local/sbin/take",
			"modprobe vfio-pci\necho vfio-pci > " DEVICES
			"$1/driver_override\n"
			"echo $1 > " DEVICES
			"$1/driver/unbind\necho $1 > /sys/bus/pci/drivers_probe\n"),
		"vfio-pci", "/usr/local/sbin/take:5 gives it to vfio-pci" },
	{ "a service that is not understood",
		UNIT("ExecStart=/opt/take " CARD "\n") ENABLED, NULL,
		NOT_KNOWN "/etc/systemd/system/take.service:3" },
	{ "rc.local",
		SCRIPT("etc/rc.local",
			"modprobe vfio-pci\n" OVERRIDE(CARD) UNBIND(CARD) BIND(CARD)),
		"vfio-pci", "/etc/rc.local:5 gives it to vfio-pci" },
	{ "rc.local, with a condition",
		SCRIPT("etc/rc.local",
			"/root/asks && virsh nodedev-detach pci_0000_01_00_0\n"),
		NULL, NOT_KNOWN "/etc/rc.local:2" },
	{ "cron",
		"text etc/cron.d/x @reboot root /usr/bin/driverctl set-override " CARD
		" vfio-pci\n",
		"vfio-pci", "/etc/cron.d/x:1 gives it to vfio-pci" },
	{ "tmpfiles",
		"text etc/tmpfiles.d/x.conf w /sys/bus/pci/devices/" CARD
		"/driver_override - - - - vfio-pci\n",
		"nouveau", "nothing changes" },
	{ "a guest's hook",
		SCRIPT("etc/libvirt/hooks/qemu", "[ $1 = win ] && " BIND(CARD)) NOW(CARD),
		"nouveau", "nothing changes" },
	/* packages */
	{ "a package's own unit",
		UNIT("ExecStart=/usr/bin/take " CARD "\n")
			ENABLED STATUS("e9dbec717e12700753e4174518062c29"),
		"nouveau", "nothing changes" },
	{ "one that was changed",
		UNIT("ExecStart=/opt/take " CARD "\n")
			ENABLED STATUS("e9dbec717e12700753e4174518062c29"),
		NULL, NOT_KNOWN },
	{ "a package's own file below /usr",
		SCRIPT("usr/share/initramfs-tools/scripts/init-top/take", "/usr/bin/take " CARD "\n") "file var/lib/dpkg/info/take.md5sums <<E\n83c582719e5064556f9b0ae96efb3ecc  usr/share/initramfs-tools/scripts/init-top/take\nE\n" STATUS(
			"x"),
		"nouveau", "nothing changes" },
};

static const struct forecast *forecast_of(const struct plan *plan, const char *address)
{
	for (size_t i = 0; i < plan->n_forecasts; i++)
		if (streq(plan->forecasts[i].address, address))
			return &plan->forecasts[i];
	return NULL;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autofree char *lines = text_printf("%s%s\n", base, rows[i].lines);
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;
		const struct forecast *f;

		tree_renew();
		tree_expand(lines);
		host = tree_scan();
		plan = make_plan(host, "");
		f = forecast_of(plan, CARD);
		assert_non_null(f);
		if (!streq_null(f->after, rows[i].card))
			complain("%s: becomes %s (%s), should %s", rows[i].what,
				f->after ?: "none", f->why, rows[i].card ?: "none");
		check_holds(rows[i].what, f->why, rows[i].why);
	}
}

/* What keeps a released device, and what has a chosen one already, is told. */
static void test_findings(void **state)
{
	static const char script[] = TOP("00-vfio", OVERRIDE(CARD) "modprobe vfio-pci\n");
	autofree char *lines = text_printf("%s%s\n", base, script);
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	const struct finding *f;

	(void)state;
	tree_renew();
	tree_expand(lines);
	host = tree_scan();
	plan = make_plan(host, "01:00.0");
	f = plan_finding(plan, "user-override");
	assert_non_null(f);
	check_holds("chosen", f->text,
		"/etc/initramfs-tools/scripts/init-top/00-vfio:2 gives " CARD
		" to vfio-pci already");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_findings),
	};

	return RUN(tests);
}

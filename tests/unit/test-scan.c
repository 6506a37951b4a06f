// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a host: whole ones, half ones, and ones that change meanwhile. */
#include "strike.h"
#include "assets.h"
#include "core/host/module.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/plan/draft.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void check_modules(const char *what, const struct device *d, const char *want)
{
	autofree char *joined = NULL;

	joined = strv_join(d->modules, " ");
	check_text(what, joined, want);
}

static const struct device *device_at(const struct host *host, const char *address)
{
	const struct device *d = host_device(host, address);

	if (!d)
		fail_msg("no %s", address);
	return d;
}

static void test_sample(void **state)
{
	autohost struct host *host = NULL;
	const struct device *d;

	(void)state;
	tree_expand(asset_sample_desktop_host);
	host = tree_scan();
	assert_int_equal(host->n_devices, 35);
	assert_null(host->notes);
	assert_int_equal(host->iommu, IOMMU_ACTIVE);
	assert_int_equal(host->cpu, CPU_INTEL);
	assert_string_equal(host->running, "6.12.100+deb12-amd64");
	assert_int_equal(host->n_kernels, 2);
	assert_string_equal(
		host->kernels[0].release, "6.12.100+deb12-amd64"); /* newest first */
	assert_int_equal(
		kernel_config(&host->kernels[1], "CONFIG_INTEL_IOMMU_DEFAULT_ON"), 'n');
	assert_int_equal(kernel_config(&host->kernels[1], "CONFIG_VFIO_PCI"), 'm');
	assert_int_equal(kernel_config(&host->kernels[1], "CONFIG_VFIO"), 'm');
	assert_int_equal(kernel_config(&host->kernels[1], "CONFIG_NONE"), 'n');
	assert_int_equal(
		module_place(host->kernels[0].modules, "vfio_pci"), MODULE_LOADABLE);
	assert_int_equal(
		module_place(host->kernels[0].modules, "8250_pci"), MODULE_BUILTIN);
	assert_int_equal(
		module_place(host->kernels[0].modules, "vfio_virqfd"), MODULE_MISSING);
	assert_int_equal(
		module_place(host->kernels[1].modules, "vfio_virqfd"), MODULE_LOADABLE);
	assert_int_equal(host->n_evidence, 1);
	assert_non_null(initramfs_pick(host, NULL));

	d = device_at(host, "0000:01:00.0");
	assert_int_equal(d->vendor, 0x10de);
	assert_int_equal(d->device, 0x1e84);
	assert_int_equal(d->subvendor, 0x10de);
	assert_int_equal(d->subdevice, 0x139f);
	assert_int_equal(d->class, 0x030000);
	assert_int_equal(d->group, 16);
	assert_string_equal(d->driver, "nouveau");
	assert_string_equal(d->bridge, "0000:00:01.0");
	assert_non_null(strstr(d->name, "GeForce RTX 2070"));
	assert_string_equal(d->class_name, "VGA compatible controller");
	assert_string_equal(
		d->modalias, "pci:v000010DEd00001E84sv000010DEsd0000139Fbc03sc00i00");
	assert_false(d->boot_vga);
	check_modules("one kernel's module", d, "nouveau");
	check_modules("every kernel's modules", device_at(host, "0000:06:00.0"),
		"xhci_pci xhci_pci_renesas");
	check_modules("modules of both", device_at(host, "0000:00:02.0"), "i915 xe");
	check_modules("none", device_at(host, "0000:01:00.3"), "");
	assert_true(device_at(host, "0000:00:02.0")->boot_vga);
	assert_null(device_at(host, "0000:00:02.0")->bridge);
	assert_null(device_at(host, "0000:01:00.3")->driver);
	assert_string_equal(host_driver(host, "xhci_hcd")->module, "xhci_pci");
	assert_false(host_driver(host, "xhci_hcd")->builtin);
	/* Without a link to a module in sysfs: part of the kernel. */
	assert_null(host_driver(host, "pcieport")->module);
	assert_true(host_driver(host, "pcieport")->builtin);
}

static bool noted(const struct host *host, const char *part)
{
	for (char **note = host->notes; note && *note; note++)
		if (strstr(*note, part))
			return true;
	return false;
}

/* Whatever is odd is said, and everything else is there. */
static void test_half(void **state)
{
	static const char *const notes[] = { "0000:04:00.0 says nothing",
		"0000:05:00.0 says nothing",
		"0000:08:00.0 says nothing", /* numbers that are none */
		"0000:06:00.0 is gone", "iommu_groups/8/devices",
		"\x1b]0;gone\x07 is no PCI address", "mountinfo" };
	autohost struct host *host = NULL;
	const struct device *d;

	(void)state;
	tree_expand_host("half-sysfs.host");
	host = tree_scan();
	assert_int_equal(host->n_devices, 6);
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++)
		if (!noted(host, notes[i]))
			complain("no note says \"%s\"", notes[i]);
	assert_int_equal(host->n_kernels, 0);
	assert_int_equal(host->cpu, CPU_INTEL); /* by the host bridge */
	assert_int_equal(host->n_evidence, 0);

	d = device_at(host, "0000:01:00.0"); /* no uevent */
	assert_int_equal(d->device, 0x1e84);
	assert_int_equal(d->subdevice, 0x139f);
	assert_string_equal(d->driver, "nouveau");
	assert_null(d->modalias);
	d = device_at(host, "0000:02:00.0"); /* uevent only */
	assert_int_equal(d->vendor, 0x144d);
	assert_int_equal(d->subdevice, 0xa801);
	assert_int_equal(d->class, 0x010802);
	assert_string_equal(d->driver, "nvme");
	d = device_at(host, "0000:03:00.0"); /* uevent cannot be read */
	assert_int_equal(d->device, 0x1533);
	d = device_at(host, "0000:07:00.0");
	assert_string_equal(d->driver, "evil\x1b[31m\x07"
				       "driver"); /* as it is: see text.h */
	assert_non_null(strstr(d->name, "Renesas"));
}

static void test_nothing(void **state)
{
	autohost struct host *host = tree_scan();

	(void)state;
	assert_int_equal(host->n_devices, 0);
	assert_int_equal(host->n_groups, 0);
	assert_int_equal(host->iommu, IOMMU_UNKNOWN);
	assert_int_equal(host->cpu, CPU_UNKNOWN);
	assert_null(host->cmdline);
	assert_true(noted(host, "/sys/bus/pci/devices"));
}

static void test_vmd(void **state)
{
	autohost struct host *host = NULL;
	const struct device *d;

	(void)state;
	tree_expand_host("vmd.host");
	host = tree_scan();
	d = device_at(host, "10000:e1:00.0");
	assert_int_equal(d->at.domain, 0x10000);
	assert_int_equal(d->group, 7);
	assert_string_equal(d->bridge, "10000:e0:06.0");
	assert_string_equal(host->devices[host->n_devices - 1].address, "10000:e1:00.0");
	assert_null(device_at(host, "10000:e0:06.0")->bridge); /* on VMD's root bus */
}

static void test_sriov(void **state)
{
	autohost struct host *host = NULL;

	(void)state;
	tree_expand_host("sriov.host");
	host = tree_scan();
	assert_string_equal(device_at(host, "0000:02:10.4")->physfn, "0000:01:00.0");
	assert_null(device_at(host, "0000:01:00.0")->physfn);
}

/* A captured tree has real directories where sysfs has links, and no groups' directory.
 */
static void test_flat(void **state)
{
	autohost struct host *host = NULL;
	const struct device *d;

	(void)state;
	tree_put("sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n");
	tree_put("sys/bus/pci/devices/0000:01:00.0/device", "0x1e84\n");
	tree_put("sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n");
	tree_symlink("sys/bus/pci/devices/0000:01:00.0/driver", "../../drivers/nouveau");
	tree_symlink("sys/bus/pci/devices/0000:01:00.0/iommu_group",
		"../../../../kernel/iommu_groups/3");
	tree_put("sys/bus/pci/devices/0000:02:00.0/uevent",
		"PCI_CLASS=C0330\nPCI_ID=1912:0014\n");
	tree_symlink("sys/bus/pci/devices/0000:02:00.0/iommu_group",
		"../../../../kernel/iommu_groups/3");
	host = tree_scan();
	assert_int_equal(host->n_devices, 2);
	d = device_at(host, "0000:01:00.0");
	assert_int_equal(d->group, 3);
	assert_string_equal(d->driver, "nouveau");
	assert_null(d->bridge);
	d = device_at(host, "0000:02:00.0");
	assert_int_equal(d->class, 0x0c0330);
	assert_int_equal(d->subvendor, -1);
	assert_int_equal(host->n_groups, 1);
	assert_int_equal(host->iommu, IOMMU_ACTIVE);
}

static void test_iommu_state(void **state)
{
	static const struct {
		const char *lines;
		enum iommu_state iommu;
		enum cpu_vendor cpu;
	} cases[] = {
		{ "device 0000:00:00.0 group=0 class=060000 id=8086:4660", IOMMU_ACTIVE,
			CPU_INTEL },
		{ "device 0000:00:00.0 class=060000 id=8086:4660\nhex sys/firmware/acpi/tables/DMAR 44",
			IOMMU_OFF, CPU_INTEL },
		{ "device 0000:00:00.0 class=060000 id=1022:1480\nhex sys/firmware/acpi/tables/IVRS 44",
			IOMMU_OFF, CPU_AMD },
		{ "device 0000:00:00.0 class=060000 id=1022:1480\nhex sys/firmware/acpi/tables/FACP 44",
			IOMMU_ABSENT, CPU_AMD },
		{ "device 0000:00:00.0 class=060000 id=1022:1480\ndir sys/kernel/iommu_groups",
			IOMMU_UNKNOWN, CPU_AMD },
		{ "device 0000:00:00.0 class=060000 id=1022:1480\ntext proc/cpuinfo vendor_id : GenuineIntel",
			IOMMU_UNKNOWN, CPU_INTEL },
		{ "device 0000:00:00.0 class=060000 id=1b36:0008\ntext proc/cpuinfo CPU implementer : 0x41",
			IOMMU_UNKNOWN, CPU_ARM },
		{ "device 0000:00:00.0 class=020000 id=8086:1533", IOMMU_UNKNOWN,
			CPU_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autohost struct host *host = NULL;

		tree_renew();
		tree_expand(cases[i].lines);
		host = tree_scan();
		check_number(cases[i].lines, (long)host->iommu, (long)cases[i].iommu);
		check_number(cases[i].lines, (long)host->cpu, (long)cases[i].cpu);
	}
}

/* Takes a device away and brings it back, until it is killed. */
static pid_t start_flicker(void)
{
	autofree char *here = tree_path("sys/devices/pci0000:00/0000:00:03.0");
	autofree char *away = tree_path("sys/devices/pci0000:00/away");
	pid_t pid = fork();

	assert_true(pid >= 0);
	while (pid == 0) {
		(void)rename(here, away);
		(void)rename(away, here);
	}
	return pid;
}

/* Devices come and go while they are read: each scan has it whole, or says it is odd. */
static void test_vanishing(void **state)
{
	size_t there = 0;
	pid_t pid;
	int status;

	(void)state;
	tree_expand("device 0000:00:02.0 group=1 class=020000 id=8086:1533 driver=igb\n"
		    "device 0000:00:03.0 group=2 class=020000 id=8086:1533 driver=igb\n");
	pid = start_flicker();
	for (int i = 0; i < 100; i++) {
		autohost struct host *host = tree_scan();
		const struct device *d = host_device(host, "0000:00:03.0");

		device_at(host, "0000:00:02.0");
		there += d != NULL;
		if (d && d->vendor != 0x8086 && d->vendor != -1)
			complain("vendor %x", (unsigned)d->vendor);
		if (!d && !noted(host, "0000:00:03.0"))
			complain("0000:00:03.0 is missing, and nothing says so");
	}
	(void)kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	print_message("  the device was there in %zu of 100 scans\n", there);
}

/* A scan that finds less than there is fails. */
static int scan_whole(void)
{
	autohost struct host *host = NULL;
	const struct device *d;
	struct err err = { 0 };

	if (host_scan(tree_root, &host, &err) < 0)
		return strstr(err.text, "Input/output error") ? 0 : -1;
	d = host_device(host, "0000:00:02.0");
	return d && d->vendor == 0x8086 && d->driver && streq(d->driver, "igb") &&
			       d->group == 1
		       ? 0
		       : -1;
}

/* What a bad disk does not give stops the scan: it does not pass for missing. */
static void test_fault(void **state)
{
	static const struct strike strike = {
		.name = "EIO", .error = EIO, .looks = true
	};
	size_t n = 0;
	int result = 0;

	(void)state;
	tree_expand("device 0000:00:02.0 group=1 class=020000 id=8086:1533 driver=igb\n");
	for (; result >= 0; n++) {
		result = struck_at(scan_whole, n, &strike);
		if (result > 0)
			complain("with EIO at call %zu it found less", n);
	}
	print_message("  %zu calls struck\n", n);
	check_number("it sees the calls", n > 100, true);
}

static void test_find(void **state)
{
	static const struct {
		const char *word;
		int r;
		const char *found; /* or what err says */
	} cases[] = {
		{ "0000:01:00.0", 0, "0000:01:00.0" },
		{ "01:00.0", 0, "0000:01:00.0" },
		{ "0000:0A:00.0", 0, "0000:0a:00.0" },
		{ "10de:1e84", 0, "0000:01:00.0" },
		{ "10DE:1E84", 0, "0000:01:00.0" },
		{ "10000:e1:00.0", 0, "10000:e1:00.0" },
		{ "8086:1533", -EINVAL, "0000:04:00.0, 0000:0a:00.0" },
		{ "8086:ffff", -ENOENT, "8086:ffff" },
		{ "0000:07:00.0", -ENOENT, "0000:07:00.0" },
		{ "1:00:00.0", -ENOENT, "1:00:00.0" },
		{ "10de", -EINVAL, "is no device" },
		{ "gpu", -EINVAL, "is no device" },
		{ "", -EINVAL, "is no device" },
		{ "10de:1e8", -EINVAL, "is no device" },
		{ "10de11e84", -EINVAL, "is no device" },
	};
	autohost struct host *host = NULL;

	(void)state;
	tree_expand(
		"device 0000:01:00.0 class=030000 id=10de:1e84\ndevice 0000:04:00.0 class=020000 id=8086:1533\n"
		"device 0000:0a:00.0 class=020000 id=8086:1533\ndevice 10000:e1:00.0 class=010802 id=144d:a80a\n");
	host = tree_scan();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct device *d = NULL;
		struct err err = { 0 };
		int r = host_find(host, cases[i].word, &d, &err);

		check_number(cases[i].word, r, cases[i].r);
		check_number(cases[i].word, d != NULL, r == 0);
		if (d)
			check_text(cases[i].word, d->address, cases[i].found);
		else
			check_holds(cases[i].word, err.text, cases[i].found);
	}
}

/* The one file whose faults stop a scan: acting without the claims would drop them. */
static void test_broken_claims(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "nonsense", "/etc/pciferry/claims:1: " },
		{ NULL, "/etc/pciferry/claims is not a regular file" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct host *host = NULL;
		struct err err = { 0 };

		tree_renew();
		if (cases[i].text)
			tree_put("etc/pciferry/claims", cases[i].text);
		else
			tree_mkdir("etc/pciferry/claims");
		assert_true(host_scan(tree_root, &host, &err) < 0);
		assert_null(host);
		check_holds("claims", err.text, cases[i].says);
	}
}

/* Single files, directories whose names hide those of later ones, and the place that
 * each user's own services have. */
static void test_watched(void **state)
{
	static const struct {
		const char *path, *text; /* NULL: not there, or hidden */
		bool watched;
	} rows[] = {
		{ "/etc/default/grub", NULL, true },
		{ "/etc/default/grub2", NULL, false },
		{ "/etc/modprobe.d/a.conf", "a", true },
		{ "/etc/modprobe.d/b.conf", NULL, true },
		{ "/etc/modprobe.d/a.conf.old", NULL, false },
		{ "/etc/modprobe.d/x.d/a.conf", NULL, false },
		{ "/run/modprobe.d/a.conf", NULL, true },
		{ "/usr/lib/modprobe.d/a.conf", NULL, true },
		{ "/usr/lib/modprobe.d/b.conf", "b", true },
		{ "/lib/modprobe.d/b.conf", NULL, true },
		{ "/lib/modprobe.d/c.conf", "c", true },
		{ "/boot/loader/entries/a.conf", "1", true },
		{ "/efi/loader/entries/a.conf", "2", true },
		{ "/etc/systemd/system/user@7.service.d/pciferry.conf", "7", true },
		{ "/etc/systemd/system/user@8.service.d/pciferry.conf", NULL, true },
		{ "/etc/systemd/system/user@7.service.d/other.conf", NULL, false },
		{ "/etc/systemd/system/sshd@7.service.d/pciferry.conf", NULL, false },
		{ "/etc/systemd/system/user@/7.service.d/pciferry.conf", NULL, false },
	};
	autohost struct host *host = NULL;

	(void)state;
	tree_expand("text etc/modprobe.d/a.conf a\n"
		    "text etc/modprobe.d/a.conf.old no\n"
		    "text etc/modprobe.d/x.d/a.conf no\n"
		    "text etc/modprobe.d/.hidden.conf no\n"
		    "text run/modprobe.d/a.conf no\n"
		    "text usr/lib/modprobe.d/a.conf no\n"
		    "text usr/lib/modprobe.d/b.conf b\n"
		    "text lib/modprobe.d/b.conf no\n"
		    "text lib/modprobe.d/c.conf c\n"
		    "text boot/loader/entries/a.conf 1\n"
		    "text efi/loader/entries/a.conf 2\n"
		    "text etc/systemd/system/user@7.service.d/pciferry.conf 7\n"
		    "text etc/systemd/system/user@7.service.d/other.conf no\n"
		    "text etc/systemd/system/sshd@7.service.d/pciferry.conf no\n"
		    "text etc/systemd/system/lonely no\n");
	host = tree_scan();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autofree char *text = NULL;

		check_number(
			rows[i].path, host_watches(host, rows[i].path), rows[i].watched);
		if (rows[i].watched && host_text(host, rows[i].path))
			text = strndup(host_text(host, rows[i].path), 1);
		check_text(rows[i].path, text, rows[i].text);
	}
	for (size_t i = 0; i < host->n_files; i++)
		if (host->files[i].text && strstr(host->files[i].text, "no"))
			complain("%s is read", host->files[i].path);
	check_number("files without a suffix", (long)strv_len(host->unread), 0);
}

/* Of a file that nobody watches it is not known what is in it. */
static void change_unwatched(void)
{
	autohost struct host *host = tree_scan();
	struct plan plan = { 0 };
	struct draft draft = { .host = host, .plan = &plan };
	const struct rlimit none = { 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	if (!freopen("/dev/null", "w", stderr))
		_exit(125);
	(void)signal(SIGABRT, SIG_DFL);
	draft_change(&draft, "/etc/fstab", "x", "no reason");
}

static void test_unwatched(void **state)
{
	int status;

	(void)state;
	status = in_child(change_unwatched);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sample),
		TEST(test_half),
		TEST(test_nothing),
		TEST(test_vmd),
		TEST(test_sriov),
		TEST(test_flat),
		TEST(test_iommu_state),
		TEST(test_vanishing),
		TEST(test_fault),
		TEST(test_find),
		TEST(test_broken_claims),
		TEST(test_watched),
		TEST(test_unwatched),
	};

	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Host files, the trees they expand into, and the sample host with its commands. */
#include "support.h"

#include <fcntl.h>
#include <libkmod.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "assets.h"
#include "core/base/root.h"
#include "core/base/strv.h"
#include "sample/hostfile.h"
#include "sample/sample.h"

static char dir[64]; /* of the test that runs */

static int setup(void **state)
{
	(void)state;
	(void)strcpy(dir, "/tmp/pciferry-test-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	sample_remove(dir);
	return access(dir, F_OK) == 0 ? -1 : 0;
}

static int expand(const char *text, struct err *err)
{
	autoclose int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return hostfile_expand(text, "t.host", fd, err);
}

static void expand_ok(const char *text)
{
	struct err err = { 0 };

	if (expand(text, &err) < 0)
		fail_msg("%s", err.text);
}

static char *path_of(const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", dir, name) >= 0);
	return path;
}

/* A file of the tree, with its length where that is asked for. */
static char *slurp(const char *name, size_t *ret_len)
{
	autoroot struct root *root = NULL;
	char *text = NULL;

	assert_int_equal(root_open(dir, &root, NULL), 0);
	if (root_read(root, name, 1 << 20, &text, ret_len) < 0)
		fail_msg("%s: cannot be read", name);
	return text;
}

static void assert_file(const char *name, const char *expected)
{
	autofree char *text = slurp(name, NULL);

	assert_string_equal(text, expected);
}

static void assert_link(const char *name, const char *expected)
{
	autofree char *path = path_of(name);
	char target[256];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n < 0)
		fail_msg("%s is no link", name);
	target[n] = '\0';
	assert_string_equal(target, expected);
}

/* The link leads to something that is there. */
static void assert_leads(const char *name, const char *attribute, const char *expected)
{
	autofree char *file = NULL;

	assert_true(asprintf(&file, "%s/%s", name, attribute) >= 0);
	assert_file(file, expected);
}

static const struct {
	const char *text, *says;
} mistakes[] = {
	{ "nonsense a b", "t.host:1: nonsense is no directive" },
	{ "# one\n\ndir a b", "t.host:3: dir needs: PATH" },
	{ "dir ../a", "t.host:1: ../a is not a path below" },
	{ "dir a/../../b", "t.host:1: a/../../b is not a path below" },
	{ "dir /a", "t.host:1: /a is not a path below" },
	{ "dir a//b", "t.host:1: a//b is not a path below" },
	{ "dir a/", "t.host:1: a/ is not a path below" },
	{ "dir \"\"", "t.host:1:  is not a path below" },
	{ "text ../a x", "t.host:1: ../a is not a path below" },
	{ "text a", "t.host:1: text needs" },
	{ "link a b c", "t.host:1: a link is written" },
	{ "link ../a -> b", "t.host:1: ../a is not a path below" },
	{ "file a <<E\nx\nE\ndir", "t.host:4: dir needs" },
	{ "file a <<E\nx\n", "t.host:1: no line E ends" },
	{ "file a 0999 <<E\nE", "t.host:1: 0999 is neither a mode" },
	{ "file a 0644", "t.host:1: a file's line ends with <<END" },
	{ "hex a 0", "t.host:1: 0: not pairs of hexadecimal" },
	{ "hex a 0x", "t.host:1: 0x: not pairs of hexadecimal" },
	{ "asset a 0644 none", "t.host:1: there is no asset none" },
	{ "include none", "t.host:1: there is no asset none" },
	{ "remove a", "t.host:1: there is no a to remove" },
	{ "dir \"a", "t.host:1: a quote is not closed" },
	{ "dir \"a\\q\"", "t.host:1: a quote is not closed, or has a wrong escape" },
	{ "dir \"a\\x00\"", "t.host:1: a quote is not closed, or has a wrong escape" },
	{ "dir a\nfile a <<E\nE", "t.host:2: cannot make a: Is a directory" },
	{ "config 6.1 CONFIG_A=y", "t.host:1: 6.1: no kernel line" },
	{ "kernel ../6.1", "t.host:1: ../6.1 is no kernel release" },
	{ "kernel 6.1 walking", "t.host:1: walking: only running" },
	{ "kernel 6.1\nconfig 6.1 A=y", "t.host:2: A=y: CONFIG_X=V is needed" },
	{ "module 6.1 m", "t.host:1: 6.1: no kernel line" },
	{ "module * m", "t.host:1: no kernel line stands before" },
	{ "kernel 6.1\nmodule 6.1 ../m", "t.host:2: ../m is not a path below" },
	{ "kernel 6.1\nmodule 6.1 m oops", "t.host:2: oops looks like no alias" },
	{ "device 0000:00:00.0 class=060000", "t.host:1: device needs" },
	{ "device 00:00.0 class=060000 id=8086:4660",
		"t.host:1: 00:00.0: the kernel writes this 0000:00:00.0" },
	{ "device 0000:00:20.0 class=060000 id=8086:4660",
		"t.host:1: 0000:00:20.0 is no PCI address" },
	{ "device 0000:00:00.0 class=0600 id=8086:4660", "t.host:1: class= needs six" },
	{ "device 0000:00:00.0 class=060000 id=8086", "t.host:1: id= needs" },
	{ "device 0000:00:00.0 class=060000 id=0x86:4660", "t.host:1: id= needs" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 sub=1", "t.host:1: sub= needs" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 color=red",
		"t.host:1: color=red: there is no such KEY" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 driver=a/b",
		"t.host:1: driver= needs a name" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 group=x",
		"t.host:1: x is no group number" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 bus=1",
		"t.host:1: bus=1: SS or SS-TT" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 caps=pm,warp",
		"t.host:1: caps=: warp is no capability" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 config=00",
		"t.host:1: config= needs 64" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660 physfn=0000:01:00.0",
		"t.host:1: physfn=0000:01:00.0: no such device" },
	{ "device 0000:00:00.0 class=060000 id=8086:4660\ndevice 0000:00:00.0 "
	  "class=060000 id=8086:4660",
		"t.host:2: 0000:00:00.0 is there already" },
	{ "bind 0000:00:00.0 x", "t.host:1: 0000:00:00.0: no such device" },
	{ "group 1 kind=DMA", "t.host:1: kind=DMA: a group has" },
	{ "group 1 region=\"0 1 much\"", "t.host:1: region=0 1 much: START END" },
	{ "net eno1 0000:00:00.0", "t.host:1: 0000:00:00.0: no such device" },
	{ "net ../eno1 -", "t.host:1: ../eno1 is no name" },
	{ "block 0000:00:00.0 nvme/n 1:1", "t.host:1: 0000:00:00.0: no such device" },
	{ "device 0000:00:00.0 class=010802 id=8086:4660\nblock 0000:00:00.0 "
	  "../n 1:1",
		"t.host:2: ../n is not a path below" },
	{ "device 0000:00:00.0 class=010802 id=8086:4660\nblock 0000:00:00.0 n 1",
		"t.host:2: 1: MAJ:MIN is needed" },
};

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		struct err err = { 0 };

		teardown(NULL);
		assert_int_equal(setup(NULL), 0);
		assert_true(expand(mistakes[i].text, &err) < 0);
		if (!after_prefix(err.text, mistakes[i].says))
			fail_msg("\"%s\" says \"%s\" instead of \"%s\"", mistakes[i].text,
				err.text, mistakes[i].says);
		assert_true(err.code < 0);
	}
}

static void test_files(void **state)
{
	autofree char *path = path_of("etc/mode");
	autofree char *zeros = NULL;
	struct stat st;
	size_t len = 0;

	(void)state;
	expand_ok("file etc/crlf <<END\none\r\n  two END\n\nEND\n"
		  "file etc/cut no-newline <<END\nlast\nEND\n"
		  "file etc/empty <<END\nEND\n"
		  "file etc/mode 0750 <<END\nx\nEND\n"
		  "text etc/text  a \"b\"  # c\n"
		  "dir \"odd name\\x1b\\t\\\"\"   # a comment\n"
		  "hex etc/hex 00ff 0a\n"
		  "text etc/twice 1\ntext etc/twice 2\n"
		  "text etc/gone/deep x\nremove etc/gone\n"
		  "asset etc/script 0755 sample/update-grub\n"
		  "link etc/link -> ../anywhere");
	assert_file("etc/crlf", "one\r\n  two END\n\n");
	assert_file("etc/cut", "last");
	assert_file("etc/empty", "");
	assert_file("etc/text", "a \"b\"  # c\n");
	assert_file("etc/twice", "2\n");
	assert_file("etc/script", asset_sample_update_grub);
	assert_link("etc/link", "../anywhere");
	zeros = slurp("etc/hex", &len);
	assert_int_equal(len, 3);
	assert_memory_equal(zeros, "\0\xff\n", 3);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	free(path);
	path = path_of("odd name\x1b\t\"");
	assert_int_equal(stat(path, &st), 0);
	free(path);
	path = path_of("etc/gone");
	assert_int_equal(stat(path, &st), -1);
}

static const char pci[] =
	"device 0000:00:01.0 class=060400 id=8086:460d group=1 driver=pcieport "
	"bus=01-02\n"
	"device 0000:01:00.0 class=030000 id=10de:1e84 sub=10de:139f rev=a1 group=2 "
	"driver=nouveau"
	" boot_vga=1 caps=pm,msi,pcie,aer reset_method=\"flr bus\" numa_node=0\n"
	"device 0000:01:00.1 class=020000 id=8086:1521 group=2 sriov_totalvfs=7 "
	"sriov_numvfs=2\n"
	"device 0000:02:10.0 class=020000 id=8086:1520 group=3 physfn=0000:01:00.1\n"
	"device 0000:02:10.1 class=020000 id=8086:1520 physfn=0000:01:00.1 config=none\n"
	"device 0000:00:0e.0 class=010400 id=8086:467f driver=vmd bus=10000:e0-e1\n"
	"device 10000:e0:06.0 class=060400 id=8086:464d bus=e1\n"
	"device 10000:e1:00.0 class=010802 id=144d:a80a driver=nvme\n"
	"bind 0000:00:0e.0 -\n"
	"group 2 type=DMA region=\"0xc0000 0xdffff direct\"\n"
	"net eno1 0000:01:00.1 carrier=0\n"
	"net lo -\n"
	"block 10000:e1:00.0 nvme/nvme0/nvme0n1 259:0 p1=259:1 p12=259:12\n";

#define GPU "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"
#define NIC "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.1"

static void test_device(void **state)
{
	(void)state;
	expand_ok(pci);
	assert_file(GPU "/uevent",
		"DRIVER=nouveau\nPCI_CLASS=30000\nPCI_ID=10DE:1E84\nPCI_SUBSYS_ID=10DE:"
		"139F\n"
		"PCI_SLOT_NAME=0000:01:00.0\n"
		"MODALIAS=pci:v000010DEd00001E84sv000010DEsd0000139Fbc03sc00i00\n");
	assert_file(GPU "/modalias",
		"pci:v000010DEd00001E84sv000010DEsd0000139Fbc03sc00i00\n");
	assert_file(GPU "/vendor", "0x10de\n");
	assert_file(GPU "/class", "0x030000\n");
	assert_file(GPU "/revision", "0xa1\n");
	assert_file(GPU "/boot_vga", "1\n");
	assert_file(GPU "/reset_method", "flr bus\n");
	assert_file(GPU "/numa_node", "0\n");
	assert_file(NIC "/numa_node", "-1\n");
	assert_file(GPU "/driver_override", "(null)\n");
	assert_link(GPU "/driver", "../../../../bus/pci/drivers/nouveau");
	assert_link(GPU "/iommu_group", "../../../../kernel/iommu_groups/2");
	assert_link(GPU "/subsystem", "../../../../bus/pci");
	assert_link("sys/bus/pci/devices/0000:01:00.0",
		"../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	assert_leads("sys/bus/pci/devices/0000:01:00.0", "device", "0x1e84\n");
	assert_leads("sys/bus/pci/drivers/nouveau/0000:01:00.0", "device", "0x1e84\n");
	assert_leads(
		"sys/kernel/iommu_groups/2/devices/0000:01:00.0", "device", "0x1e84\n");
	assert_leads(GPU "/driver/0000:01:00.0", "device", "0x1e84\n");
	assert_leads(GPU "/iommu_group", "type", "DMA\n");
	assert_leads(GPU "/iommu_group", "reserved_regions",
		"0x00000000000c0000 0x00000000000dffff direct\n"
		"0x00000000fee00000 0x00000000feefffff msi\n");
	assert_file("sys/kernel/iommu_groups/1/type", "DMA-FQ\n");
}

static void test_topology(void **state)
{
	autofree char *path = path_of(NIC "/driver");

	(void)state;
	expand_ok(pci);
	assert_int_equal(access(path, F_OK), -1);
	assert_link(NIC "/virtfn0", "../0000:02:10.0");
	assert_link(NIC "/virtfn1", "../0000:02:10.1");
	assert_leads(NIC "/virtfn1/physfn", "device", "0x1521\n");
	assert_file("sys/devices/pci0000:00/0000:00:01.0/subordinate_bus_number", "2\n");
	assert_link("sys/bus/pci/devices/10000:e1:00.0",
		"../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/"
		"10000:e1:00.0");
	assert_leads("sys/bus/pci/devices/10000:e1:00.0", "vendor", "0x144d\n");
	assert_file("sys/devices/pci0000:00/0000:00:0e.0/uevent", /* unbound again */
		"PCI_CLASS=10400\nPCI_ID=8086:467F\nPCI_SUBSYS_ID=0000:0000\n"
		"PCI_SLOT_NAME=0000:00:0e.0\n"
		"MODALIAS=pci:v00008086d0000467Fsv00000000sd00000000bc01sc04i00\n");
	assert_leads("sys/class/net/eno1", "carrier", "0\n");
	assert_leads("sys/class/net/eno1/device", "device", "0x1521\n");
	assert_leads("sys/class/net/lo", "operstate", "up\n");
	assert_leads("sys/dev/block/259:12", "partition", "12\n");
	assert_leads("sys/class/block/nvme0n1p1", "dev", "259:1\n");
	assert_leads("sys/dev/block/259:1/../../../..", "vendor", "0x144d\n");
}

/* The capability lists lead from one to the next, as libpci walks them. */
static void test_config(void **state)
{
	autofree char *path = path_of("sys/bus/pci/devices/0000:02:10.1/config");
	autofree char *text = NULL;
	const uint8_t *c;
	size_t len = 0;

	(void)state;
	expand_ok(pci);
	assert_int_equal(access(path, F_OK), -1);
	text = slurp(GPU "/config", &len);
	c = (const uint8_t *)text;
	assert_int_equal(len, 4096);
	assert_int_equal(c[0] | c[1] << 8, 0x10de);
	assert_int_equal(c[0x2c] | c[0x2d] << 8, 0x10de);
	assert_int_equal(c[0x06] & 0x10, 0x10);
	assert_int_equal(c[c[0x34]], 0x01);
	assert_int_equal(c[c[c[0x34] + 1]], 0x05);
	assert_int_equal(c[c[c[c[0x34] + 1] + 1]], 0x10);
	assert_int_equal(c[c[c[c[0x34] + 1] + 1] + 1], 0);
	assert_int_equal(c[0x100] | c[0x101] << 8, 0x0001);
	assert_int_equal(c[0x103] >> 4 | c[0x102] >> 4, 0);
}

static struct kmod_ctx *kmod_open(const char *release)
{
	const char *const no_config = NULL;
	autofree char *modules = NULL;
	struct kmod_ctx *ctx;

	assert_true(asprintf(&modules, "%s/lib/modules/%s", dir, release) >= 0);
	ctx = kmod_new(modules, &no_config);
	assert_non_null(ctx);
	assert_int_equal(kmod_load_resources(ctx), 0);
	return ctx;
}

/* The names of a list, with blanks between. */
static char *names_of(struct kmod_list *list)
{
	autostrv char **names = NULL;
	struct kmod_list *item;
	char *joined = NULL;

	kmod_list_foreach(item, list)
	{
		struct kmod_module *module = kmod_module_get_module(item);

		strv_add(&names, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	strv_sort_bytes(names);
	joined = strv_join(names, " ");
	kmod_module_unref_list(list);
	return joined;
}

static char *wanted_by(struct kmod_ctx *ctx, const char *modalias)
{
	struct kmod_list *list = NULL;

	assert_true(kmod_module_new_from_lookup(ctx, modalias, &list) >= 0);
	return names_of(list);
}

#define ALIAS "pci:v000010DEd00001E84sv000010DEsd0000139Fbc03sc00i00"

static void test_modules(void **state)
{
	autofree char *one = NULL, *two = NULL, *depends = NULL, *softdeps = NULL;
	struct kmod_module *vfio = NULL, *serial = NULL;
	struct kmod_ctx *old, *new;

	(void)state;
	expand_ok(
		"kernel 5.1\nkernel 6.1-two running\n"
		"module * drivers/vfio/vfio softdep=\"post: type1\"\n"
		"module * drivers/vfio/vfio-pci depends=vfio\n"
		"module 5.1 drivers/gpu/nouveau pci:v000010DEd*sv*sd*bc03sc*i*\n"
		"module 6.1-two drivers/gpu/nouveau pci:v000010DEd*sv*sd*bc03sc*i*\n"
		"module 6.1-two drivers/gpu/nvidiafb pci:v000010DEd*sv*sd*bc03sc00i00*\n"
		"module 6.1-two drivers/tty/8250_pci builtin\n"
		"config 6.1-two CONFIG_A=y CONFIG_B=n\nconfig 6.1-two CONFIG_C=m\n"
		"device 0000:00:01.0 class=070000 id=8086:0001 driver=serial\n"
		"device 0000:00:02.0 class=030000 id=10de:0001 driver=nouveau\n"
		"device 0000:00:03.0 class=060400 id=8086:0002 driver=pcieport\n"
		"driver serial 8250_pci\n");
	old = kmod_open("5.1");
	new = kmod_open("6.1-two");
	one = wanted_by(old, ALIAS);
	two = wanted_by(new, ALIAS);
	assert_string_equal(one, "nouveau");
	assert_string_equal(two, "nouveau nvidiafb");
	assert_int_equal(kmod_module_new_from_name(new, "vfio_pci", &vfio), 0);
	depends = names_of(kmod_module_get_dependencies(vfio));
	assert_string_equal(depends, "vfio");
	assert_int_equal(kmod_module_new_from_name(new, "8250_pci", &serial), 0);
	assert_int_equal(kmod_module_get_initstate(serial), KMOD_MODULE_BUILTIN);
	kmod_module_unref(serial);
	kmod_module_unref(vfio);
	kmod_unref(new);
	kmod_unref(old);

	softdeps = slurp("lib/modules/5.1/modules.softdep", NULL);
	assert_non_null(strstr(softdeps, "\nsoftdep vfio post: type1\n"));
	assert_file(
		"boot/config-6.1-two", "CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=m\n");
	assert_file("proc/sys/kernel/osrelease", "6.1-two\n");
	assert_link("sys/bus/pci/drivers/nouveau/module", "../../../../module/nouveau");
	assert_leads("sys/bus/pci/drivers/nouveau/module", "initstate", "live\n");
	one = (free(one), path_of("sys/bus/pci/drivers/serial/module"));
	assert_int_equal(access(one, F_OK), -1);
	one = (free(one), path_of("sys/bus/pci/drivers/pcieport/module"));
	assert_int_equal(access(one, F_OK), -1);
}

/* A link that points out of the tree is written through inside of it, or not at all. */
static void test_containment(void **state)
{
	autofree char *outside = NULL, *text = NULL, *inside = NULL;
	struct err err = { 0 };

	(void)state;
	assert_true(asprintf(&outside, "%s-outside", dir) >= 0);
	assert_true(asprintf(&text,
			    "link up -> ../../../../../../..\nlink abs -> /\n"
			    "text up/tmp/one 1\ntext abs%s/two 2\n"
			    "link file -> %s/three\ntext file 3\n",
			    outside, outside) >= 0);
	expand_ok(text);
	assert_int_equal(access(outside, F_OK), -1);
	assert_int_equal(access("/tmp/one", F_OK), -1);
	assert_file("tmp/one", "1\n");
	assert_true(asprintf(&inside, "%s/three", outside + 1) >= 0);
	assert_file(inside, "3\n");
	assert_true(expand("link out -> ../../../etc\nremove out/passwd", &err) < 0);
	assert_int_equal(access("/etc/passwd", F_OK), 0);
}

static void test_remove(void **state)
{
	autofree char *outside = NULL, *file = NULL, *link = NULL, *locked = NULL;
	struct stat st;

	(void)state;
	assert_true(asprintf(&outside, "%s-keep", dir) >= 0);
	assert_true(asprintf(&file, "%s/file", outside) >= 0);
	assert_int_equal(mkdir(outside, 0700), 0);
	assert_int_equal(mknod(file, S_IFREG | 0600, 0), 0);
	expand_ok("text a/b/c 1\nlink gone -> nowhere\ndir locked/deep");
	link = path_of("a/link");
	assert_int_equal(symlink(outside, link), 0);
	locked = path_of("locked");
	assert_int_equal(chmod(locked, 0), 0);
	sample_remove(dir);
	assert_int_equal(stat(dir, &st), -1);
	assert_int_equal(stat(file, &st), 0);
	/* A link where the directory should be is not followed either. */
	assert_int_equal(symlink(outside, dir), 0);
	sample_remove(dir);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(unlink(dir), 0);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(outside), 0);
}

/* In a child with mounts of its own: 0, 77 without the right to mount, else wrong. */
static int remove_with_mount(const char *outside, const char *inside)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (own_mounts() < 0 || mount(outside, inside, NULL, MS_BIND, NULL) < 0)
			_exit(77);
		sample_remove(dir);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The same, and what lies on the mount must still be there. */
static int check_remove_with_mount(void)
{
	autofree char *outside = NULL, *file = NULL, *inside = NULL;
	int r;

	assert_true(asprintf(&outside, "%s-keep", dir) >= 0);
	assert_true(asprintf(&file, "%s/file", outside) >= 0);
	expand_ok("dir mnt");
	inside = path_of("mnt");
	assert_int_equal(mkdir(outside, 0700), 0);
	assert_int_equal(mknod(file, S_IFREG | 0600, 0), 0);
	r = remove_with_mount(outside, inside);
	assert_int_equal(access(file, F_OK), 0);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(outside), 0);
	return r;
}

static void test_remove_mount(void **state)
{
	int r = check_remove_with_mount(); /* skip() jumps: nothing to free here */

	(void)state;
	if (r == 77)
		skip_because(MOUNTS_FORBIDDEN);
	assert_int_equal(r, 0);
}

/* Runs a command of the sample host as pciferry does: by sh, in the tree. */
static int exec_command(const char *command)
{
	autofree char *line = NULL;

	assert_true(asprintf(&line,
			    "cd '%s' && exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "
			    "/bin/sh usr/sbin/%s >/dev/null 2>&1",
			    dir, command) >= 0);
	return system(line);
}

static void open_sample(void)
{
	autofree char *sample = NULL;
	struct root *root = NULL;
	struct err err = { 0 };
	struct stat st;

	if (sample_open(&root, &sample, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(root_kind(root), ROOT_SAMPLE);
	root_close(root);
	assert_int_equal(stat(sample, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(rename(sample, dir), 0); /* teardown looks for it there */
}

static void test_sample_grub(void **state)
{
	autofree char *before = NULL, *after = NULL;

	(void)state;
	open_sample();
	before = slurp("boot/grub/grub.cfg", NULL);
	assert_int_equal(exec_command("update-grub"), 0);
	assert_file("boot/grub/grub.cfg", before);

	expand_ok("file etc/default/grub.d/zz-test.cfg <<E\n"
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
		  "iommu=pt\"\nE\n");
	assert_int_equal(exec_command("update-grub"), 0);
	after = slurp("boot/grub/grub.cfg", NULL);
	assert_non_null(strstr(after, "ro quiet iommu=pt\n"));
	assert_non_null(strstr(after, "ro single\n"));
	assert_null(strstr(after, "single iommu=pt"));

	expand_ok("text etc/default/grub \"not closed");
	assert_int_not_equal(exec_command("update-grub"), 0);
	assert_file("boot/grub/grub.cfg", after);
}

static void test_sample_initramfs(void **state)
{
	autofree char *image = NULL;

	(void)state;
	open_sample();
	expand_ok("text etc/modprobe.d/test.conf softdep nouveau pre: vfio-pci");
	assert_int_not_equal(exec_command("update-initramfs -u -k 9.9"), 0);
	assert_int_equal(exec_command("update-initramfs -u -k all"), 0);
	image = slurp("boot/initrd.img-6.1.0-50-amd64", NULL);
	assert_non_null(strstr(
		image, "== etc/modprobe.d/test.conf\nsoftdep nouveau pre: vfio-pci\n"));
	assert_non_null(strstr(image, "/vfio-pci.ko\n"));
	assert_non_null(strstr(image, "/vfio_virqfd.ko\n"));
	image = (free(image), slurp("boot/initrd.img-6.12.100+deb12-amd64", NULL));
	assert_non_null(strstr(image, "/vfio-pci.ko\n"));
	assert_null(strstr(image, "virqfd"));
}

static void test_sample_failure(void **state)
{
	autofree char *tmp = path_of("missing"), *sample = NULL;
	struct root *root = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(setenv("TMPDIR", tmp, 1), 0);
	assert_int_equal(sample_open(&root, &sample, &err), -ENOENT);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_null(root);
	assert_null(sample);
	assert_non_null(strstr(err.text, "sample host"));
}

/* Names must not depend on the machine's pci.ids: the sample brings all it needs. */
static void test_sample_names(void **state)
{
	size_t devices = 0;

	(void)state;
	for (const char *p = asset_sample_desktop_host; (p = strstr(p, " id=")); p++) {
		char vendor[16], device[16];
		const char *at;

		(void)snprintf(vendor, sizeof(vendor), "\n%.4s  ", p + 4);
		(void)snprintf(device, sizeof(device), "\n\t%.4s  ", p + 9);
		at = strstr(asset_sample_pci_ids, vendor);
		if (!at || !strstr(at, device))
			fail_msg("pci.ids of the sample has no %.9s", p + 4);
		devices++;
	}
	assert_true(devices > 30);
}

#undef TEST /* a directory of its own, not the tree */
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_errors),
		TEST(test_files),
		TEST(test_device),
		TEST(test_topology),
		TEST(test_config),
		TEST(test_modules),
		TEST(test_containment),
		TEST(test_remove),
		TEST(test_remove_mount),
		TEST(test_sample_grub),
		TEST(test_sample_initramfs),
		TEST(test_sample_failure),
		TEST(test_sample_names),
	};

	return RUN(tests);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What a hypervisor is told of devices, whole texts. libvirt's own schema is asked in
 * tests/cli/run. */
#include "support.h"
#include "core/export/export.h"
#include "core/export/formats.h"

static const char machine[] =
	"device 0000:01:00.0 class=030000 id=10de:1e84 sub=1043:8660 driver=nouveau group=2\n"
	"device 0000:01:00.1 class=040300 id=10de:10f8 driver=vfio-pci group=2\n"
	"device 0000:02:00.0 class=030200 id=10de:2235 driver=vfio-pci group=3\n"
	"device 0000:03:00.0 class=020000 id=8086:1533 driver=igb group=4\n"
	"device 0000:03:00.1 class=020000 id=8086:1533 driver=vfio-pci group=5\n"
	"device 0000:03:00.2 class=020000 id=8086:1533 driver=vfio-pci group=5\n"
	"device 0000:00:08.0 class=030000 id=8086:4680 driver=vfio-pci group=8 boot_vga=1\n"
	"device 10000:e1:00.0 class=010802 id=15b7:5015 sub=15b7:5015 driver=vfio-pci group=7\n"
	"text etc/hostname pve1.example.org\n";

#define PORT1 "-device pcie-root-port,id=pciferry1,chassis=101 \\\n"
#define SOURCE(domain, bus, slot, function, managed)                                     \
	"<hostdev mode='subsystem' type='pci' managed='" managed "'>\n"                  \
	"  <driver name='vfio'/>\n"                                                      \
	"  <source>\n"                                                                   \
	"    <address domain='0x" domain "' bus='0x" bus "' slot='0x" slot               \
	"' function='0x" function "'/>\n"                                                \
	"  </source>\n"
#define VMID                                                                             \
	"# VMID is the virtual machine's number; pcie=1 needs its machine type to be q35.\n"
#define MAPPING                                                                          \
	"\n# Or by a mapping, which also checks the IDs: these lines go into "           \
	"/etc/pve/mapping/pci.cfg.\n"
#define THEN "\n# And then:\n"

static const struct {
	const char *what, *format, *devices, *text; /* "only" first: not their groups */
} rows[] = {
	{ "one function", "qemu", "only 03:00.1",
		PORT1 "-device vfio-pci,host=0000:03:00.1,bus=pciferry1,addr=0x0.0x0\n" },
	{ "a card with sound, one not there yet", "qemu", "01:00.1",
		"# 0000:01:00.0 is not on vfio-pci yet: pciferry bind, or apply and a "
		"reboot, comes first.\n"
		"# 0000:01:00.0 as the only display: -vga none -display none. With "
		"SeaBIOS, not OVMF, add x-vga=on.\n" PORT1
		"-device vfio-pci,host=0000:01:00.0,bus=pciferry1,addr=0x0.0x0,"
		"multifunction=on \\\n"
		"-device vfio-pci,host=0000:01:00.1,bus=pciferry1,addr=0x0.0x1\n" },
	{ "function 0 stays behind", "qemu", "03:00.2",
		PORT1 "-device vfio-pci,host=0000:03:00.1,bus=pciferry1,addr=0x0.0x0,"
		      "multifunction=on \\\n"
		      "-device vfio-pci,host=0000:03:00.2,bus=pciferry1,addr=0x0.0x1\n" },
	{ "a domain of five digits", "qemu", "10000:e1:00.0",
		PORT1 "-device vfio-pci,sysfsdev=/sys/bus/pci/devices/10000:e1:00.0,"
		      "bus=pciferry1,addr=0x0.0x0\n" },
	{ "the host's first display", "qemu", "00:08.0",
		"# 0000:00:08.0 as the only display: -vga none -display none. With "
		"SeaBIOS, not OVMF, add x-vga=on.\n"
		"# 0000:00:08.0 is the host's own first display, whose ROM was changed "
		"by running it: if the\n"
		"# guest shows nothing, add romfile=FILE with the card's ROM as its "
		"maker ships it.\n" PORT1
		"-device vfio-pci,host=0000:00:08.0,bus=pciferry1,addr=0x0.0x0\n" },
	{ "two slots, each device once", "qemu", "02:00.0 only 03:00.1 02:00.0",
		PORT1 "-device vfio-pci,host=0000:02:00.0,bus=pciferry1,addr=0x0.0x0 \\\n"
		      "-device pcie-root-port,id=pciferry2,chassis=102 \\\n"
		      "-device vfio-pci,host=0000:03:00.1,bus=pciferry2,addr=0x0.0x0\n" },
	{ "one function", "libvirt", "only 03:00.0",
		SOURCE("0000", "03", "00", "0", "yes") "</hostdev>\n" },
	{ "kept on vfio-pci, five digits", "libvirt", "10000:e1:00.0",
		SOURCE("10000", "e1", "00", "0", "no") "</hostdev>\n" },
	{ "several functions", "libvirt", "03:00.1",
		SOURCE("0000", "03", "00", "1",
			"no") "  <address type='pci' domain='0x0000' bus='0x10' "
			      "slot='0x00' function='0x0' multifunction='on'/>\n"
			      "</hostdev>\n" SOURCE("0000", "03", "00", "2",
				      "no") "  <address type='pci' domain='0x0000' "
					    "bus='0x10' slot='0x00' function='0x1'/>\n"
					    "</hostdev>\n" },
	{ "a whole slot", "proxmox", "01:00.0",
		VMID "qm set VMID --hostpci0 '0000:01:00,pcie=1,x-vga=1'\n" MAPPING
		     "pci-0000-01-00-0\n"
		     "    map id=10de:1e84,iommugroup=2,node=pve1,path=0000:01:00,"
		     "subsystem-id=1043:8660\n" THEN
		     "qm set VMID --hostpci0 mapping=pci-0000-01-00-0,pcie=1,x-vga=1\n" },
	{ "part of a slot, and a domain of five digits", "proxmox",
		"03:00.1 10000:e1:00.0",
		VMID "qm set VMID --hostpci0 '0000:03:00.1;0000:03:00.2,pcie=1'\n"
		     "qm set VMID --hostpci1 '10000:e1:00,pcie=1'\n" MAPPING
		     "pci-0000-03-00-1\n"
		     "    map id=8086:1533,iommugroup=5,node=pve1,"
		     "path=0000:03:00.1;0000:03:00.2,subsystem-id=0000:0000\n"
		     "pci-10000-e1-00-0\n"
		     "    map id=15b7:5015,iommugroup=7,node=pve1,path=10000:e1:00,"
		     "subsystem-id=15b7:5015\n" THEN
		     "qm set VMID --hostpci0 mapping=pci-0000-03-00-1,pcie=1\n"
		     "qm set VMID --hostpci1 mapping=pci-10000-e1-00-0,pcie=1\n" },
	{ "a 3D part is no display", "proxmox", "02:00.0",
		VMID "qm set VMID --hostpci0 '0000:02:00,pcie=1'\n" MAPPING
		     "pci-0000-02-00-0\n"
		     "    map id=10de:2235,iommugroup=3,node=pve1,path=0000:02:00,"
		     "subsystem-id=0000:0000\n" THEN
		     "qm set VMID --hostpci0 mapping=pci-0000-02-00-0,pcie=1\n" },
};

static void add_words(struct export *e, const char *words)
{
	autostrv char **list = NULL;
	struct err err = { 0 };
	bool only = false;

	list = strv_split(words, " ");
	strv_foreach (word, list) {
		struct device *d;

		if (streq(word, "only"))
			only = true;
		else if (host_find(e->p.host, word, &d, &err) < 0 ||
			 export_add(e, d, only, &err) < 0)
			fail_msg("%s: %s", word, err.text);
	}
}

static void test_texts(void **state)
{
	autohost struct host *host = NULL;

	(void)state;
	tree_expand(machine);
	host = tree_scan();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(export_done) struct export e = { .p = { tree_root, host } };
		const struct export_format *format = export_find(rows[i].format);
		autofree char *text = NULL;

		assert_non_null(format);
		add_words(&e, rows[i].devices);
		text = export_text(format, &e);
		check_text(rows[i].what, text, rows[i].text);
	}
}

/* A name from a file is quoted nowhere, so only what can be one is written. */
static void test_hostname(void **state)
{
	static const char *const names[] = { "a,b\n", "a b\n", "$(x)\n", "\n", "" };

	(void)state;
	tree_expand(machine);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		autohost struct host *host = NULL;
		CLEANUP(export_done) struct export e = { 0 };
		autofree char *text = NULL;

		tree_put("/etc/hostname", names[i]);
		host = tree_scan();
		e.p = *TREE_PROBE(host);
		add_words(&e, "02:00.0");
		text = export_text(export_find("proxmox"), &e);
		check_holds(names[i], text, ",node=NODE,");
	}
}

static void test_refusals(void **state)
{
	autohost struct host *host = NULL;
	CLEANUP(export_done) struct export e = { 0 };
	struct err err = { 0 };

	(void)state;
	tree_expand(machine);
	tree_expand("device 0000:00:01.0 class=060400 id=8086:460d group=1\n"
		    "device 0000:00:02.0 class=020000 id=8086:1533\n");
	host = tree_scan();
	e.p = *TREE_PROBE(host);
	assert_int_equal(
		export_add(&e, host_device(host, "0000:00:01.0"), false, &err), -EPERM);
	assert_int_equal(
		export_add(&e, host_device(host, "0000:00:02.0"), false, &err), -EPERM);
	assert_int_equal(e.n, 0);
	assert_null(export_find("vmware"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_texts), TEST(test_hostname),
		TEST(test_refusals) };

	return RUN(tests);
}

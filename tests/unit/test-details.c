// SPDX-License-Identifier: GPL-2.0-or-later
/* A device's details: what is read where somebody asks, and nothing outside of the root.
 */
#include "support.h"
#include "assets.h"
#include "core/host/module.h"
#include "core/scan/capabilities.h"

#include <pci/pci.h>

static const struct device *device_at(const struct host *host, const char *address)
{
	const struct device *d = host_device(host, address);

	if (!d)
		fail_msg("no %s", address);
	return d;
}

static const char *detail_of(const struct detail *list, size_t n, const char *label)
{
	for (size_t i = 0; i < n; i++)
		if (streq(list[i].label, label))
			return list[i].value;
	return NULL;
}

static void test_details(void **state)
{
	static const struct {
		const char *label, *value; /* NULL: left out */
	} cases[] = {
		{ "IDs", "10de:1e84" },
		{ "Subsystem", "10de:139f" },
		{ "Driver", "nouveau" },
		{ "Modules", "nouveau" },
		{ "Behind", "0000:00:01.0" },
		{ "Reset", "bus" },
		{ "Link", "8.0 GT/s PCIe x16 (can 8.0 GT/s PCIe x16)" },
		{ "NUMA node", NULL }, /* -1 */
		{ "Override", NULL }, /* (null) */
		{ "VFs possible", NULL },
	};
	autohost struct host *host = NULL;
	struct detail *list = NULL;
	struct more more = { 0 };
	size_t n = 0;

	(void)state;
	tree_expand(asset_sample_desktop_host);
	host = tree_scan();
	more.details_of = device_at(host, "0000:01:00.0");
	scan_more(TREE_PROBE(host), &more);
	list = host->details.list;
	n = host->details.n;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_text(cases[i].label, detail_of(list, n, cases[i].label),
			cases[i].value);
	check_holds("Capabilities", detail_of(list, n, "Capabilities"),
		"MSI, PCI Express, AER");
	check_holds("Group", detail_of(list, n, "Group"), "16, isolated");
}

/* Half of everything, for every device there is: no detail is worth a crash. */
static void test_details_half(void **state)
{
	autohost struct host *host = NULL;

	(void)state;
	tree_expand_host("half-sysfs.host");
	host = tree_scan();
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct more more = { .details_of = &host->devices[i] };

		scan_more(TREE_PROBE(host), &more);
		assert_true(host->details.n >= 2);
	}
}

#define CONFIG "sys/bus/pci/devices/0000:01:00.0/config"

static void check_capabilities(const char *what, const char *want)
{
	const struct device d = { .address = (char *)"0000:01:00.0" };
	autofree char *joined = NULL;
	autostrv char **list = NULL;

	list = pci_capabilities(tree_root, &d);
	joined = strv_join(list, " ");
	check_text(what, joined, want);
}

/* Bytes at places of a space that else is all zeroes; at 0 ends them. */
static const struct {
	const char *what, *want;
	size_t size;
	struct {
		size_t at;
		uint8_t bytes[4];
	} put[8];
} spaces[] = {
	{ "none", "", 4096, { { 0x34, { 0x40 } }, { 0x40, { 1 } } } },
	{ "two", "power management MSI", 256,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 5, 0x50 } },
			{ 0x50, { 1 } } } },
	{ "the last place", "MSI-X", 256,
		{ { 0x06, { 0x10 } }, { 0x34, { 0xff } }, { 0xfc, { 0x11 } } } },
	{ "low bits of a pointer are none of it", "MSI-X", 256,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x43 } }, { 0x40, { 0x11 } } } },
	{ "in a circle", "power management MSI", 256,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 5, 0x50 } },
			{ 0x50, { 1, 0x40 } } } },
	{ "to itself", "MSI", 256,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 5, 0x40 } } } },
	{ "a device that is gone", "MSI", 256,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 5, 0x50 } },
			{ 0x50, { 0xff, 0x60 } }, { 0x60, { 1 } } } },
	{ "what only root reads", "", 64, { { 0x06, { 0x10 } }, { 0x34, { 0x40 } } } },
	{ "no header even", "", 6, { { 4, { 0xff } } } },
	{ "nothing", "", 0, { { 0 } } },
	{ "extended", "PCI Express AER ACS", 4096,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 0x10 } },
			{ 0x100, { 1, 0, 1, 0x15 } }, { 0x150, { 0x0d, 0, 1 } } } },
	{ "extended ones of a device that is no PCI Express", "MSI", 4096,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 5 } },
			{ 0x100, { 1, 0, 1 } } } },
	{ "extended, in a circle", "PCI Express AER ACS", 4096,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 0x10 } },
			{ 0x100, { 1, 0, 1, 0x15 } }, { 0x150, { 0x0d, 0, 1, 0x10 } } } },
	{ "extended, at the end", "PCI Express SR-IOV", 4096,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 0x10 } },
			{ 0x100, { 0, 0, 0xf1, 0xff } }, { 0xffc, { 0x10, 0, 1 } } } },
	{ "extended, behind the end", "PCI Express AER", 512,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 0x10 } },
			{ 0x100, { 1, 0, 1, 0xff } } } },
	{ "a file that ends in the header", "PCI Express", 0x102,
		{ { 0x06, { 0x10 } }, { 0x34, { 0x40 } }, { 0x40, { 0x10 } },
			{ 0x100, { 1, 0 } } } },
};

static void test_capabilities(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spaces); i++) {
		uint8_t space[4096] = { 0 };

		for (size_t j = 0; spaces[i].put[j].at; j++)
			memcpy(space + spaces[i].put[j].at, spaces[i].put[j].bytes, 4);
		tree_put_bytes(CONFIG, space, spaces[i].size);
		check_capabilities(spaces[i].what, spaces[i].want);
	}
}

static void put_fifo(const char *path)
{
	autofree char *at = tree_path(path);

	tree_put(path, ""); /* what lies above it */
	assert_int_equal(unlink(at), 0);
	assert_int_equal(mkfifo(at, 0600), 0);
}

/* A configuration space in the tree is one; outside of it nothing is, and a FIFO, which
 * would be waited for, is none. */
static void test_capabilities_inside(void **state)
{
	static const uint8_t space[256] = { [0x06] = 0x10, [0x34] = 0x40, [0x40] = 5 };
	autofree char *config = tree_path(CONFIG), *outside = NULL;
	char away[] = "/tmp/pciferry-config.XXXXXX";
	autoclose int fd = mkstemp(away);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, space, sizeof(space)), sizeof(space));
	tree_put_bytes("sys/devices/config", space, sizeof(space));
	tree_symlink(CONFIG, "/sys/devices/config");
	check_capabilities("a link inside", "MSI");
	assert_int_equal(unlink(config), 0);
	tree_symlink(CONFIG, away);
	check_capabilities("a link out of the root", "");
	assert_int_equal(unlink(config), 0);
	assert_true(asprintf(&outside, "../../../../../../../../..%s", away) >= 0);
	tree_symlink(CONFIG, outside);
	check_capabilities("a link up and out of the root", "");
	assert_int_equal(unlink(config), 0);
	assert_int_equal(unlink(away), 0);
	put_fifo(CONFIG);
	check_capabilities("a FIFO", "");
}

/* Every device of the hosts with capabilities, with libpci as the oracle. */
static void test_capabilities_oracle(void **state)
{
	autohost struct host *host = NULL;
	autofree char *bus = NULL;
	struct pci_access *access = pci_alloc();
	size_t n = 0;

	(void)state;
	tree_expand(asset_sample_desktop_host);
	host = tree_scan();
	bus = tree_path("sys/bus/pci");
	access->method = PCI_ACCESS_SYS_BUS_PCI;
	assert_int_equal(pci_set_param(access, (char *)"sysfs.path", bus), 0);
	pci_init(access);
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];
		struct pci_dev *dev = pci_get_dev(
			access, (int)d->at.domain, d->at.bus, d->at.slot, d->at.function);
		autostrv char **list = NULL;

		list = pci_capabilities(tree_root, d);
		(void)pci_fill_info(dev, PCI_FILL_CAPS | PCI_FILL_EXT_CAPS);
		check_number(d->address, strv_has(list, "MSI"),
			pci_find_cap(dev, PCI_CAP_ID_MSI, PCI_CAP_NORMAL) != NULL);
		check_number(d->address, strv_has(list, "PCI Express"),
			pci_find_cap(dev, PCI_CAP_ID_EXP, PCI_CAP_NORMAL) != NULL);
		check_number(d->address, strv_has(list, "ACS"),
			pci_find_cap(dev, PCI_EXT_CAP_ID_ACS, PCI_CAP_EXTENDED) != NULL);
		check_number(d->address, strv_has(list, "SR-IOV"),
			pci_find_cap(dev, PCI_EXT_CAP_ID_SRIOV, PCI_CAP_EXTENDED) !=
				NULL);
		n += strv_len(list);
		pci_free_dev(dev);
	}
	pci_cleanup(access);
	assert_true(n > 50);
}

/* What libraries read for us is a regular file, or is not handed to them. */
static void test_fifos(void **state)
{
	autohost struct host *host = NULL, *linked = NULL;
	autofree char *index = tree_path("lib/modules/6.1/modules.dep.bin");

	(void)state;
	tree_expand("kernel 6.1 running\nmodule 6.1 vfio-pci\n"
		    "device 0000:00:00.0 id=1234:5678 class=060000\n");
	put_fifo("usr/share/misc/pci.ids");
	tree_put("usr/share/hwdata/pci.ids", "1234  From hwdata\n\t5678  Thing\n");
	host = tree_scan();
	check_text("the next one is taken", host->devices[0].name, "From hwdata Thing");
	assert_non_null(host->kernels[0].modules);

	assert_int_equal(unlink(index), 0);
	put_fifo("lib/modules/6.1/modules.dep.bin");
	linked = tree_scan();
	assert_null(linked->kernels[0].modules);
	host_freep(&linked);
	assert_int_equal(unlink(index), 0);
	tree_symlink("lib/modules/6.1/modules.dep.bin", "modules.alias.bin");
	linked = tree_scan();
	assert_null(linked->kernels[0].modules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_details),
		TEST(test_details_half),
		TEST(test_capabilities),
		TEST(test_capabilities_inside),
		TEST(test_capabilities_oracle),
		TEST(test_fifos),
	};

	return RUN(tests);
}

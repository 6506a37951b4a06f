// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Truth per boot entry: words that only some entries have, entries that boot no Linux,
 * words that nothing reads, and the way out as each command line needs it.
 */
#include "rows.h"
#include "core/base/buf.h"
#include "core/check/checks.h"
#include "core/format/kargs.h"
#include "core/loader/boots.h"
#include "core/loader/loaders.h"
#include "core/plan/request.h"

#define ROOT "root=UUID=6c1f6a4e-52a5-4f5b-9c0e-2d0f3b7c8a11"
#define ID "0123456789abcdef0123456789abcdef"
#define K1 "6.1.0-50-amd64"
#define K2 "6.12.100+deb12-amd64"
#define WISH "accept=display 01:00.0"
#define WAY_OUT(more) " pciferry.off module_blacklist=" more "vfio_pci"
#define ENTRY(name, options)                                                             \
	"file efi/loader/entries/" name ".conf <<E\ntitle " name                         \
	"\nlinux /vmlinuz-linux\noptions " ROOT options "\nE\n"
#define IS_ENTRY(name, options)                                                          \
	IS, "/efi/loader/entries/" name ".conf",                                         \
		"title " name "\nlinux /vmlinuz-linux\noptions " ROOT options "\n"
#define GROUPS                                                                           \
	"device 0000:02:00.0 group=2 class=0c0330 id=1b21:2142 driver=xhci_hcd\n"        \
	"link sys/class/iommu/dmar0 -> ../../devices/virtual/iommu/dmar0\n"
#define SOFTDEP "text etc/modprobe.d/v.conf softdep xhci_pci pre: vfio-pci\n"
#define NO_MENU "remove efi/loader/entries\n"

static const struct variant {
	const char *host;
	struct row row;
} variants[] = {
	/* kernel/params.c: the last ids= is kept, and the command line comes after
	 * modprobe.d's. */
	{ "systemd-boot",
		{ "the list of one entry alone is made whole in that entry",
			NO_MENU GROUPS ENTRY("one", " vfio-pci.ids=10de:2584,10de:2291")
				ENTRY("two", ""),
			"02:00.0",
			{ { ACCEPTED },
				{ IS_ENTRY("one",
					" vfio-pci.ids=10de:2584,10de:2291 intel_iommu=on vfio-pci.ids=10de:2584,10de:2291,1b21:2142") },
				{ IS_ENTRY("two", " intel_iommu=on") },
				{ HOLDS, MODPROBE, "ids=1b21:2142\n" },
				{ TOLD, "ids-merged", "/efi/loader/entries/one.conf:3" },
				{ BECOMES, "0000:02:00.0", "vfio-pci" } } } },
	{ "systemd-boot",
		{ "or stays, where it has them all",
			NO_MENU GROUPS ENTRY(
				"one", " vfio-pci.ids=1B21:2142 intel_iommu=on")
				ENTRY("two", " intel_iommu=on"),
			"02:00.0",
			{ { ACCEPTED },
				{ IS_ENTRY("one",
					" vfio-pci.ids=1B21:2142 intel_iommu=on") },
				{ IS_ENTRY("two", " intel_iommu=on") } } } },
	/* kernel/module/main.c: module_blacklist= is one string, the last counts. */
	{ "systemd-boot",
		{ "the way out keeps what the user keeps out",
			NO_MENU ENTRY("arch", " module_blacklist=i915")
				ENTRY("rescue", " module_blacklist=xe,i915"),
			WISH,
			{ { ACCEPTED },
				{ IS_ENTRY("rescue", " module_blacklist=xe,i915" WAY_OUT(
							     "xe,i915,")) },
				{ IS_ENTRY("arch",
					" module_blacklist=i915 intel_iommu=on") },
				{ WARNED, "way-out", &WAY_OUT("i915,")[1] },
				{ TOLD, "way-out-entry", WAY_OUT("xe,i915,") } } } },
	{ "refind",
		{ "each line its own",
			"file boot/refind_linux.conf <<E\n"
			"\"a\" \"" ROOT " ro\"\n\"b\" \"" ROOT " single\"\n\"c\" \"" ROOT
			" single module_blacklist=xe\"\nE",
			WISH,
			{ { ACCEPTED },
				{ IS, "/boot/refind_linux.conf",
					"\"a\" \"" ROOT
					" ro intel_iommu=on\"\n\"b\" \"" ROOT
					" single" WAY_OUT(
						"") "\"\n\"c\" \"" ROOT
						    " single module_blacklist=xe" WAY_OUT(
							    "xe,") "\"\n" } } } },
	/* Entries that boot no Linux. */
	{ "systemd-boot",
		{ "an EFI program with arguments of its own",
			NO_MENU ENTRY("arch",
				"") "file efi/loader/entries/shell.conf <<E\n"
				    "title Shell\nefi /EFI/tools/shellx64.efi\noptions -nomap fs0:\\go.nsh\nE\n"
				    "file efi/loader/entries/tool.conf <<E\n"
				    "title Tool\nefi /EFI/tools/flash.efi\noptions quiet\nE\n"
				    "file efi/loader/entries/image.conf <<E\n"
				    "title Image\nefi /EFI/Linux/own.efi\noptions " ROOT
				    "\nE",
			WISH,
			{ { ACCEPTED },
				{ LACKS, "/efi/loader/entries/shell.conf",
					"intel_iommu" },
				{ LACKS, "/efi/loader/entries/tool.conf", "intel_iommu" },
				{ HOLDS, "/efi/loader/entries/image.conf",
					ROOT " intel_iommu=on\n" },
				{ IS_ENTRY("arch", " intel_iommu=on") } } } },
	{ "limine",
		{ "other protocols than linux (Limine, CONFIG.md)",
			"file boot/limine.conf <<E\n"
			"/Debian\nprotocol: linux\npath: boot():/vmlinuz\ncmdline: " ROOT
			"\n/A\nprotocol: efi\npath: boot():/x.efi\ncmdline: a\n"
			"/B\nprotocol: efi_chainload\npath: boot():/y.efi\ncmdline: b\n"
			"/C\nprotocol: multiboot2\nkernel_path: boot():/z\ncmdline: c\nE",
			WISH,
			{ { ACCEPTED },
				{ IS, "/boot/limine.conf",
					"/Debian\nprotocol: linux\npath: boot():/vmlinuz\ncmdline: " ROOT
					" intel_iommu=on\n/A\nprotocol: efi\npath: boot():/x.efi\ncmdline: a\n"
					"/B\nprotocol: efi_chainload\npath: boot():/y.efi\ncmdline: b\n"
					"/C\nprotocol: multiboot2\nkernel_path: boot():/z\ncmdline: c\n" } } } },
	{ "refind",
		{ "scripts of the firmware's shell, and chain loads",
			"file boot/efi/EFI/refind/refind.conf <<E\n"
			"menuentry \"Arch\" {\n  loader /vmlinuz\n  options \"" ROOT
			"\"\n}\nmenuentry \"Script\" {\n  loader /EFI/tools/go.nsh\n  options \"" ROOT
			"\"\n  submenuentry \"more\" {\n    options \"" ROOT
			" ro\"\n  }\n}\nmenuentry \"Chain\" {\n  loader /EFI/other/grubx64.efi\n  options \"a\"\n}\n"
			"menuentry \"Tool\" {\n  loader /EFI/tool.efi\n  options \"b\"\n}\nE",
			WISH,
			{ { ACCEPTED },
				{ IS, "/boot/efi/EFI/refind/refind.conf",
					"menuentry \"Arch\" {\n  loader /vmlinuz\n  options \"" ROOT
					" intel_iommu=on\"\n}\nmenuentry \"Script\" {\n  loader /EFI/tools/go.nsh\n  options \"" ROOT
					"\"\n  submenuentry \"more\" {\n    options \"" ROOT
					" ro\"\n  }\n}\nmenuentry \"Chain\" {\n  loader /EFI/other/grubx64.efi\n  options \"a\"\n}\n"
					"menuentry \"Tool\" {\n  loader /EFI/tool.efi\n  options \"b\"\n}\n" } } } },
	{ "extlinux",
		{ "modules of Syslinux's",
			"file boot/extlinux/extlinux.conf <<E\nLABEL a\n  LINUX /vmlinuz\n  APPEND " ROOT
			"\nLABEL b\n  KERNEL mboot.c32\n  APPEND xen.gz --- /vmlinuz " ROOT
			" --- /initrd\nE",
			WISH,
			{ { ACCEPTED },
				{ IS, "/boot/extlinux/extlinux.conf",
					"LABEL a\n  LINUX /vmlinuz\n  APPEND " ROOT
					" intel_iommu=on\nLABEL b\n  KERNEL mboot.c32\n  APPEND xen.gz --- /vmlinuz " ROOT
					" --- /initrd\n" } } } },
	{ "grub-bls",
		{ "an EFI program among GRUB's entries",
			"file boot/loader/entries/tool.conf <<E\ntitle Tool\nefi /tool.efi\noptions a\nE",
			WISH,
			{ { ACCEPTED },
				{ LACKS, "/boot/loader/entries/tool.conf",
					"intel_iommu" },
				{ HOLDS, "/boot/loader/entries/" ID "-" K1 ".conf",
					" intel_iommu=on\n" } } } },
	/* Words that nothing reads. */
	{ "proxmox-systemd-boot",
		{ "GRUB's file where systemd-boot boots",
			"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt intel_iommu=on\"",
			WISH,
			{ { WARNED, "unread-word",
				  "/etc/default/grub:1 has intel_iommu=on, but Proxmox VE's systemd-boot on the ESPs boots this host from /etc/kernel/cmdline" },
				{ WARNED, "unread-word", "has iommu=pt" } } } },
	{ "proxmox-systemd-boot",
		{ "not a comment, nor what both have, nor what decides nothing",
			"text etc/kernel/cmdline root=ZFS=rpool/ROOT/pve-1 intel_iommu=on\n"
			"file etc/default/grub <<E\n#GRUB_CMDLINE_LINUX=\"amd_iommu=off\"\nGRUB_CMDLINE_LINUX=\"quiet nomodeset intel_iommu=on\"\nE",
			WISH, { { SILENT, "unread-word" } } } },
	{ "grub-mkconfig",
		{ "kernel-install's file where GRUB boots",
			"text etc/kernel/cmdline " ROOT " vfio-pci.ids=1:2", WISH,
			{ { WARNED, "unread-word",
				"/etc/kernel/cmdline:1 has vfio-pci.ids=1:2" } } } },
	{ "grub-mkconfig",
		{ "a directory that this grub-mkconfig does not source",
			"text etc/default/grub.d/x.cfg GRUB_CMDLINE_LINUX=amd_iommu=force_isolation",
			WISH,
			{ { WARNED, "unread-word",
				"/etc/default/grub.d/x.cfg:1 has amd_iommu=force_isolation" } } } },
	{ "grub-bls", { "both are read",
			      "text etc/default/grub GRUB_ENABLE_BLSCFG=true\n"
			      "text etc/kernel/cmdline " ROOT " intel_iommu=on",
			      WISH, { { SILENT, "unread-word" } } } },
	/* grub-mkconfig has set -e: at a command that is not there it ends. */
	{ "grub-mkconfig",
		{ "words behind the closing quote",
			"file etc/default/grub <<E\nGRUB_DEFAULT=0\n"
			"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" vfio-pci.ids=10de:2584\nE",
			WISH,
			{ { REFUSED, "unreadable-config",
				"/etc/default/grub:2: nothing sets GRUB_CMDLINE_LINUX_DEFAULT here" } } } },
	{ "grub-mkconfig",
		{ "a command with something in its environment is none of that",
			"file etc/default/grub <<E\nLANG=C true\n"
			"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nE",
			WISH,
			{ { ACCEPTED },
				{ HOLDS, "/etc/default/grub", "intel_iommu=on" } } } },
};

static void expand_variant(const char *name, const char *lines)
{
	autofree char *path = NULL, *host = NULL, *text = NULL;

	assert_true(asprintf(&path, "hosts/loader-%s.host", name) >= 0);
	host = source_text(path);
	assert_true(asprintf(&text, "%s%s\n", host, lines) >= 0);
	tree_renew();
	tree_expand(text);
}

static void test_variants(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		expand_variant(variants[i].host, variants[i].row.lines);
		check_row(&variants[i].row);
	}
}

/* Rows of the forecast for one device: kernel, entry, driver; a line each. */
static char *rows_of(const struct plan *plan, const char *address)
{
	autobuf struct buf b = { 0 };
	char *text = NULL;

	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];

		if (streq(f->address, address))
			buf_printf(&b, "%s|%s%s|%s\n", f->kernel, f->entry ?: "",
				f->by_default ? "*" : "", f->after ?: "");
	}
	text = buf_take(&b);
	return text;
}

static const struct {
	const char *what, *host, *lines, *address, *want;
} forecasts[] = {
	{ "entries that differ are forecast one by one", "systemd-boot",
		NO_MENU GROUPS
		"text efi/loader/loader.conf default one.conf\n" SOFTDEP ENTRY(
			"one", " vfio-pci.ids=1b21:2142") ENTRY("two", " quiet"),
		"0000:02:00.0",
		K2 "|one*|vfio-pci\n" K2 "|two|xhci_hcd\n" K1 "|one*|vfio-pci\n" K1
		   "|two|xhci_hcd\n" },
	{ "but not by words that decide nothing", "systemd-boot",
		NO_MENU GROUPS ENTRY("one", " quiet") ENTRY("two", " splash"),
		"0000:02:00.0", K2 "||xhci_hcd\n" K1 "||xhci_hcd\n" },
	{ "what all entries have counts, whatever their source lacks", "grub-bls",
		GROUPS
		"text etc/kernel/cmdline " ROOT " ro\n" SOFTDEP
		"file boot/loader/entries/" ID "-" K1 ".conf <<E\nlinux /vmlinuz-" K1
		"\noptions " ROOT " ro vfio-pci.ids=1b21:2142\nE\n"
		"file boot/loader/entries/" ID "-" K2 ".conf <<E\nlinux /vmlinuz-" K2
		"\noptions " ROOT " ro\nE\n",
		"0000:02:00.0", K2 "||xhci_hcd\n" K1 "||vfio-pci\n" },
};

static void test_forecasts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forecasts); i++) {
		CLEANUP(request_done) struct request request = { 0 };
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;
		autofree char *got = NULL;

		expand_variant(forecasts[i].host, forecasts[i].lines);
		host = tree_scan();
		request_start(host, &request);
		plan = plan_build(host, &request);
		got = rows_of(plan, forecasts[i].address);
		check_text(forecasts[i].what, got, forecasts[i].want);
	}
}

static const struct {
	const char *what, *host, *lines, *check, *want;
} checks[] = {
	{ "an entry has what its source lacks", "grub-bls",
		"text proc/cmdline " ROOT " ro iommu=pt\n"
		"text etc/kernel/cmdline " ROOT " ro\n"
		"remove boot/loader/entries/" ID "-" K1 ".conf\n"
		"file boot/loader/entries/" ID "-" K2 ".conf <<E\nlinux /vmlinuz-" K2
		"\noptions " ROOT " ro iommu=pt\nE\n",
		"command-line",
		"/etc/kernel/cmdline lacks what the entry of an installed kernel has: kernels to come will not have iommu=pt." },
	{ "a word that would turn it on stands where nothing reads it",
		"proxmox-systemd-boot",
		"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"",
		"iommu", "/etc/default/grub:1 has intel_iommu=on, but" },
	{ "and so says the command line", "proxmox-systemd-boot",
		"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"",
		"command-line", "/etc/default/grub:1 has intel_iommu=on, but" },
	{ "words behind the closing quote", "grub-mkconfig",
		"text etc/default/grub GRUB_CMDLINE_LINUX=\"a\" b", "command-line",
		"/etc/default/grub:1: nothing sets GRUB_CMDLINE_LINUX here" },
};

static void test_checks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		CLEANUP(checks_done) struct checks list = { 0 };
		autohost struct host *host = NULL;
		bool found = false;

		expand_variant(checks[i].host, checks[i].lines);
		host = tree_scan();
		checks_run(TREE_PROBE(host), &list);
		for (size_t k = 0; k < list.n; k++) {
			if (!streq(list.list[k].name, checks[i].check))
				continue;
			found = true;
			check_holds(checks[i].what, list.list[k].text, checks[i].want);
			assert_int_not_equal(list.list[k].state, CHECK_OK);
		}
		assert_true(found);
	}
}

/* What is put into scripts and typed at menus is names of modules alone. */
static void test_way_out(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "", "module_blacklist=vfio_pci" },
		{ "module_blacklist=a module_blacklist=b,c",
			"module_blacklist=b,c,vfio_pci" },
		{ "module-blacklist=vfio_pci,a", "module_blacklist=a,vfio_pci" },
		{ "module_blacklist=\"a\n$(b)\",c", "module_blacklist=c,vfio_pci" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autostrv char **kargs = kargs_split(cases[i].line), **words = NULL;

		words = kargs_way_out(kargs);
		check_text(cases[i].line, words[0], "pciferry.off");
		check_text(cases[i].line, words[1], cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_variants),
		TEST(test_forecasts),
		TEST(test_checks),
		TEST(test_way_out),
	};

	return RUN(tests);
}

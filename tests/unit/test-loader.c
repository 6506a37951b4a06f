// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Boot loaders: a fake host for each row, which row it is, by what evidence, and every
 * file that a word for the kernel changes, whole.
 */
#include "rows.h"
#include "core/base/buf.h"
#include "core/loader/entries.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"

#define ROOT "root=UUID=6c1f6a4e-52a5-4f5b-9c0e-2d0f3b7c8a11"
#define ID "0123456789abcdef0123456789abcdef"
#define K1 "6.1.0-50-amd64"
#define K2 "6.12.100+deb12-amd64"
#define WISH "accept=display 01:00.0"
#define KERNEL_INSTALL(k, options)                                                       \
	"title      Debian GNU/Linux 12 (bookworm)\nversion    " k "\nmachine-id " ID    \
	"\nsort-key   debian\noptions    " options "\nlinux      /" ID "/" k             \
	"/linux\ninitrd     /" ID "/" k "/initrd.img-" k "\n"
#define FEDORA(k, options)                                                               \
	"title Fedora Linux (" k ") 40 (Workstation Edition)\nversion " k                \
	"\nlinux /vmlinuz-" k "\ninitrd /initramfs-" k ".img\noptions " options          \
	"\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class fedora\n"
#define WAY_OUT " pciferry.off module_blacklist=vfio_pci"
#define ARCH(k)                                                                          \
	"linux\t/vmlinuz-" k "\ninitrd\t/intel-ucode.img\ninitrd\t/initramfs-" k ".img\n"

/* The host file loader-WHAT.host; lines are all rows that could boot it, the strongest
 * first, and after a ? where none of them is known to. Those not named are no candidates
 * there. */
static const struct row rows[] = {
	{ "grub-mkconfig", "grub-mkconfig", WISH,
		{ { ACCEPTED },
			{ HOLDS, "/etc/default/grub",
				"GRUB_DISTRIBUTOR=\"Arch\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"loglevel=3 quiet intel_iommu=on\"\nGRUB_CMDLINE_LINUX=\"\"\n" },
			{ HOLDS, CLAIMS, "added intel_iommu=on\n" }, { IS, DROPIN, NULL },
			{ RUNS, "/usr/sbin/grub-mkconfig -o /boot/grub/grub.cfg" } } },
	{ "grub2-mkconfig", "grub2-mkconfig", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/default/grub",
				"GRUB_DISTRIBUTOR=\nGRUB_DEFAULT=saved\n"
				"GRUB_CMDLINE_LINUX_DEFAULT='splash=silent quiet security=apparmor intel_iommu=on'\n"
				"GRUB_CMDLINE_LINUX=\"\"" },
			{ RUNS, "/usr/sbin/grub2-mkconfig -o /boot/grub2/grub.cfg" } } },
	{ "grub-bls", "grub-bls", WISH,
		{ { ACCEPTED },
			{ IS, "/boot/loader/entries/" ID "-" K1 ".conf",
				FEDORA(K1, ROOT
					" ro rootflags=subvol=root rhgb quiet intel_iommu=on") },
			{ IS, "/boot/loader/entries/" ID "-" K2 ".conf",
				FEDORA(K2, ROOT
					" ro rootflags=subvol=root rhgb quiet intel_iommu=on") },
			{ LACKS, "/boot/loader/entries/" ID "-0-rescue.conf",
				"intel_iommu" },
			{ IS, "/etc/kernel/cmdline",
				ROOT
				" ro rootflags=subvol=root rhgb quiet intel_iommu=on\n" },
			{ HOLDS, "/etc/default/grub",
				"GRUB_CMDLINE_LINUX=\"rhgb quiet intel_iommu=on\"\n" },
			{ RUNS, "" } } },
	{ "kernelopts", "grub-bls", WISH,
		{ { REFUSED, "kernelopts",
			  "grubby --update-kernel=ALL --args=\"intel_iommu=on\"" },
			{ LACKS, "/boot/loader/entries/" ID "-" K1 ".conf",
				"intel_iommu" } } },
	{ "kernel-install", "kernel-install", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/kernel/cmdline", ROOT " ro\nquiet intel_iommu=on\n" },
			{ IS, "/boot/efi/loader/entries/" ID "-" K1 ".conf",
				KERNEL_INSTALL(K1, ROOT
					" ro quiet intel_iommu=on systemd.machine_id=" ID) },
			{ IS, "/boot/efi/loader/entries/" ID "-" K2 ".conf",
				KERNEL_INSTALL(K2, ROOT
					" ro quiet intel_iommu=on systemd.machine_id=" ID) },
			{ LACKS, CLAIMS, "made" }, { RUNS, "" } } },
	{ "kernel-install-running", "kernel-install", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/kernel/cmdline",
				ROOT " ro quiet intel_iommu=on systemd.machine_id=" ID
				     "\n" },
			{ HOLDS, "/boot/efi/loader/entries/" ID "-" K1 ".conf",
				" intel_iommu=on systemd.machine_id=" ID "\n" },
			{ HOLDS, CLAIMS, "made /etc/kernel/cmdline\n" } } },
	{ "systemd-boot", "systemd-boot", WISH,
		{ { ACCEPTED },
			{ IS, "/efi/loader/entries/arch.conf",
				"title\tArch Linux\n" ARCH(
					"linux") "options\t" ROOT " rw intel_iommu=on" },
			{ IS, "/efi/loader/entries/arch-lts.conf",
				"title\tArch Linux LTS\n" ARCH(
					"linux-lts") "options\t" ROOT
						     " rw intel_iommu=on\n# the second line goes on\noptions\tquiet intel_iommu=on\n\n" },
			{ LACKS, "/efi/loader/entries/other.conf", "intel_iommu" },
			{ LACKS, "/efi/loader/entries/memtest.conf", "intel_iommu" },
			{ WARNED, "way-out", "/efi/loader/loader.conf" },
			{ RUNS, "" } } },
	{ "sdbootutil", "sdbootutil", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/kernel/cmdline",
				ROOT
				" splash=silent quiet security=apparmor intel_iommu=on" },
			{ RUNS, "/usr/bin/sdbootutil update-all-entries" } } },
	{ "proxmox-systemd-boot", "proxmox-systemd-boot proxmox-grub", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/kernel/cmdline",
				"root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on\n# not read any more\n" },
			{ IS, DROPIN, NULL },
			{ LACKS, "/etc/default/grub", "intel_iommu" },
			{ RUNS, "/usr/sbin/proxmox-boot-tool refresh" } } },
	{ "proxmox-grub", "proxmox-grub", WISH,
		{ { ACCEPTED },
			{ HOLDS, DROPIN,
				"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on\"\n" },
			{ LACKS, "/etc/kernel/cmdline", "intel_iommu" },
			{ RUNS, "/usr/sbin/pve-efiboot-tool refresh" } } },
	{ "proxmox-both", "? proxmox-grub proxmox-systemd-boot", WISH,
		{ { REFUSED, "loader-conflict", "--loader proxmox-grub" },
			{ REFUSED, "loader-conflict", "--loader proxmox-systemd-boot" },
			{ LACKS, "/etc/kernel/cmdline", "intel_iommu" },
			{ IS, DROPIN, NULL } } },
	{ "proxmox-both", "? proxmox-grub proxmox-systemd-boot",
		"loader=proxmox-systemd-boot " WISH,
		{ { ACCEPTED }, { HOLDS, CLAIMS, "loader proxmox-systemd-boot\n" },
			{ HOLDS, "/etc/kernel/cmdline", " boot=zfs intel_iommu=on\n" },
			{ RUNS, "/usr/sbin/proxmox-boot-tool refresh" } } },
	{ "limine", "limine", WISH,
		{ { ACCEPTED },
			{ HOLDS, "/boot/limine.conf",
				"    cmdline: " ROOT " ro quiet intel_iommu=on\n" },
			{ HOLDS, "/boot/limine.conf",
				"    KERNEL_CMDLINE: root=LABEL=other rw\n" },
			{ RUNS, "" } } },
	{ "limine-entry-tool", "limine-entry-tool", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/default/limine",
				"ESP_PATH=\"/boot\"\nKERNEL_CMDLINE[default]=\"" ROOT
				" ro quiet\"\nKERNEL_CMDLINE[default]+= \"splash\"\n"
				"BOOT_ORDER=\"*, *fallback, Snapshots\"\n"
				"# pciferry: begin (kept by pciferry, do not edit)\n"
				"KERNEL_CMDLINE[default]+=\" intel_iommu=on\"\n"
				"# pciferry: end\n" },
			{ LACKS, "/boot/limine.conf", "intel_iommu" },
			{ RUNS, "/usr/bin/limine-update" } } },
	{ "refind", "refind", WISH,
		{ { ACCEPTED },
			{ IS, "/boot/refind_linux.conf",
				"\"Boot with standard options\"  \"" ROOT
				" ro quiet initrd=boot\\initrd.img-%v intel_iommu=on\"\n"
				"\"Boot to single-user mode\"    \"" ROOT
				" ro single initrd=boot\\initrd.img-%v" WAY_OUT "\"\n"
				"\"Boot with minimal options\"   \"ro " ROOT
				" intel_iommu=on\"\n" },
			{ RUNS, "" } } },
	{ "u-boot-menu", "u-boot-menu", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/u-boot-menu/conf.d/zz-pciferry.conf",
				"# Made by pciferry(8) from /etc/pciferry/claims; changes here are lost.\n"
				"U_BOOT_PARAMETERS=\"ro quiet intel_iommu=on\"\n" },
			{ RUNS, "/usr/sbin/u-boot-update" } } },
	{ "extlinux", "extlinux", WISH,
		{ { ACCEPTED },
			{ IS, "/boot/extlinux/extlinux.conf",
				"UI menu.c32\nPROMPT 0\nTIMEOUT 50\nDEFAULT debian\nAPPEND " ROOT
				" ro intel_iommu=on\n\nLABEL debian\n    MENU LABEL Debian GNU/Linux\n    LINUX /vmlinuz-" K2
				"\n    INITRD /initrd.img-" K2 "\n    append " ROOT
				" ro quiet intel_iommu=on\n\nlabel old\n    menu label Debian GNU/Linux, kernel 6.1\n    kernel /vmlinuz-" K1
				"\n    append initrd=/initrd.img-" K1 " " ROOT
				" ro intel_iommu=on\n\nLABEL recovery\n    LINUX /vmlinuz-" K2
				"\n    APPEND " ROOT " ro single" WAY_OUT
				"\n\nLABEL other\n    LINUX /vmlinuz-other\n    APPEND root=LABEL=other ro\n\nLABEL windows\n    COM32 chain.c32\n    APPEND hd0 1\n" },
			{ RUNS, "" } } },
	{ "kernelstub", "kernelstub", WISH,
		{ { ACCEPTED },
			{ HOLDS, "/etc/kernelstub/configuration",
				"  \"user\": {\n    \"kernel_options\": [\n      \"quiet\",\n      \"loglevel=0\",\n      \"splash\",\n      \"intel_iommu=on\"\n    ],\n    \"esp_path\"" },
			{ HOLDS, "/etc/kernelstub/configuration",
				"  \"default\": {\n    \"kernel_options\": [\n      \"quiet\",\n      \"splash\"\n    ],\n" },
			{ RUNS, "/usr/bin/kernelstub" } } },
	{ "unified-mkinitcpio", "unified-mkinitcpio systemd-boot", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/cmdline.d/zz-pciferry.conf",
				"# Made by pciferry(8) from /etc/pciferry/claims; changes here are lost.\nintel_iommu=on\n" },
			{ LACKS, "/etc/kernel/cmdline", "intel_iommu" },
			{ LACKS, "/efi/loader/entries/arch.conf", "intel_iommu" },
			{ WARNED, "way-out", "Secure Boot is on" },
			{ INSIDE, "intel_iommu=on" },
			{ RUNS, "/usr/bin/mkinitcpio -P" } } },
	{ "unified-running", "unified-mkinitcpio", WISH,
		{ { REFUSED, "unset-cmdline", "/etc/kernel/cmdline" },
			{ DO, "# in /etc/kernel/cmdline:\n" ROOT " rw quiet" },
			{ IS, "/etc/kernel/cmdline", NULL } } },
	{ "unified-dracut", "unified-dracut", WISH,
		{ { ACCEPTED },
			{ HOLDS, "/etc/dracut.conf.d/zz-pciferry-cmdline.conf",
				"kernel_cmdline=\"$kernel_cmdline intel_iommu=on\"\n" },
			{ RUNS, "/usr/bin/dracut --force --regenerate-all" } } },
	{ "unified-kernel-install", "unified-kernel-install", WISH,
		{ { ACCEPTED },
			{ IS, "/etc/kernel/cmdline", ROOT " ro quiet intel_iommu=on\n" },
			{ RUNS, "/usr/bin/kernel-install add " K2 " /boot/vmlinuz-" K2
				"; /usr/bin/kernel-install add " K1
				" /boot/vmlinuz-" K1 } } },
	{ "ostree", "ostree grub", WISH,
		{ { REFUSED, "by-hand", "/run/ostree-booted" },
			{ DO, "rpm-ostree kargs --append-if-missing=intel_iommu=on" },
			{ DO, "--delete-if-present=intel_iommu=on" },
			{ IS, CLAIMS, NULL }, { RUNS, "" } } },
	{ "nixos", "nixos", WISH,
		{ { REFUSED, "by-hand", "/etc/NIXOS" },
			{ DO, "boot.kernelParams = [ \"intel_iommu=on\" ];\n" },
			{ DO, "nixos-rebuild boot" }, { IS, CLAIMS, NULL },
			{ RUNS, "" } } },
	{ "transactional", "transactional grub", WISH,
		{ { REFUSED, "by-hand", "mounted read-only" },
			{ DO, "transactional-update initrd grub.cfg" },
			{ DO, "GRUB_CMDLINE_LINUX_DEFAULT" }, { IS, DROPIN, NULL },
			{ RUNS, "" } } },
	{ "zfsbootmenu", "zfsbootmenu grub", WISH,
		{ { REFUSED, "by-hand",
			  "has root=zfs: and spl_hostid=, as it puts there" },
			{ DO, "zfs get -H -o value org.zfsbootmenu:commandline tank/ROOT/debian" },
			{ DO, "zfs set org.zfsbootmenu:commandline=\"... intel_iommu=on\" tank/ROOT/debian" },
			{ IS, DROPIN, NULL } } },
	{ "efistub", "efistub grub", WISH,
		{ { REFUSED, "by-hand", "the EFI variable Boot0003 has the words" },
			{ DO, "--unicode 'WORDS intel_iommu=on'" },
			{ IS, DROPIN, NULL } } },
	{ "truenas", "truenas grub", WISH,
		{ { REFUSED, "by-hand", "This host is kept by TrueNAS SCALE" },
			{ DO, "{\"isolated_gpu_pci_ids\": [\"0000:01:00.0\"" },
			{ DO, "{\"kernel_extra_options\": \"intel_iommu=on\"}" },
			{ SILENT, "not-lasting" }, { IS, CLAIMS, NULL }, { RUNS, "" } } },
	{ "unraid", "unraid", WISH,
		{ { REFUSED, "by-hand", "This host is kept by Unraid" },
			{ DO, "BIND=0000:01:00.0|10de:2584" },
			{ DO, "Syslinux Configuration" }, { IS, CLAIMS, NULL },
			{ RUNS, "" } } },
	{ "harvester", "harvester grub", WISH,
		{ { REFUSED, "by-hand", "This host is kept by Harvester" },
			{ DO, "Enable Passthrough for\n0000:01:00.0" },
			{ IS, CLAIMS, NULL }, { RUNS, "" } } },
	{ "elemental", "elemental grub", WISH,
		{ { REFUSED, "by-hand", "This host is kept by Elemental" },
			{ DO, "set extra_cmdline=\"intel_iommu=on\"" },
			{ IS, CLAIMS, NULL }, { RUNS, "" } } },
	{ "two", "? grub systemd-boot", WISH,
		{ { REFUSED, "loader-conflict", "/boot/grub are here" },
			{ REFUSED, "loader-conflict", "/efi/EFI/systemd" } } },
	{ "two", "? grub systemd-boot", "loader=systemd-boot " WISH,
		{ { ACCEPTED },
			{ HOLDS, "/efi/loader/entries/debian.conf", " intel_iommu=on\n" },
			{ IS, DROPIN, NULL } } },
	{ "two", "? grub systemd-boot", "loader=refind " WISH,
		{ { REFUSED, "loader-choice", "\"refind\"" },
			{ LACKS, "/efi/loader/entries/debian.conf", "intel_iommu" } } },
};

/* The same hosts with files of another kind: loader-HOST.host, and a row on top. */
static const struct variant {
	const char *host;
	struct row row;
} variants[] = {
	{ "kernel-install",
		{ "a line of the distribution's is the one to start from",
			"remove etc/kernel/cmdline\n"
			"text usr/lib/kernel/cmdline " ROOT " ro splash",
			WISH,
			{ { ACCEPTED },
				{ IS, "/etc/kernel/cmdline",
					ROOT " ro splash intel_iommu=on\n" },
				{ HOLDS, CLAIMS, "made /etc/kernel/cmdline\n" } } } },
	{ "systemd-boot",
		{ "an entry for recovery by its title keeps vfio-pci out",
			"file efi/loader/entries/arch-fallback.conf <<E\n"
			"title Arch Linux (fallback initramfs)\nlinux /vmlinuz-linux\n"
			"options " ROOT " rw\nE",
			WISH,
			{ { ACCEPTED },
				{ HOLDS, "/efi/loader/entries/arch-fallback.conf",
					"options " ROOT " rw" WAY_OUT "\n" },
				{ HOLDS, "/efi/loader/entries/arch.conf",
					" rw intel_iommu=on" },
				{ HOLDS, CLAIMS,
					"way-out /efi/loader/entries/arch-fallback.conf\n" },
				{ TOLD, "way-out-entry",
					"/efi/loader/entries/arch-fallback.conf" } } } },
	{ "systemd-boot",
		{ "one of which the user has said so is theirs",
			"file efi/loader/entries/arch-fallback.conf <<E\n"
			"title rescue\noptions " ROOT " pciferry.off\nE",
			WISH,
			{ { SILENT, "way-out-entry" },
				{ HOLDS, "/efi/loader/entries/arch-fallback.conf",
					ROOT " pciferry.off\n" } } } },
	{ "systemd-boot",
		{ "nor is one whose image the host runs from",
			"file efi/loader/entries/arch-fallback.conf <<E\n"
			"title Arch (fallback)\noptions " ROOT " rw\nE\n"
			"file proc/cmdline <<E\n"
			"initrd=\\initramfs-linux-fallback.img " ROOT " rw\nE",
			WISH,
			{ { ACCEPTED }, { SILENT, "way-out-entry" },
				{ HOLDS, "/efi/loader/entries/arch-fallback.conf",
					" rw intel_iommu=on\n" } } } },
	{ "systemd-boot", { "where all are for recovery by their names none is",
				  "remove efi/loader/entries\n"
				  "file efi/loader/entries/rescue.conf <<E\n"
				  "title RescueOS\noptions " ROOT " rw\nE",
				  WISH,
				  { { ACCEPTED }, { SILENT, "way-out-entry" },
					  { HOLDS, "/efi/loader/entries/rescue.conf",
						  " rw intel_iommu=on\n" } } } },
	{ "grub-bls", { "Fedora's rescue entry", "", WISH,
			      { { HOLDS, "/boot/loader/entries/" ID "-0-rescue.conf",
					" rhgb quiet" WAY_OUT "\n" },
				      { LACKS, "/boot/loader/entries/" ID "-" K1 ".conf",
					      "pciferry" } } } },
	{ "limine",
		{ "an entry below another one, by its name",
			"file boot/limine.conf <<E\ntimeout: 5\n/+Arch\n  //linux\n"
			"    path: boot():/vmlinuz\n    cmdline: " ROOT
			" rw\n  //linux-fallback\n    cmdline: " ROOT
			" rw\n    module_path: boot():/initramfs-linux-fallback.img\n"
			"/Other\n    cmdline: root=LABEL=other rescue\nE",
			WISH,
			{ { ACCEPTED },
				{ IS, "/boot/limine.conf",
					"timeout: 5\n/+Arch\n  //linux\n"
					"    path: boot():/vmlinuz\n    cmdline: " ROOT
					" rw intel_iommu=on\n  //linux-fallback\n    cmdline: " ROOT
					" rw" WAY_OUT
					"\n    module_path: boot():/initramfs-linux-fallback.img\n"
					"/Other\n    cmdline: root=LABEL=other rescue\n" } } } },
	{ "refind",
		{ "stanzas of refind.conf, but for other systems' and comments",
			"file boot/efi/EFI/refind/refind.conf <<E\ntimeout 20\n"
			"menuentry Linux {\n  options \"ro root=UUID=5f96\"\n  disabled\n}\n"
			"menuentry \"Arch\" {\n  loader /vmlinuz\n  #options \"" ROOT
			"\"\n  options \"" ROOT " rw\"\n"
			"  submenuentry \"one\" {\n    add_options \"single\"\n  }\n}\n"
			"menuentry \"Arch fallback\" {\n  options \"" ROOT " rw\"\n}\nE",
			WISH,
			{ { ACCEPTED },
				{ IS, "/boot/efi/EFI/refind/refind.conf",
					"timeout 20\n"
					"menuentry Linux {\n  options \"ro root=UUID=5f96\"\n  disabled\n}\n"
					"menuentry \"Arch\" {\n  loader /vmlinuz\n  #options \"" ROOT
					"\"\n  options \"" ROOT " rw intel_iommu=on\"\n"
					"  submenuentry \"one\" {\n    add_options \"single\"\n  }\n}\n"
					"menuentry \"Arch fallback\" {\n  options \"" ROOT
					" rw" WAY_OUT "\"\n}\n" },
				{ HOLDS, "/boot/refind_linux.conf",
					" intel_iommu=on" } } } },
	{ "refind", { "with nothing but a stanza",
			    "remove boot/refind_linux.conf\n"
			    "file efi/EFI/refind/refind.conf <<E\n"
			    "menuentry \"Arch\" {\n  options \"" ROOT " rw\"\n}\nE",
			    WISH,
			    { { ACCEPTED }, { HOLDS, "/efi/EFI/refind/refind.conf",
						    " rw intel_iommu=on\"\n" } } } },
	{ "kernelstub",
		{ "words that do nothing, taken out as asked",
			"text etc/kernelstub/configuration "
			"{\"user\": {\"kernel_options\": [\"quiet\", \"iommu=on\", \"splash\"]}}",
			"clean " WISH,
			{ { ACCEPTED }, { TOLD, "folklore", "It is taken out." },
				{ IS, "/etc/kernelstub/configuration",
					"{\"user\": {\"kernel_options\": [\"quiet\", \"splash\", \"intel_iommu=on\"]}}\n" } } } },
	{ "kernelstub",
		{ "a key that is there twice: the last counts",
			"text etc/kernelstub/configuration "
			"{\"user\":{\"kernel_options\":[\"a\"],\"kernel_options\":[\"b\"]}}",
			WISH,
			{ { ACCEPTED },
				{ IS, "/etc/kernelstub/configuration",
					"{\"user\":{\"kernel_options\":[\"a\"],\"kernel_options\":[\"b\",\"intel_iommu=on\"]}}\n" } } } },
};

static void test_variants(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		autofree char *path = NULL, *host = NULL, *text = NULL;

		assert_true(
			asprintf(&path, "hosts/loader-%s.host", variants[i].host) >= 0);
		host = source_text(path);
		assert_true(asprintf(&text, "%s%s\n", host, variants[i].row.lines) >= 0);
		tree_renew();
		tree_expand(text);
		check_row(&variants[i].row);
	}
}

static void check_candidates(const char *what, const char *want)
{
	autohost struct host *host = tree_scan();
	const struct evidence *e = loader_pick(host, NULL);
	autostrv char **ids = NULL;
	autofree char *got = NULL;

	if (e)
		assert_ptr_equal(e, &host->evidence[0]);
	else
		strv_add(&ids, "?");
	for (size_t i = 0; i < host->n_evidence; i++)
		strv_add(&ids, host->evidence[i].loader->id);
	got = strv_join(ids, " ");
	check_text(what, got, want);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autofree char *name = NULL;

		assert_true(asprintf(&name, "loader-%s.host", rows[i].what) >= 0);
		tree_renew();
		tree_expand_host(name);
		check_candidates(rows[i].what, rows[i].lines);
		check_row(&rows[i]);
	}
}

/* Evidence: what this boot says beats what is installed. */
static void test_evidence(void **state)
{
	(void)state;
	tree_expand_host("loader-two.host");
	for (int i = 0; i < 3; i++) {
		static const char *const cmdlines[] = { NULL,
			"BOOT_IMAGE=/boot/vmlinuz " ROOT " ro\n",
			"initrd=\\initrd.img " ROOT " ro\n" };
		static const char *const ids[] = { NULL, "grub", "systemd-boot" };
		autohost struct host *host = NULL;
		const struct evidence *e;

		if (cmdlines[i])
			tree_put("proc/cmdline", cmdlines[i]);
		host = tree_scan();
		e = loader_pick(host, NULL);
		check_number("rows that could be it", (long)host->n_evidence, 2);
		check_text("the one that is", e ? e->loader->id : NULL, ids[i]);
	}
}

/* The hosts with more or less on them: which rows could boot them then. */
static const struct {
	const char *host, *lines, *want;
} candidates[] = {
	/* Entries alone are no systemd-boot: GRUB reads such, too. */
	{ "systemd-boot", "remove efi/EFI/systemd\nremove efi/loader/loader.conf", "?" },
	{ "systemd-boot", "remove efi/loader/entries", "?" },
	{ "systemd-boot", "text usr/bin/sdbootutil x", "?" },
	{ "kernel-install",
		"remove boot/efi/EFI/systemd\nremove boot/efi/loader/loader.conf", "?" },
	{ "kernel-install", "remove boot/efi/loader/entries", "?" },
	{ "grub-bls", "text etc/default/grub GRUB_ENABLE_BLSCFG=false",
		"grub2-mkconfig" },
	{ "grub-bls", "text etc/default/grub GRUB_ENABLE_BLSCFG=\"", "grub2-mkconfig" },
	{ "grub-bls", "remove etc/default/grub", "grub2-mkconfig" },
	{ "grub-bls", "remove boot/loader/entries\nremove etc/kernel/cmdline", "?" },
	{ "grub2-mkconfig", "text etc/default/grub GRUB_ENABLE_BLSCFG=true", "?" },
	{ "grub-mkconfig", "remove usr/sbin/grub-mkconfig", "?" },
	{ "u-boot-menu", "remove usr/sbin/u-boot-update", "?" },
	{ "extlinux", "text usr/sbin/u-boot-update x", "u-boot-menu" },
	{ "extlinux", "text sbin/update-extlinux x", "?" },
	{ "extlinux",
		"text boot/extlinux/extlinux.conf APPEND root=LABEL=installer quiet",
		"?" },
	{ "extlinux", "dir boot/grub\ntext usr/sbin/update-grub x", "? grub extlinux" },
};

static void test_candidates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		autofree char *path = NULL, *host = NULL, *text = NULL, *what = NULL;

		assert_true(
			asprintf(&path, "hosts/loader-%s.host", candidates[i].host) >= 0);
		host = source_text(path);
		assert_true(asprintf(&text, "%s%s\n", host, candidates[i].lines) >= 0);
		assert_true(asprintf(&what, "%s, %s", candidates[i].host,
				    candidates[i].lines) >= 0);
		tree_renew();
		tree_expand(text);
		check_candidates(what, candidates[i].want);
	}
}

/* A row's entries, a line each: id, title, kernel, what it is, its command line. */
static char *entries_of(const struct host *host)
{
	const struct evidence *e = loader_pick(host, NULL);
	CLEANUP(boot_entries_done) struct boot_entries entries = { 0 };
	autobuf struct buf out = { 0 };
	char *text = NULL;

	assert_non_null(e);
	if (!e->loader->entries)
		return NULL;
	e->loader->entries(host, e, &entries);
	for (size_t i = 0; i < entries.n; i++) {
		const struct boot_entry *entry = &entries.list[i];
		autofree char *kargs = NULL;

		kargs = strv_join(entry->kargs, " ");
		buf_printf(&out, "%s|%s|%s|%s%s%s|%s\n", entry->id, entry->title ?: "",
			entry->kernel ? entry->kernel->release : "",
			entry->is_linux ? "linux" : "", entry->rescue ? " rescue" : "",
			entry->is_default ? " default" : "", kargs);
	}
	text = buf_take(&out);
	return text;
}

static const struct {
	const char *host, *want; /* NULL: the row does not know its entries */
} entries[] = {
	{ "extlinux", "debian|Debian GNU/Linux|" K2 "|linux default|" ROOT " ro quiet\n"
		      "old|Debian GNU/Linux, kernel 6.1|" K1
		      "|linux|initrd=/initrd.img-" K1 " " ROOT " ro\n"
		      "recovery||" K2 "|linux rescue|" ROOT " ro single\n"
		      "other|||linux|root=LABEL=other ro\n"
		      "windows||||\n" },
	{ "systemd-boot",
		"arch-fallback|Arch Linux (fallback initramfs)||linux rescue|" ROOT
		" rw\n"
		"arch-lts|Arch Linux LTS||linux|" ROOT " rw intel_iommu=on quiet\n"
		"arch|Arch Linux||linux|" ROOT " rw\n"
		"memtest|Memtest86+|||\n"
		"other|Another||linux|root=LABEL=other rw\n" },
	{ "kernel-install", ID "-" K1 "|Debian GNU/Linux 12 (bookworm)|" K1 "|linux|" ROOT
			       " ro quiet systemd.machine_id=" ID "\n" ID "-" K2
			       "|Debian GNU/Linux 12 (bookworm)|" K2 "|linux|" ROOT
			       " ro quiet systemd.machine_id=" ID "\n" },
	{ "grub-bls", ID "-0-rescue|Fedora Linux (0-rescue-" ID
			 ") 40 (Workstation Edition)||linux rescue|" ROOT
			 " ro rootflags=subvol=root rhgb quiet\n" ID "-" K1
			 "|Fedora Linux (" K1 ") 40 (Workstation Edition)|" K1
			 "|linux|" ROOT " ro rootflags=subvol=root rhgb quiet\n" ID "-" K2
			 "|Fedora Linux (" K2 ") 40 (Workstation Edition)|" K2
			 "|linux|" ROOT " ro rootflags=subvol=root rhgb quiet\n" },
	{ "limine", "Debian|Debian|" K2 "|linux|" ROOT " ro quiet\n"
		    "Other|Other||linux|root=LABEL=other rw\n" },
	{ "refind",
		"Boot with standard options|Boot with standard options||linux|" ROOT
		" ro quiet initrd=boot\\initrd.img-%v\n"
		"Boot to single-user mode|Boot to single-user mode||linux rescue|" ROOT
		" ro single initrd=boot\\initrd.img-%v\n"
		"Boot with minimal options|Boot with minimal options||linux|ro " ROOT "\n"
		"Debian by hand|Debian by hand||linux|" ROOT " ro quiet\n" },
	{ "grub-mkconfig", NULL },
	{ "u-boot-menu", NULL },
	{ "kernelstub", NULL },
};

static void test_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		autofree char *name = NULL, *got = NULL;
		autohost struct host *host = NULL;

		assert_true(asprintf(&name, "loader-%s.host", entries[i].host) >= 0);
		tree_renew();
		tree_expand_host(name);
		host = tree_scan();
		got = entries_of(host);
		check_text(entries[i].host, got, entries[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_variants),
		TEST(test_evidence),
		TEST(test_candidates),
		TEST(test_entries),
	};

	return RUN(tests);
}

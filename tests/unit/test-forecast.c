// SPDX-License-Identifier: GPL-2.0-or-later
/* Forecasts: a table of situations, each with the driver that a device will have. */
#include "support.h"

/*
 * A Debian host without claims: a card with its own module, twins of two makers, a NIC
 * whose driver is part of the kernel, a physical function with two virtual ones. Each row
 * adds to it or replaces a file of it.
 */
static const char base[] =
	"kernel 6.1 running\n"
	"module 6.1 vfio-pci\n"
	"module 6.1 drm\n"
	"module 6.1 nouveau depends=drm pci:v000010DEd*sv*sd*bc03sc*i*\n"
	"module 6.1 xhci-hcd\n"
	"module 6.1 xhci-pci depends=xhci-hcd pci:v*d*sv*sd*bc0Csc03i30*\n"
	"module 6.1 igb pci:v00008086d00001533sv*sd*bc*sc*i*\n"
	"module 6.1 igbvf pci:v00008086d00001520sv*sd*bc*sc*i*\n"
	"module 6.1 i40e pci:v00008086d00001572sv*sd*bc*sc*i*\n"
	"module 6.1 ehci-pci builtin\n"
	"module 6.1 r8169 builtin\n"
	"config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n"
	"driver xhci_hcd xhci-pci\n"
	"driver ehci-pci ehci-pci\n"
	"device 0000:00:00.0 group=0 class=060000 id=8086:4660\n"
	"device 0000:00:01.0 group=1 class=060400 id=8086:460d driver=pcieport bus=01\n"
	"device 0000:01:00.0 group=16 class=030000 id=10de:1e84 sub=10de:139f driver=nouveau\n"
	"device 0000:02:00.0 group=17 class=0c0330 id=1912:0014 driver=xhci_hcd\n"
	"device 0000:04:00.0 group=19 class=020000 id=8086:1533 sub=8086:0001 driver=igb\n"
	"device 0000:05:00.0 group=20 class=020000 id=8086:1533 sub=15d9:1533 driver=igb\n"
	"device 0000:06:00.0 group=21 class=020000 id=10ec:8168 driver=r8169\n"
	"device 0000:07:00.0 group=22 class=0c0320 id=8086:8c2d driver=ehci-pci\n"
	"device 0000:08:00.0 group=23 class=020000 id=8086:1572 driver=i40e\n"
	"device 0000:08:02.0 group=24 class=020000 id=8086:1520 driver=igbvf physfn=0000:08:00.0\n"
	"device 0000:08:02.1 group=25 class=020000 id=8086:1520 driver=vfio-pci physfn=0000:08:00.0\n"
	"device 0000:0f:00.0 class=088000 id=8086:09ab\n"
	"text proc/cpuinfo vendor_id : GenuineIntel\n"
	"text proc/cmdline root=/dev/sda1 ro quiet\n"
	"text usr/sbin/update-initramfs x\n"
	"text etc/initramfs-tools/modules # comment\n" DEBIAN_GRUB("");

#define CARD "0000:01:00.0"
#define USB "0000:02:00.0"
#define TWIN "0000:04:00.0"
#define TWIN2 "0000:05:00.0"
#define BUILTIN "0000:06:00.0"
#define EHCI "0000:07:00.0"
#define PF "0000:08:00.0"
#define VF "0000:08:02.0"
#define VF_TAKEN "0000:08:02.1"
#define NO_GROUP "0000:0f:00.0"

#define FILE_(name, text) "file etc/modprobe.d/" name ".conf <<E\n" text "\nE\n"
#define CONF(text) FILE_("vfio", text)
#define LOAD "text etc/modules vfio-pci\n"
#define WORDS(words) "text etc/default/grub GRUB_CMDLINE_LINUX=\"" words "\"\n"
#define RULE(text) "file etc/udev/rules.d/60-mine.rules <<E\n" text "\nE\n"
#define NOW(address) "bind " address " vfio-pci\n"
#define VFIO_BUILTIN "module 6.1 vfio-pci builtin\n"
#define NEW_KERNEL "kernel 6.2\nmodule 6.2 igb pci:v00008086d00001533sv*sd*bc*sc*i*\n"

struct want {
	const char *address, *after; /* NULL: no driver */
	const char *why; /* part of the reason */
	const char *kernel; /* NULL: 6.1 */
	bool unknown; /* why is the doubt, whole */
};
#define UNKNOWN .unknown = true
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static const struct {
	const char *what, *lines, *request;
	struct want want[4];
} rows[] = {
	{ "nothing is set up", "", "",
		{ { CARD, "nouveau", "nothing changes" },
			{ BUILTIN, "r8169", "nothing changes" },
			{ "0000:00:01.0", "pcieport", "" }, { NO_GROUP, NULL, "" } } },
	{ "claimed by ids", "", "04:00.0 05:00.0",
		{ { TWIN, "vfio-pci", "loads before its driver" },
			{ TWIN2, "vfio-pci", "loads before its driver" } } },
	{ "claimed by address", "", "04:00.0",
		{ { TWIN, "vfio-pci", "udev rule" }, { TWIN2, "igb", "nothing" } } },
	{ "claimed, part of the kernel", "", "06:00.0",
		{ { BUILTIN, "vfio-pci", "script in the initramfs" } } },

	/* The user's own ids=. */
	{ "ids without softdep: a race, lost",
		CONF("options vfio-pci ids=10de:1e84") LOAD, "",
		{ { CARD, NULL, "nothing makes that load before nouveau", UNKNOWN } } },
	{ "ids without softdep: a race, won",
		CONF("options vfio-pci ids=10de:1e84") LOAD NOW(CARD), "",
		{ { CARD, "vfio-pci", "has it now" } } },
	{ "ids with softdep",
		CONF("options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"), "",
		{ { CARD, "vfio-pci", "loads before" } } },
	{ "a softdep on what the module needs",
		CONF("options vfio-pci ids=10de:1e84\nsoftdep drm pre: vfio_pci"), "",
		{ { CARD, "vfio-pci", "loads before" } } },
	{ "a softdep on the driver's name, a module that it needs",
		CONF("options vfio-pci ids=1912:0014\nsoftdep xhci_hcd pre: vfio-pci"),
		"", { { USB, "vfio-pci", "loads before" } } },
	{ "a softdep the wrong way round",
		CONF("options vfio-pci ids=10de:1e84\nsoftdep nouveau post: vfio-pci"),
		"", { { CARD, "nouveau", "nothing makes that load before" } } },
	{ "of two softdeps the first counts",
		CONF("options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: drm\nsoftdep nouveau pre: vfio-pci")
			LOAD,
		"", { { CARD, NULL, "nothing makes that load before", UNKNOWN } } },
	{ "the kernel's own before a file that sorts after it",
		"module 6.1 drm\nmodule 6.1 amdgpu softdep=\"pre: drm\" pci:v00001002d*sv*sd*bc*sc*i*\n"
		"device 0000:0a:00.0 group=30 class=030000 id=1002:73bf driver=amdgpu\n" CONF(
			"options vfio-pci ids=1002:73bf\nsoftdep amdgpu pre: vfio-pci")
			LOAD,
		"",
		{ { "0000:0a:00.0", NULL, "nothing makes that load before", UNKNOWN } } },
	{ "or after one that sorts before it",
		"module 6.1 drm\nmodule 6.1 amdgpu softdep=\"pre: drm\" pci:v00001002d*sv*sd*bc*sc*i*\n"
		"device 0000:0a:00.0 group=30 class=030000 id=1002:73bf driver=amdgpu\n" FILE_(
			"a",
			"options vfio-pci ids=1002:73bf\nsoftdep amdgpu pre: vfio-pci"),
		"", { { "0000:0a:00.0", "vfio-pci", "loads before" } } },
	{ "a softdep behind an indented comment",
		CONF("options vfio-pci ids=10de:1e84\n  # softdep nouveau pre: vfio-pci")
			LOAD,
		"", { { CARD, NULL, "nothing makes that load before", UNKNOWN } } },
	{ "nothing loads vfio-pci", CONF("options vfio-pci ids=10de:1e84"), "",
		{ { CARD, "nouveau", "nothing loads vfio-pci" } } },
	{ "the last ids= wins, by the files' names",
		FILE_("b", "options vfio-pci ids=8086:1533") FILE_("a",
			"options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci\n"
			"softdep igb pre: vfio-pci"),
		"", { { CARD, "nouveau", "nothing" }, { TWIN, "vfio-pci", "ID" } } },
	{ "and the command line's after all files",
		CONF("options vfio-pci ids=8086:1533\nsoftdep nouveau pre: vfio-pci")
			WORDS("vfio_pci.ids=10de:1e84"),
		"", { { CARD, "vfio-pci", "ID" }, { TWIN, "igb", "nothing" } } },
	{ "arguments in initramfs-tools' list come last, a driver that udev loads first",
		CONF("options vfio-pci ids=8086:1533") "text etc/initramfs-tools/modules vfio_pci ids=1912:0014 disable_vga=1\n" NOW(
			USB),
		"", { { USB, "vfio-pci", "has it now" }, { TWIN, "igb", "nothing" } } },
	{ "but what a softdep has loaded before takes no arguments",
		CONF("options vfio-pci ids=8086:1533\nsoftdep igb pre: vfio-pci") "text etc/initramfs-tools/modules vfio_pci ids=1912:0014\n",
		"", { { USB, "xhci_hcd", "nothing" }, { TWIN, "vfio-pci", "ID" } } },
	{ "pci-stub in the kernel keeps what it is told to, whatever is claimed",
		"module 6.1 pci-stub builtin\n" WORDS("pci-stub.ids=1912:0014"),
		"02:00.0", { { USB, "pci-stub", "pci-stub.ids=" } } },
	{ "as a module it is not loaded by that",
		"module 6.1 pci-stub\n" WORDS("pci-stub.ids=1912:0014"), "02:00.0",
		{ { USB, "vfio-pci", "loads before" } } },
	{ "a rule of a package, in no image",
		LOAD
		"file usr/lib/udev/rules.d/60-pkg.rules <<E\nACTION==\"add\", KERNEL==\"" TWIN
		"\", ATTR{driver_override}=\"vfio-pci\"\nE\n",
		"", { { TWIN, NULL, "not in the initramfs", UNKNOWN } } },
	{ "and one of the user's of that name in its stead",
		LOAD
		"file usr/lib/udev/rules.d/60-pkg.rules <<E\nACTION==\"add\", KERNEL==\"" TWIN
		"\", ATTR{driver_override}=\"vfio-pci\"\nE\n"
		"text etc/udev/rules.d/60-pkg.rules # nothing\n",
		"", { { TWIN, "igb", "nothing changes" } } },
	{ "every device of that ID",
		CONF("options vfio-pci ids=8086:1533\nsoftdep igb pre: vfio-pci"), "",
		{ { TWIN, "vfio-pci", "ID" }, { TWIN2, "vfio-pci", "ID" } } },
	{ "but with a subsystem",
		CONF("options vfio-pci ids=8086:1533:15d9:1533\nsoftdep igb pre: vfio-pci"),
		"", { { TWIN, "igb", "nothing" }, { TWIN2, "vfio-pci", "ID" } } },
	{ "any of a maker",
		CONF("options vfio-pci ids=8086:ffffffff\nsoftdep igb pre: vfio-pci"), "",
		{ { TWIN, "vfio-pci", "ID" }, { CARD, "nouveau", "nothing" },
			{ "0000:00:01.0", "pcieport", "" },
			{ "0000:00:00.0", "vfio-pci", "" } } },
	{ "of a class",
		CONF("options vfio-pci ids=ffffffff:ffffffff:ffffffff:ffffffff:030000:ff0000\n"
		     "softdep nouveau pre: vfio-pci"),
		"", { { CARD, "vfio-pci", "ID" }, { TWIN, "igb", "nothing" } } },
	{ "in quotes",
		CONF("options vfio-pci ids=\"10de:1e84\"\nsoftdep nouveau pre: vfio-pci"),
		"", { { CARD, "vfio-pci", "ID" } } },
	{ "a device in no group", CONF("options vfio-pci ids=8086:09ab") LOAD, "",
		{ { NO_GROUP, NULL, "no IOMMU group" } } },

	/* alias, blacklist, install. */
	{ "an alias alone binds nothing",
		CONF("alias pci:v000010DEd00001E84sv*sd*bc*sc*i* vfio-pci"), "",
		{ { CARD, "nouveau", "nothing changes" } } },
	{ "an alias and ids",
		CONF("alias pci:v000010DEd00001E84sv*sd*bc*sc*i* vfio-pci\noptions vfio-pci ids=10de:1e84"),
		"", { { CARD, "vfio-pci", "nothing else wants it" } } },
	{ "an alias and ids, while a twin loads the module",
		CONF("alias pci:v00008086d00001533sv000015D9sd* vfio-pci\n"
		     "options vfio-pci ids=8086:1533:15d9:1533"),
		"", { { TWIN2, NULL, "nothing makes that load before igb", UNKNOWN } } },
	{ "a blacklist and ids",
		CONF("blacklist nouveau\noptions vfio-pci ids=10de:1e84") LOAD, "",
		{ { CARD, "vfio-pci", "nothing else wants it" } } },
	{ "a blacklist does not hold back what another module needs",
		"module 6.1 other depends=nouveau pci:v00008086d00001572sv*sd*bc*sc*i*\n" CONF(
			"blacklist nouveau\noptions vfio-pci ids=10de:1e84") LOAD,
		"", { { CARD, NULL, "nothing makes that load before", UNKNOWN } } },
	{ "nor a softdep's",
		CONF("blacklist nouveau\noptions vfio-pci ids=10de:1e84\nsoftdep igb post: nouveau")
			LOAD,
		"", { { CARD, NULL, "nothing makes that load before", UNKNOWN } } },
	{ "nor vfio-pci's own blacklist a softdep",
		CONF("blacklist vfio-pci\noptions vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"),
		"", { { CARD, "vfio-pci", "loads before" } } },
	{ "though it does a list",
		CONF("blacklist vfio-pci\noptions vfio-pci ids=8086:09ab,10de:1e84") LOAD,
		"", { { CARD, "nouveau", "nothing loads vfio-pci" } } },
	{ "an install line that does nothing",
		CONF("install nouveau /bin/false\noptions vfio-pci ids=10de:1e84") LOAD,
		"", { { CARD, "vfio-pci", "nothing else wants it" } } },
	{ "which a softdep cancels",
		CONF("install nouveau /bin/false\nsoftdep nouveau post: drm\noptions vfio-pci ids=10de:1e84")
			LOAD,
		"", { { CARD, NULL, "nothing makes that load before", UNKNOWN } } },
	{ "an install line that loads vfio-pci first",
		CONF("install nouveau /sbin/modprobe vfio-pci; /sbin/modprobe --ignore-install nouveau\n"
		     "options vfio-pci ids=10de:1e84") LOAD,
		"", { { CARD, "vfio-pci", "loads before" } } },

	/* Parts of the kernel. */
	{ "a driver of the kernel wins against ids",
		CONF("options vfio-pci ids=10ec:8168") LOAD, "",
		{ { BUILTIN, "r8169", "part of the kernel, and is first" } } },
	{ "and against a vfio-pci of the kernel",
		VFIO_BUILTIN WORDS("vfio-pci.ids=10ec:8168,8086:8c2d"), "",
		{ { BUILTIN, "r8169", "is first" },
			{ EHCI, "vfio-pci", "kernel's own" } } },
	{ "vfio-pci of the kernel reads no files",
		VFIO_BUILTIN CONF(
			"options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"),
		"", { { CARD, "nouveau", "nothing changes" } } },
	{ "but the command line, before all modules",
		VFIO_BUILTIN WORDS("vfio-pci.ids=10de:1e84"), "",
		{ { CARD, "vfio-pci", "kernel's own" } } },
	{ "and cannot be kept from loading",
		VFIO_BUILTIN WORDS("vfio-pci.ids=10de:1e84 module_blacklist=vfio_pci"),
		"", { { CARD, "vfio-pci", "kernel's own" } } },

	/* By address. */
	{ "a rule of the user's",
		RULE("ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"" TWIN
		     "\", ATTR{vendor}==\"0x8086\", ATTR{driver_override}=\"vfio-pci\"")
			LOAD,
		"", { { TWIN, "vfio-pci", "udev rule" }, { TWIN2, "igb", "nothing" } } },
	{ "for another device",
		RULE("KERNEL==\"" TWIN
		     "\", ATTR{vendor}==\"0x10de\", ATTR{driver_override}=\"vfio-pci\"")
			LOAD,
		"", { { TWIN, "igb", "nothing" } } },
	{ "for another driver",
		RULE("KERNEL==\"" TWIN "\", ATTR{driver_override}=\"pci-stub\""), "",
		{ { TWIN, "pci-stub", "udev rule" } } },
	{ "while nothing loads vfio-pci",
		RULE("KERNEL==\"" TWIN "\", ATTR{driver_override}=\"vfio-pci\""), "",
		{ { TWIN, NULL, "nothing loads vfio-pci" } } },
	{ "too late for a driver of the kernel",
		RULE("KERNEL==\"" BUILTIN "\", ATTR{driver_override}=\"vfio-pci\"") LOAD,
		"", { { BUILTIN, "r8169", "too late" } } },
	{ "a rule alone, after a vfio-pci that is part of the kernel",
		VFIO_BUILTIN RULE(
			"KERNEL==\"" TWIN "\", ATTR{driver_override}=\"vfio-pci\""),
		"", { { TWIN, NULL, "does not look again" } } },
	{ "and one that has it look",
		VFIO_BUILTIN RULE("ATTR{[pci/" TWIN "]driver_override}=\"vfio-pci\"\n"
				  "KERNEL==\"" TWIN
				  "\", ATTR{[subsystem/pci]drivers_probe}=\"%k\""),
		"", { { TWIN, "vfio-pci", "udev rule" }, { TWIN2, "igb", "" } } },
	{ "skipped by the way out",
		RULE("IMPORT{cmdline}=\"off.now\"\nENV{off.now}==\"?*\", GOTO=\"end\"\nKERNEL==\"" TWIN
		     "\", ATTR{driver_override}=\"vfio-pci\"\nLABEL=\"end\"")
			LOAD WORDS("off.now"),
		"", { { TWIN, "igb", "nothing" } } },
	{ "driverctl", "text etc/driverctl.d/pci-" BUILTIN " vfio-pci\n", "",
		{ { BUILTIN, "vfio-pci", "driverctl" } } },
	{ "driverctl with another driver, before ids",
		"text etc/driverctl.d/pci-" CARD " uio_pci_generic\n" CONF(
			"options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"),
		"", { { CARD, "uio_pci_generic", "driverctl" } } },
	{ "bound at run time only", NOW(CARD), "", { { CARD, "nouveau", "run time" } } },

	/* Kernels, the command line, the IOMMU. */
	{ "a kernel without vfio-pci", NEW_KERNEL, "04:00.0 05:00.0",
		{ { TWIN, "igb", "no vfio-pci", "6.2" },
			{ TWIN, "vfio-pci", "ID", "6.1" },
			{ CARD, NULL, "this kernel has no driver nouveau", "6.2" } } },
	{ "where a rule leaves it none", NEW_KERNEL, "04:00.0",
		{ { TWIN, NULL, "but this kernel has no vfio-pci", "6.2" },
			{ TWIN2, "igb", "nothing", "6.2" } } },
	{ "the IOMMU is switched off", WORDS("intel_iommu=off"), "04:00.0 05:00.0",
		{ { TWIN, "igb", "the IOMMU is off" } } },
	{ "and a rule leaves it none", WORDS("iommu=off"), "04:00.0",
		{ { TWIN, NULL, "but the IOMMU is off" } } },
	{ "another maker's word", WORDS("amd_iommu=off"), "04:00.0",
		{ { TWIN, "vfio-pci", "udev rule" } } },
	{ "vfio-pci is kept from loading", WORDS("module_blacklist=vfio_pci"),
		"04:00.0 05:00.0", { { TWIN, "igb", "module_blacklist=vfio_pci" } } },
	{ "by its exact name only", WORDS("module_blacklist=vfio-pci"), "04:00.0 05:00.0",
		{ { TWIN, "vfio-pci", "ID" } } },
	{ "the way out", WORDS("pciferry.off module_blacklist=vfio_pci"),
		"04:00.0 06:00.0",
		{ { TWIN, "igb", "nothing" }, { BUILTIN, "r8169", "nothing" } } },
	{ "a native module kept out by a word",
		CONF("options vfio-pci ids=10de:1e84")
			LOAD WORDS("modprobe.blacklist=a,nouveau modprobe.blacklist=b"),
		"", { { CARD, "vfio-pci", "nothing else" } } },
	{ "a list too long for the kernel", NULL, "",
		{ { CARD, "nouveau", "list of IDs that long" } } },

	/* SR-IOV. */
	{ "virtual functions come anew", "", "",
		{ { VF, "igbvf", "nothing" }, { VF_TAKEN, "igbvf", "run time" } } },
	{ "and end with their physical function",
		CONF("options vfio-pci ids=8086:1572\nsoftdep i40e pre: vfio-pci"), "",
		{ { PF, "vfio-pci", "ID" }, { VF, NULL, "ends it" } } },

	/* Released. */
	{ "the driver of before",
		"text etc/pciferry/claims " TWIN
		" 8086:1533 - override driver=igb_uio\n" NOW(TWIN),
		"-" TWIN, { { TWIN, "igb_uio", "released" } } },
	{ "no driver before",
		"text etc/pciferry/claims " TWIN
		" 8086:1533 - override driver=-\n" NOW(TWIN),
		"-" TWIN, { { TWIN, NULL, "released" } } },
	{ "not recorded: what wants it makes",
		"text etc/pciferry/claims " TWIN " 8086:1533 - override\n" NOW(TWIN)
			NOW(TWIN2),
		"-" TWIN, { { TWIN, "igb", "released" } } },
	{ "a module whose driver has another name",
		"text etc/pciferry/claims " USB " 1912:0014 - ids\n" NOW(USB), "-" USB,
		{ { USB, "xhci_hcd", "released" } } },
	{ "a user's own ids keep it",
		"text etc/pciferry/claims " CARD
		" 10de:1e84 - ids driver=nouveau\n" NOW(CARD) CONF(
			"options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"),
		"-" CARD, { { CARD, "vfio-pci", "ID" } } },
};

static const struct forecast *forecast_of(const struct plan *plan, const struct want *w)
{
	for (size_t i = 0; i < plan->n_forecasts; i++)
		if (streq(plan->forecasts[i].address, w->address) &&
			streq(plan->forecasts[i].kernel, w->kernel ?: "6.1"))
			return &plan->forecasts[i];
	return NULL;
}

/* lines NULL: a list of IDs that is too long. */
static void make_host(const char *lines)
{
	autofree char *text = NULL;
	char ids[30 + 110 * 10 + 1] = "options vfio-pci ids=10de:1e84";

	assert_true(asprintf(&text, "%s%s\n", base, lines ?: LOAD) >= 0);
	tree_renew();
	tree_expand(text);
	for (int i = 0; i < 110 && !lines; i++)
		(void)strcat(ids, ",1234:5678");
	if (!lines)
		tree_put("etc/modprobe.d/long.conf", ids);
}

/* On its own driver: none that vfio-pci has or gets; all for which nothing changes. */
static void check_stays(const char *what, const struct forecast *f)
{
	bool vfio = streq_null(f->now, "vfio-pci") || streq_null(f->after, "vfio-pci");

	if (vfio || strstr(f->why, "nothing changes"))
		check_number(what, f->stays, !vfio);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;

		make_host(rows[i].lines);
		host = tree_scan();
		plan = make_plan(host, rows[i].request);
		for (const struct want *w = rows[i].want;
			w < rows[i].want + 4 && w->address; w++) {
			const struct forecast *f = forecast_of(plan, w);

			assert_non_null(f);
			if (!streq_null(f->after, w->after))
				complain("%s: %s becomes %s (%s), should %s",
					rows[i].what, w->address, f->after ?: "none",
					f->why, w->after ?: "none");
			check_holds(rows[i].what, f->why, w->why);
			check_number(rows[i].what, f->certain, !w->unknown);
			check_text(rows[i].what, f->doubt,
				w->unknown ? after_prefix(f->why, "not known: ") : NULL);
			check_stays(rows[i].what, f);
		}
	}
}

/* Devices nobody chose that would change: refused, accepted by name, and told once. */
static void test_collateral(void **state)
{
	static const struct {
		const char *what, *lines, *request;
		int n; /* findings */
		enum severity severity;
	} cases[] = {
		{ "none", "", "04:00.0 05:00.0", 0, 0 },
		{ "the user's own list, which is loaded now",
			CONF("options vfio-pci ids=8086:09ab,1912:0014\nblacklist xhci-pci"),
			"04:00.0", 1, FINDING_REFUSAL },
		{ "accepted",
			CONF("options vfio-pci ids=8086:09ab,1912:0014\nblacklist xhci-pci"),
			"04:00.0 accept=collateral", 1, FINDING_WARNING },
		{ "with two kernels, told once",
			"kernel 6.2\nmodule 6.2 vfio-pci\n" CONF(
				"options vfio-pci ids=1912:0014\nblacklist xhci-pci"),
			"04:00.0", 1, FINDING_REFUSAL },
		{ "pending from before, by the user's hand",
			CONF("options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"),
			"04:00.0", 1, FINDING_REFUSAL },
		{ "but not where nothing is changed",
			CONF("options vfio-pci ids=10de:1e84\nsoftdep nouveau pre: vfio-pci"),
			"", 0, 0 },
		{ "another kernel's driver is no change of ours",
			"kernel 6.2\nmodule 6.2 vfio-pci\n", "04:00.0", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;
		int n = 0;

		make_host(cases[i].lines);
		host = tree_scan();
		plan = make_plan(host, cases[i].request);
		for (size_t j = 0; j < plan->n_findings; j++) {
			if (plan->findings[j].id != FOUND_COLLATERAL)
				continue;
			n++;
			check_number(cases[i].what, plan->findings[j].severity,
				cases[i].severity);
		}
		check_number(cases[i].what, n, cases[i].n);
	}
}

/* A claim that would not come true says so. */
static void test_no_effect(void **state)
{
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	const struct finding *f;

	(void)state;
	make_host("file etc/udev/rules.d/90-x.rules <<E\nKERNEL==\"" USB
		  "\", ATTR{driver_override}=\"uio_pci_generic\"\nE\n");
	host = tree_scan();
	plan = make_plan(host, "02:00.0");
	f = plan_finding(plan, "no-effect");
	assert_non_null(f);
	assert_int_equal(f->severity, FINDING_REFUSAL);
	check_holds("no-effect", f->text, USB " would not get to vfio-pci: a udev rule");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_collateral),
		TEST(test_no_effect),
	};

	return RUN(tests);
}

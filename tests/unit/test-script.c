// SPDX-License-Identifier: GPL-2.0-or-later
/* What scripts do to devices, line by line: shapes that are understood, and others. */
#include "support.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/format/script.h"

#define A "0000:0f:00.0"
#define B "0000:0f:00.1"
#define DEVICES "/sys/bus/pci/devices/"
#define VFIO "/sys/bus/pci/drivers/vfio-pci/"

static const struct {
	const char *what, *text;
	const char *acts; /* "LINE KIND ADDRESS-OR-ID DRIVER", with "; " between them */
} rows[] = {
	{ "nothing", "#!/bin/sh\nmount --bind /a /b\n# vfio-pci\necho vfio-pci\n", "" },
	{ "a loop over addresses",
		"for d in " A " " B "; do\n\techo vfio-pci > " DEVICES
		"$d/driver_override\ndone\nmodprobe -i vfio-pci\n",
		"2 override " A " vfio-pci; 2 override " B
		" vfio-pci; 4 load - vfio-pci" },
	{ "a loop over functions, below a directory",
		"cd " DEVICES
		"\nfor f in 0 1; do echo vfio-pci >0000:0f:00.$f/driver_override; done\n",
		"2 override " A " vfio-pci; 2 override " B " vfio-pci" },
	{ "a variable, and the question whether there is an IOMMU",
		"DEVS=\"" A " " B "\"\nif [ ! -z \"$(ls -A /sys/class/iommu)\" ]; then\n"
		"for d in $DEVS; do echo vfio-pci >\"" DEVICES
		"$d/driver_override\"; done\nfi\n",
		"3 override " A " vfio-pci; 3 override " B " vfio-pci" },
	{ "all of a group",
		"for d in $(ls " DEVICES A
		"/iommu_group/devices); do echo vfio-pci > " DEVICES
		"$d/driver_override; done\n",
		"1 override " A "+ vfio-pci" },
	{ "what initramfs-tools asks first",
		"prereqs() { echo \"\"; }\ncase $1 in\nprereqs)\n  prereqs\n  exit 0;;\nesac\nmodprobe vfio-pci\n",
		"7 load - vfio-pci" },
	{ "the same in short", "[ \"$1\" = prereqs ] && exit 0\nmodprobe vfio-pci\n",
		"2 load - vfio-pci" },
	{ "a function",
		"take() {\n  echo \"$1\" > " DEVICES "$1/driver/unbind\n  echo $1 > " VFIO
		"bind\n}\ntake " A "\n",
		"2 unbind " A " -; 3 bind " A " vfio-pci" },
	{ "IDs, also read from sysfs",
		"echo 10de 2204 > " VFIO "new_id\nV=$(cat " DEVICES A
		"/vendor)\nD=$(cat " DEVICES A "/device)\necho $V $D > " VFIO "new_id\n",
		"1 new_id 10de:2204 vfio-pci; 4 new_id " A " vfio-pci" },
	{ "by sudo, tee, printf and another shell",
		"echo vfio-pci | sudo tee " DEVICES A "/driver_override >/dev/null\n"
		"printf '%s\\n' " A " > /sys/bus/pci/drivers_probe\n"
		"sh -c 'echo " B " > " VFIO "bind'\n",
		"1 override " A " vfio-pci; 2 probe " A " -; 3 bind " B " vfio-pci" },
	{ "lists of bash",
		"D=(" A " " B ")\nfor d in \"${D[@]}\"; do echo $d >" VFIO
		"bind; done\nfor f in {0..1}; do echo vfio-pci >" DEVICES
		"0000:0f:00.$f/driver_override; done\n",
		"2 bind " A " vfio-pci; 2 bind " B " vfio-pci; 3 override " A
		" vfio-pci; 3 override " B " vfio-pci" },
	{ "a module with its IDs", "/sbin/modprobe vfio_pci ids=10de:2204,10de:1aef\n",
		"1 load - vfio-pci; 1 load 10de:2204 vfio-pci; 1 load 10de:1aef vfio-pci" },
	{ "only where it is not loaded yet",
		"lsmod | grep -q vfio_pci || modprobe vfio-pci\n", "1 load - vfio-pci" },
	{ "tools",
		"driverctl set-override " A
		" vfio-pci\nvirsh nodedev-detach pci_0000_0f_00_1\n",
		"1 detach " A " vfio-pci; 2 detach " B " vfio-pci" },
	{ "virtual functions",
		"echo 4 > " DEVICES A
		"/sriov_numvfs\necho 2 > /sys/class/net/eno1/device/sriov_numvfs\n",
		"1 vfs " A " -; 2 vfs - -" },
	{ "what names a device and does nothing",
		"lspci -s " A "\necho \"giving " A
		" to vfio-pci\" > /dev/kmsg\necho auto > " DEVICES A
		"/power/control\n[ -e " DEVICES A " ] || exit 0\n",
		"" },
	{ "another bus", "echo 1234 5678 > /sys/bus/usb-serial/drivers/generic/new_id\n",
		"" },
	{ "a here-document", "cat > /run/x <<'E'\necho " A " > " VFIO "bind )\nE\ntrue\n",
		"" },
	/* -- not understood -- */
	{ "a program that is given a device", "/root/take.py " A "\n",
		"1 unclear " A " -" },
	{ "a device that only running would tell",
		"d=$(lspci -Dnd 10de:2204 | cut -d' ' -f1)\necho vfio-pci > " DEVICES
		"$d/driver_override\n",
		"2 unclear 10de:2204 -" },
	{ "or nothing tells",
		"for d in " DEVICES "*; do echo vfio-pci > $d/driver_override; done\n",
		"1 unclear - -" },
	{ "a condition",
		"if grep -q novfio /proc/cmdline; then exit 0; fi\necho vfio-pci > " DEVICES
			A "/driver_override\n",
		"2 unclear " A " vfio-pci" },
	{ "either way of one",
		"if /root/asks; then echo " A " > " VFIO "bind; else echo " B " > " VFIO
		"bind; fi\n",
		"1 unclear " A " vfio-pci; 1 unclear " B " vfio-pci" },
	{ "behind a program that may ask", "/root/asks && modprobe vfio-pci\n",
		"1 unclear - vfio-pci" },
	{ "but one that gives up has asked nothing",
		"/root/starts || exit 1\nmodprobe vfio-pci\n", "2 load - vfio-pci" },
	{ "what is read", "while read d; do echo $d > " VFIO "bind; done < /etc/list\n",
		"1 unclear - -" },
	{ "a device that goes and comes", "echo 1 > " DEVICES A "/remove\n",
		"1 unclear " A " -" },
};

static char *act_text(const struct acts *acts)
{
	static const char *const kinds[] = { "override", "bind", "unbind", "probe",
		"new_id", "load", "vfs", "detach", "unclear" };
	struct buf b = { 0 };

	for (size_t i = 0; i < acts->n; i++) {
		const struct act *act = &acts->list[i];

		buf_printf(&b, "%s%zu %s %s%s %s", i ? "; " : "", act->line,
			kinds[act->kind], act->address ?: act->id ?: "-",
			act->group ? "+" : "", act->driver ?: "-");
	}
	return buf_take(&b);
}

static void test_rows(void **state)
{
	static const struct script script = { .path = "f" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(acts_done) struct acts acts = { 0 };
		autofree char *text = NULL;

		script_read(&script, rows[i].text, NULL, &acts);
		text = act_text(&acts);
		check_text(rows[i].what, text, rows[i].acts);
	}
}

/* A line that no shell reads: redirections are words of the program's. */
static void test_program(void **state)
{
	static const struct script script = { .path = "f" };
	CLEANUP(acts_done) struct acts acts = { 0 };
	autofree char *text = NULL;

	(void)state;
	script_read_program(&script, "/bin/sh -c 'echo " A " > " VFIO "bind'", 7, &acts);
	script_read_program(&script, "/bin/echo " A " > " VFIO "bind", 8, &acts);
	text = act_text(&acts);
	check_text("program", text, "7 bind " A " vfio-pci");
}

/* What has no end is left, and said to be unclear. */
static void test_endless(void **state)
{
	static const struct script script = { .path = "f" };
	CLEANUP(acts_done) struct acts acts = { 0 };
	autofree char *text = NULL;

	(void)state;
	script_read(&script,
		"for a in {1..60}; do for b in {1..60}; do for c in {1..60}; do X=$X$X$a; echo $X; done; done; done\n",
		NULL, &acts);
	text = act_text(&acts);
	check_text("endless", text, "1 unclear - -");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_program),
		TEST(test_endless),
	};

	return RUN(tests);
}

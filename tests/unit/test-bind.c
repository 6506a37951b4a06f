// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bind and unbind: which devices move, in what order, and what stands against it. What a
 * kernel makes of it is proven in the boot tests: no tree of files answers writes.
 */
#include "support.h"
#include "core/planner/bind.h"

static const char machine[] =
	"device 0000:00:01.0 class=060400 id=8086:460d driver=pcieport group=1 bus=01\n"
	"device 0000:01:00.0 class=030000 id=10de:1e84 driver=nouveau group=2\n"
	"device 0000:01:00.1 class=040300 id=10de:10f8 driver=snd_hda_intel group=2\n"
	"device 0000:00:03.0 class=010802 id=15b7:5011 driver=nvme group=3\n"
	"device 0000:00:04.0 class=020000 id=8086:1533 driver=igb group=4\n"
	"device 0000:00:05.0 class=020000 id=8086:1533 driver=vfio-pci group=5 "
	"driver_override=vfio-pci\n"
	"device 0000:00:06.0 class=010802 id=15b7:5011 group=6\n"
	"device 0000:00:07.0 class=020000 id=8086:1520 driver=vfio-pci group=7 "
	"physfn=0000:00:04.0\n"
	"device 0000:00:08.0 class=030000 id=8086:4680 driver=i915 group=8 boot_vga=1\n"
	"block 0000:00:03.0 nvme/nvme1/nvme1n1 259:4 p1=259:5\n"
	"net eno1 0000:00:04.0\n"
	"text proc/self/mountinfo 28 1 0:2 / / rw - rootfs rootfs rw\n"
	"kernel 6.1 running\nmodule 6.1 drivers/vfio/pci/vfio-pci\n"
	"module 6.1 igb pci:v00008086d00001533sv*sd*bc*sc*i*\n";

#define CHAR(numbers, address, below, name)                                              \
                                                                                         \
	"link sys/dev/char/" numbers " -> ../../devices/pci0000:00/" address "/" below   \
	"\ntext sys/devices/pci0000:00/" address "/" below "/uevent DEVNAME=" name "\n"
#define OPEN(pid, name, node)                                                            \
	"text proc/" pid "/comm " name "\nlink proc/" pid "/fd/7 -> " node "\n"
#define GPU "0000:00:01.0/0000:01:00.0"
#define SOUND "0000:00:01.0/0000:01:00.1"
static const struct {
	const char *what, *lines, *request; /* "-" in front: back; "+": and rescan */
	const char *moves; /* with "; " between */
	const char *finding, *says; /* NULL: nothing but not-live */
} rows[] = {
	{ "the last function first", "", "01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 nouveau>vfio-pci",
		NULL, NULL },
	{ "a device without a driver", "", "00:06.0", "0000:00:06.0 ->vfio-pci", NULL,
		NULL },
	{ "it is there already", "", "00:05.0", "", NULL, NULL },
	{ "a lifeline", "", "00:08.0", "0000:00:08.0 i915>vfio-pci", "lifeline:display",
		"accept it" },
	{ "a lifeline that is accepted", "", "00:08.0 accept=display",
		"0000:00:08.0 i915>vfio-pci", "lifeline:display", "as accepted" },
	{ "consent of an earlier plan does not count now",
		"text etc/pciferry/claims 0000:00:08.0 8086:4680 - ids", "00:08.0",
		"0000:00:08.0 i915>vfio-pci", "lifeline:display", "accept it" },

	/* Who uses it. */
	{ "a display that is open",
		CHAR("226:1", GPU, "drm/card1", "dri/card1")
			OPEN("812", "Xorg", "/dev/dri/card1"),
		"01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 nouveau>vfio-pci",
		"in-use", "0000:01:00.0: Xorg (process 812) has /dev/dri/card1 open" },
	{ "another display that is open is none of it",
		CHAR("226:1", "0000:00:08.0", "drm/card0", "dri/card0")
			OPEN("812", "Xorg", "/dev/dri/card0"),
		"01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 nouveau>vfio-pci",
		NULL, NULL },
	{ "sound that plays",
		CHAR("116:4", SOUND, "sound/card1/pcmC1D3p", "snd/pcmC1D3p")
			OPEN("9", "mpv", "/dev/snd/pcmC1D3p"),
		"01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 nouveau>vfio-pci",
		"in-use", "mpv (process 9) has /dev/snd/pcmC1D3p open" },
	{ "sound that is only looked after",
		CHAR("116:5", SOUND, "sound/card1/controlC1", "snd/controlC1")
			OPEN("9", "pipewire", "/dev/snd/controlC1"),
		"01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 nouveau>vfio-pci",
		"used",
		"pipewire (process 9) has /dev/snd/controlC1 open, and loses it" },
	{ "NVIDIA's own nodes",
		"file proc/driver/nvidia/gpus/0000:01:00.0/information <<E\n"
		"Model: \t x\nDevice Minor: \t 3\nE\n" OPEN(
			"77", "python3", "/dev/nvidia3"),
		"01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 nouveau>vfio-pci",
		"in-use", "python3 (process 77) has /dev/nvidia3 open" },
	{ "a driver known to hang", "bind 0000:01:00.0 amdgpu\n", "01:00.0",
		"0000:01:00.1 snd_hda_intel>vfio-pci; 0000:01:00.0 amdgpu>vfio-pci",
		"may-hang", "amdgpu" },
	{ "a disk that is mounted",
		"file proc/self/mountinfo <<E\n"
		"90 28 259:5 / /srv/a\\040b rw - ext4 /dev/nvme1n1p1 rw\nE\n",
		"00:03.0 accept=disk", "0000:00:03.0 nvme>vfio-pci", "in-use",
		"/dev/nvme1n1p1 is mounted on /srv/a b" },
	{ "a disk in a file system with numbers of its own",
		"file proc/self/mountinfo <<E\n"
		"90 28 0:30 / /srv rw - btrfs /dev/nvme1n1p1 rw\nE\n",
		"00:03.0 accept=disk", "0000:00:03.0 nvme>vfio-pci", "in-use",
		"/dev/nvme1n1p1 is mounted on /srv" },
	{ "swap", "file proc/swaps <<E\nFilename Type\n/dev/nvme1n1p1 partition 1\nE\n",
		"00:03.0 accept=disk", "0000:00:03.0 nvme>vfio-pci", "in-use",
		"/dev/nvme1n1p1 is used as swap" },
	{ "part of something",
		"dir sys/devices/pci0000:00/0000:00:03.0/nvme/nvme1/nvme1n1/"
		"nvme1n1p1/holders/dm-3\n",
		"00:03.0", "0000:00:03.0 nvme>vfio-pci", "in-use",
		"/dev/nvme1n1p1 is part of dm-3" },
	{ "an interface that is up", "text sys/class/net/eno1/flags 0x1003\n",
		"00:04.0 accept=sriov", "0000:00:04.0 igb>vfio-pci", "used",
		"the interface eno1 is up" },

	/* The way back. */
	{ "to the driver of its module", "", "-00:05.0", "0000:00:05.0 vfio-pci>igb",
		NULL, NULL },
	{ "to the driver that was recorded", "", "-00:05.0 home=0000:00:05.0=e1000e",
		"0000:00:05.0 vfio-pci>e1000e", NULL, NULL },
	{ "to the driver it had when it was claimed",
		"text etc/pciferry/claims 0000:00:05.0 8086:1533 - ids driver=r8169\n",
		"-00:05.0", "0000:00:05.0 vfio-pci>r8169", NULL, NULL },
	{ "no driver is known", "", "-00:07.0", "0000:00:07.0 vfio-pci>-", "no-home",
		"--rescan" },
	{ "not there", "", "-00:04.0", "", NULL, NULL },
	{ "without any driver", "", "-00:06.0", "0000:00:06.0 ->-", "no-home", NULL },
	{ "a virtual machine has it", OPEN("4242", "qemu-system-x86", "/dev/vfio/5"),
		"-00:05.0", "0000:00:05.0 vfio-pci>igb", "in-use",
		"qemu-system-x86 (process 4242) has /dev/vfio/5 open" },
	{ "found anew", "", "+00:05.0", "0000:00:05.0 vfio-pci>igb rescan", "rescan",
		"a reboot" },
	{ "a virtual function is not found anew", "", "+00:07.0",
		"0000:00:07.0 vfio-pci>- rescan", "rescan-vf", "0000:00:04.0" },

	/* The host. */
	{ "a kernel without vfio-pci",
		"remove lib/modules\nkernel 6.1 running\nmodule 6.1 igb\n", "00:06.0",
		"0000:00:06.0 ->vfio-pci", "no-vfio", "6.1" },
};

static struct plan *plan_of(struct host *host, const char *words)
{
	CLEANUP(bind_request_done)
	struct bind_request request = { .back = words[0] != '0' };
	autostrv char **list = NULL;
	struct plan *plan = NULL;
	struct err err = { 0 };

	request.rescan = words[0] == '+';
	list = strv_split(words + request.back, " ");
	strv_foreach (word, list) {
		const char *accept = after_prefix(word, "accept=");
		const char *home = after_prefix(word, "home=");
		struct device *d;

		if (accept)
			strv_add(&request.request.accepted, accept);
		else if (home)
			strv_add(&request.homes, home);
		else if (host_find(host, word, &d, &err) < 0 ||
			 bind_choose(host, &request, d, &err) < 0)
			fail_msg("%s: %s", word, err.text);
	}
	scan_more(TREE_PROBE(host), &(struct more){ .uses_of = &request.request.claims });
	plan = bind_build(host, &request);
	return plan;
}

static char *moves_text(const struct plan *plan)
{
	autostrv char **list = NULL;
	char *text;

	for (size_t i = 0; i < plan->steps.n_moves; i++) {
		const struct move *m = &plan->steps.moves[i];
		char one[128];

		(void)snprintf(one, sizeof(one), "%s %s>%s%s", m->address,
			m->before ?: "-", m->after ?: "-", m->rescan ? " rescan" : "");
		strv_add(&list, one);
	}
	text = strv_join(list, "; ");
	return text;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autohost struct host *host = NULL;
		autoplan struct plan *plan = NULL;
		autofree char *moves = NULL, *found = NULL, *text = NULL;
		const struct finding *f;

		tree_renew();
		assert_true(asprintf(&text, "%s%s", machine, rows[i].lines) > 0);
		tree_expand(text);
		host = tree_scan();
		plan = plan_of(host, rows[i].request);
		moves = moves_text(plan);
		check_text(rows[i].what, moves, rows[i].moves);
		found = plan_findings(plan);
		if (!plan_finding(plan, "not-live"))
			complain("%s: a tree is no live host", rows[i].what);
		if (!rows[i].finding) {
			check_number(rows[i].what, (long)plan->n_findings, 1);
			continue;
		}
		f = plan_finding(plan, rows[i].finding);
		if (!f)
			complain("%s: no %s in:\n%s", rows[i].what, rows[i].finding,
				found);
		else
			check_holds(rows[i].what, f->text, rows[i].says ?: "");
	}
}

/* What was set before is remembered, so that undo can set it again. */
static void test_override(void **state)
{
	autohost struct host *host = NULL;
	autoplan struct plan *back = NULL, *there = NULL;

	(void)state;
	tree_expand(machine);
	host = tree_scan();
	back = plan_of(host, "-00:05.0");
	check_text("was", back->steps.moves[0].override_before, "vfio-pci");
	check_text("is cleared", back->steps.moves[0].override_after, NULL);
	there = plan_of(host, "00:06.0");
	check_text("was not", there->steps.moves[0].override_before, NULL);
	check_text("is set", there->steps.moves[0].override_after, "vfio-pci");
}

static void test_no_groups(void **state)
{
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;

	(void)state;
	tree_expand("device 0000:00:06.0 class=010802 id=15b7:5011\n");
	host = tree_scan();
	plan = plan_of(host, "00:06.0");
	assert_non_null(plan_finding(plan, "iommu-off"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_rows), TEST(test_override),
		TEST(test_no_groups) };

	return RUN(tests);
}

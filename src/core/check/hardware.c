// SPDX-License-Identifier: GPL-2.0-or-later
/* What the processor and the cards offer, and how much memory may be pinned for them. */
#include "core/check/hardware.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/check/check.h"
#include "core/existing/vfs.h"
#include "core/format/kargs.h"
#include "core/host/modprobe.h"

#include <inttypes.h>

/* How each vendor's firmware setup calls it. */
static const char *const settings[] = {
	[CPU_UNKNOWN] = "the processor's virtualization",
	[CPU_INTEL] = "VT-x (Intel Virtualization Technology)",
	[CPU_AMD] = "SVM (AMD-V)",
	[CPU_ARM] = "virtualization (EL2)",
};

void check_virtualization(const struct probe *p, struct check *c)
{
	autofree char *text = NULL;
	int r = root_read_attr(p->root, "/proc/cpuinfo", &text);

	if (root_exists(p->root, "/dev/kvm")) {
		check_say(c, CHECK_OK, "The kernel can run virtual machines (/dev/kvm).");
	} else if (r < 0 || p->host->cpu == CPU_ARM || !strstr(text, "flags")) {
		check_say(c, CHECK_UNKNOWN,
			"Neither /dev/kvm nor /proc/cpuinfo tells whether the processor can run virtual machines.");
	} else if (strstr(text, " vmx") || strstr(text, " svm")) {
		check_say(c, CHECK_OK,
			"The processor can run virtual machines (/proc/cpuinfo).");
	} else {
		check_say(c, CHECK_WARN,
			"The processor shows neither vmx nor svm in /proc/cpuinfo: virtual machines would be slow.");
		check_fix(c, "Turn on %s in the firmware setup.", settings[p->host->cpu]);
	}
}

static int read_sriov(const struct probe *p, const struct device *d, const char *name)
{
	autofree char *text = NULL;
	char path[96];

	(void)snprintf(
		path, sizeof(path), "/sys/bus/pci/devices/%.24s/%s", d->address, name);
	return root_read_attr(p->root, path, &text) < 0 ? 0 : atoi(text);
}

/* Whether a claimed device is, or was, a virtual function of it. */
static bool function_claimed(const struct host *host, const struct device *pf)
{
	for (size_t i = 0; i < host->claims.n; i++) {
		const struct claim *claim = &host->claims.list[i];
		const struct device *vf = host_device(host, claim->address);

		if (vf ? streq_null(vf->physfn, pf->address)
		       : host_waits_for(host, claim) == pf)
			return true;
	}
	return false;
}

/* The card, and who makes its functions at boot; true where that is not as it should. */
static bool add_makers(
	const struct host *host, const struct device *pf, const char *card, char ***cards)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines modprobe = { 0 };
	CLEANUP(vfs_makers_done) struct vfs_makers makers = { 0 };
	autostrv char **kargs = kargs_split(host->cmdline ?: ""), **places = NULL;
	autofree char *list = NULL, *all = NULL;
	unsigned wanted = claims_vfs(&host->claims, pf->address);

	host_modprobe(host, &modprobe);
	vfs_makers_find(host, &modprobe, kargs, pf, &makers);
	for (size_t i = 0; i < makers.n; i++) {
		const struct vfs_maker *m = &makers.list[i];
		autofree char *place = vfs_maker_place(m), *says = NULL;

		says = m->certain ? text_printf(
					    "%s sets %ld at every boot", place, m->number)
				  : text_printf("%s may set a number at boot", place);
		strv_add(&places, says);
	}
	list = strv_join(places, ", ");
	if (places)
		all = text_printf("%s (%s)", card, list);
	else if (pf->vfs_now > 0)
		all = text_printf("%s (nothing makes them at boot: " VFS_PLACES
				  " name none)",
			card);
	strv_add(cards, all ?: card);
	return (!places && function_claimed(host, pf)) ||
	       (wanted && vfs_makers_other(&makers, wanted));
}

/* Each card that can have virtual functions: how many it has, of how many. */
void check_sriov(const struct probe *p, struct check *c)
{
	autostrv char **cards = NULL;
	autofree char *list = NULL;
	bool warns = false;

	for (size_t i = 0; i < p->host->n_devices; i++) {
		const struct device *d = &p->host->devices[i];
		int total = read_sriov(p, d, "sriov_totalvfs");
		char card[64];

		if (total <= 0)
			continue;
		(void)snprintf(card, sizeof(card), "%.24s has %d of %d", d->address,
			read_sriov(p, d, "sriov_numvfs"), total);
		warns |= add_makers(p->host, d, card, &cards);
	}
	if (!cards) {
		check_say(c, CHECK_OK,
			"No device offers virtual functions (SR-IOV; sriov_totalvfs in /sys/bus/pci/devices).");
		return;
	}
	list = strv_join(cards, ", ");
	check_say(c, warns ? CHECK_WARN : CHECK_OK,
		"Virtual functions (SR-IOV; sriov_numvfs, sriov_totalvfs): %s.", list);
	if (warns)
		check_fix(c,
			"Have them made at every boot: pciferry vfs DEVICE NUMBER. Of two places that set a number, take one out.");
}

/* A guest with a device has all its memory locked; root is not limited. */
void check_memlock(const struct probe *p, struct check *c)
{
	static const char label[] = "Max locked memory";
	autofree char *text = NULL;
	const char *line = NULL;
	uint64_t bytes;

	if (root_read_attr(p->root, "/proc/self/limits", &text) == 0)
		line = strstr(text, label);
	if (!line) {
		check_say(c, CHECK_UNKNOWN,
			"The limit on locked memory could not be read from /proc/self/limits.");
	} else if (sscanf(line + strlen(label), "%" SCNu64, &bytes) != 1) {
		check_say(c, CHECK_OK,
			"Memory may be locked without a limit (/proc/self/limits).");
	} else {
		check_say(c, CHECK_OK,
			"This user may lock %" PRIu64
			" MiB of memory (/proc/self/limits). Root and libvirt do not need more.",
			bytes >> 20);
		check_fix(c,
			"Only where another user runs QEMU with a device itself: raise memlock in /etc/security/limits.d to the guest's memory.");
	}
}

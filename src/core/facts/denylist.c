// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/denylist.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/host/modprobe.h"
#include "core/loader/loaders.h"

/*
 * drivers/vfio/pci/vfio_pci.c, vfio_pci_dev_in_denylist(), with the IDs of
 * include/linux/pci_ids.h: QuickAssist and its virtual functions from 5.9 on; Sapphire
 * Rapids' DSA and IAX from 6.10 on, which stable versions of older kernels may have taken
 * over.
 */
static const struct {
	int32_t device;
	unsigned major, minor;
	bool stable; /* older kernels may have it, too */
} denied[] = {
	{ 0x0435, 5, 9, false }, /* DH895xCC */
	{ 0x0443, 5, 9, false }, { 0x37c8, 5, 9, false }, /* C62x */
	{ 0x37c9, 5, 9, false }, { 0x19e2, 5, 9, false }, /* C3xxx */
	{ 0x19e3, 5, 9, false }, { 0x0b25, 6, 10, true }, /* DSA */
	{ 0x0cfe, 6, 10, true }, /* IAX */
};

enum answer { NO, MAYBE, YES };

static enum answer kernel_denies(const char *release, size_t row)
{
	unsigned major, minor;

	if (!release || sscanf(release, "%u.%u", &major, &minor) != 2)
		return MAYBE;
	if (major > denied[row].major ||
		(major == denied[row].major && minor >= denied[row].minor))
		return YES;
	return denied[row].stable ? MAYBE : NO;
}

/* As the kernel reads a bool (lib/kstrtox.c, kstrtobool); a bare word is "". */
static bool is_true(const char *value)
{
	return !value[0] || strchr("yYtT1", value[0]) ||
	       ((value[0] == 'o' || value[0] == 'O') && strchr("nN", value[1]) &&
		       value[1]);
}

/* Whether the list is switched off at the next boot: the command line comes last. */
static bool list_is_off(const struct host *host, const struct claims *claims)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autostrv char **words = NULL;
	const char *word = NULL;
	bool off = false;
	struct err err;

	host_modprobe(host, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		autofree char *value = NULL;

		if (!modprobe_is(&lines.list[i], "options", "vfio-pci"))
			continue;
		value = modprobe_option(&lines.list[i], "disable_denylist");
		if (value)
			off = is_true(value);
	}
	if (loader_kargs(host, loader_pick(host, claims->loader), true, &words, &err) ==
		0)
		word = kargs_value(words, "vfio-pci.disable_denylist");
	return word ? is_true(word) : off;
}

/* Which of the kernels here have the device on their list. */
static void ask_kernels(
	const struct host *host, size_t row, size_t *ret_yes, size_t *ret_no, char ***ret)
{
	*ret_yes = *ret_no = 0;
	for (size_t i = 0; i < host->n_kernels || i == 0; i++) {
		const char *release =
			host->n_kernels ? host->kernels[i].release : host->running;
		enum answer answer = kernel_denies(release, row);

		*ret_yes += answer == YES;
		*ret_no += answer == NO;
		if (answer != NO && release)
			strv_add(ret, release);
	}
}

static void add_device(
	const struct host *host, const struct device *d, size_t row, struct facts *ret)
{
	autostrv char **with = NULL;
	autofree char *list = NULL;
	char id[DEVICE_ID_SIZE];
	size_t yes, no;
	struct fact *fact;

	ask_kernels(host, row, &yes, &no, &with);
	if (no && !with)
		return;
	list = strv_join(with, ", ");
	if (yes && !no)
		fact = fact_add(ret, FOUND_DENYLIST, FACT_DOOMS, d->address,
			"%s (%s) is on the denylist of vfio-pci (drivers/vfio/pci/vfio_pci.c), of devices whose errata a guest can use against the host: vfio-pci refuses it.",
			d->address, device_id(d, id));
	else
		fact = fact_add(ret, FOUND_DENYLIST, FACT_WARNS, d->address,
			"%s (%s) %s on the denylist of vfio-pci (drivers/vfio/pci/vfio_pci.c) in the kernel%s%s, which then refuses it.",
			d->address, device_id(d, id), yes ? "is" : "may be",
			list[0] ? " " : "", list);
	fact_fix(fact,
		"Only for guests that you trust: \"options vfio-pci disable_denylist=1\" in a file of your own in /etc/modprobe.d, or vfio-pci.disable_denylist=1 on the kernel command line, switches that list off.");
}

void facts_denylist(
	const struct host *host, const struct claims *claims, struct facts *ret)
{
	bool asked = false, off = false;

	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];

		for (size_t j = 0; j < ARRAY_SIZE(denied) && !device_is_passed(d); j++) {
			if (d->vendor != 0x8086 || d->device != denied[j].device)
				continue;
			off = asked ? off : list_is_off(host, claims);
			asked = true;
			if (!off)
				add_device(host, d, j, ret);
		}
	}
}

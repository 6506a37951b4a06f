// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Appliances: systems that make their files anew from a configuration of their own, with
 * each boot or each update. Nothing is written there, and the plan says where they have
 * it.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/loader/loader.h"

static bool look_appliance(const struct probe *p, struct evidence *e)
{
	(void)p->host;
	evidence_say(e, CONFIDENCE_ALONE,
		"It makes its files anew from a configuration of its own.");
	return true;
}

/* The claims' addresses with this before each, and this between two; or "". */
static char *addresses(const struct draft *draft, const char *around, const char *between)
{
	autobuf struct buf b = { 0 };

	for (size_t i = 0; i < draft->plan->claims.n; i++)
		buf_printf(&b, "%s%s%s%s", i ? between : "", around,
			draft->plan->claims.list[i].address, around);
	return buf_take(&b);
}

/* Its middleware has both in its database, and makes the initramfs and GRUB's menu of
 * that: system.advanced.update in the API's reference. What is given takes the place of
 * what was there. */
static void instruct_truenas(struct draft *draft, char *const *kargs)
{
	autofree char *list = addresses(draft, "\"", ", ");
	autofree char *line = strv_join(kargs, " ");

	if (draft->plan->claims.n)
		draft_instruction(draft,
			"# System Settings > Advanced > Isolated GPU Devices; or, with those that are isolated already added to the list:\n"
			"midclt call system.advanced.config | jq .isolated_gpu_pci_ids\n"
			"midclt call system.advanced.update '{\"isolated_gpu_pci_ids\": [%s]}'",
			list);
	if (kargs)
		draft_instruction(draft,
			"# with the words that are there already before these:\n"
			"midclt call system.advanced.config | jq -r .kernel_extra_options\n"
			"midclt call system.advanced.update '{\"kernel_extra_options\": \"%s\"}'",
			line);
}

/* / is unpacked into memory from the USB stick, which is /boot: VFIO-PCI Config, part of
 * Unraid since 6.9, keeps BIND=ADDRESS|VENDOR:DEVICE there. */
static void instruct_unraid(struct draft *draft, char *const *kargs)
{
	autofree char *line = strv_join(kargs, " "), *bind = NULL;
	autobuf struct buf b = { 0 };

	for (size_t i = 0; i < draft->plan->claims.n; i++)
		buf_printf(&b, "%s%s|%s", i ? " " : "",
			draft->plan->claims.list[i].address,
			draft->plan->claims.list[i].id);
	bind = buf_take(&b);
	if (draft->plan->claims.n)
		draft_instruction(draft,
			"# Tools > System Devices: choose them, and \"Bind selected to VFIO at boot\"; that keeps in /boot/config/vfio-pci.cfg:\nBIND=%s",
			bind);
	if (kargs)
		draft_instruction(draft,
			"# Main > Flash > Syslinux Configuration, at the end of the line \"append\" of the entry that boots:\n%s",
			line);
}

static void instruct_harvester(struct draft *draft, char *const *kargs)
{
	autofree char *list = addresses(draft, "", ", ");
	autofree char *line = strv_join(kargs, " ");

	if (draft->plan->claims.n)
		draft_instruction(draft,
			"# Advanced > Add-ons: enable pcidevices-controller; then Advanced > PCI Devices: Enable Passthrough for\n%s",
			list);
	if (kargs)
		draft_instruction(draft,
			"# if the host's IOMMU is off, it needs on its kernel command line:\n%s",
			line);
}

/* elemental-toolkit and Kairos: / is an image, and files of /oem are carried out at each
 * boot (cloud-init stages); GRUB reads extra_cmdline from /oem/grubenv. */
static void instruct_elemental(struct draft *draft, char *const *kargs)
{
	autofree char *line = strv_join(kargs, " ");

	for (size_t i = 0; i < draft->plan->steps.n_changes; i++) {
		const struct change *c = &draft->plan->steps.changes[i];

		if (c->after && (after_prefix(c->path, "/etc/modprobe.d/") ||
					after_prefix(c->path, "/etc/udev/rules.d/")))
			draft_instruction(draft,
				"# in a file of /oem, stages: initramfs: files: path: %s, with this content:\n%s",
				c->path, c->after);
	}
	if (kargs)
		draft_instruction(draft,
			"# with the words that are there already before these:\n"
			"grub2-editenv /oem/grubenv list\n"
			"grub2-editenv /oem/grubenv set extra_cmdline=\"%s\"",
			line);
}

static const char *const truenas_needs[] = { "/usr/bin/midclt", "/etc/version", NULL };
static const char *const unraid_needs[] = { "/etc/unraid-version", NULL };
static const char *const harvester_needs[] = { "/etc/harvester", NULL };
static const char *const elemental_needs[] = { "/etc/elemental", NULL };

const struct loader loader_truenas = {
	.id = "truenas",
	.title = "TrueNAS SCALE",
	.needs = truenas_needs,
	.detect = look_appliance,
	.instruct = instruct_truenas,
};

const struct loader loader_unraid = {
	.id = "unraid",
	.title = "Unraid",
	.needs = unraid_needs,
	.detect = look_appliance,
	.instruct = instruct_unraid,
};

const struct loader loader_harvester = {
	.id = "harvester",
	.title = "Harvester",
	.needs = harvester_needs,
	.detect = look_appliance,
	.instruct = instruct_harvester,
};

const struct loader loader_elemental = {
	.id = "elemental",
	.title = "Elemental",
	.needs = elemental_needs,
	.absent = harvester_needs,
	.detect = look_appliance,
	.instruct = instruct_elemental,
};

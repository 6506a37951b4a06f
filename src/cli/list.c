// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/print.h"
#include "core/planner/states.h"
#include "core/scan/scan.h"

static const char *iommu_word(enum iommu_state state)
{
	static const char *const words[] = {
		[IOMMU_ACTIVE] = "on",
		[IOMMU_OFF] = "off (the firmware offers one)",
		[IOMMU_ABSENT] = "off (the firmware offers none)",
		[IOMMU_UNKNOWN] = "no groups",
	};

	return words[state];
}

static void print_device(const struct host *host, const struct device_states *states,
	const struct device *d)
{
	const struct device_state *s = &states->list[d - host->devices];
	const struct claim *claim = claims_find(&host->claims, d->address);
	char id[DEVICE_ID_SIZE];

	print("  %s %-12s  %-14s [%s] %s", claim ? "*" : " ", d->address, d->driver ?: "-",
		device_id(d, id), d->name ?: d->class_name ?: "");
	if (d->vfs_total > 0)
		print("  VFs %d/%d", d->vfs_now, d->vfs_total);
	for (size_t i = 0; i < d->n_lifelines; i++)
		print("  !%s", d->lifelines[i].name);
	if (s->changes)
		print("  %s -> %s at reboot", s->running ?: "no driver",
			s->unknown ? "not known" : s->at_boot ?: "no driver");
	if (s->differs)
		print(", by kernel %s; others differ", host->kernels[0].release);
	print("\n");
}

static void print_group(const struct host *host, const struct device_states *states,
	const struct group *g)
{
	char number[32];

	(void)snprintf(number, sizeof(number), "Group %d", g->number);
	printf("%s%c", mark_colour(g->mark), mark_letter(g->mark));
	print(" %s  %s", g->number < 0 ? "No group" : number, mark_to_string(g->mark));
	printf("%s", no_colour());
	print("%s", g->acs_override ? ", ACS override" : "");
	print("  %s\n", g->why);
	for (size_t i = 0; i < g->n_devices; i++)
		print_device(host, states, &host->devices[g->devices[i]]);
}

static void print_list(const struct host *host, const struct device_states *states)
{
	print("%zu devices, IOMMU %s", host->n_devices, iommu_word(host->iommu));
	if (host->running)
		print(", kernel %s", host->running);
	print("\n\n");
	for (size_t i = 0; i < host->n_groups; i++)
		print_group(host, states, &host->groups[i]);
	print("\nI isolated  S shared: go together  X blocked  V on vfio-pci  - no group  * claimed  ! the host needs it\n");
	for (char **note = host->notes; note && *note; note++)
		print("Note: %s\n", *note);
}

/* What its files say of devices: the claims. */
static void print_disk(const struct host *host)
{
	print("Of this host " NOT_VISIBLE ".\n\n");
	print(host->claims.n || host->claims.n_vfs ? "Claimed (" CLAIMS_PATH "):\n"
						   : "No device is claimed (" CLAIMS_PATH
						     ").\n");
	for (size_t i = 0; i < host->claims.n; i++) {
		const struct claim *c = &host->claims.list[i];

		print("  * %-12s  [%s] by %s\n", c->address, c->id, c->method);
	}
	for (size_t i = 0; i < host->claims.n_vfs; i++)
		print("  * %-12s  [%s] %u virtual functions\n",
			host->claims.vfs[i].address, host->claims.vfs[i].id,
			host->claims.vfs[i].count);
}

enum exit_status verb_list(const struct root *root, const struct options *options)
{
	autohost struct host *host = NULL;
	CLEANUP(device_states_done) struct device_states states = { 0 };
	struct err err = { 0 };
	int r = host_scan(root, &host, &err);

	if (r == 0 && host->n_devices == 0 && !host->disk)
		r = err_set(&err, -ENOENT,
			"%s/sys/bus/pci/devices shows no PCI device: is sysfs mounted there, and does this machine have PCI?",
			root_shown(root));
	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	device_states_find(host, &states);
	if (options->json)
		json_print_list(host, &states);
	else if (host->disk)
		print_disk(host);
	else
		print_list(host, &states);
	return EXIT_DONE;
}

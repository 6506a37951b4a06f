// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/host.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <stdarg.h>

void host_free(struct host *host)
{
	if (!host)
		return;
	for (size_t i = 0; i < host->n_devices; i++)
		device_done(&host->devices[i]);
	for (size_t i = 0; i < host->n_groups; i++)
		group_done(&host->groups[i]);
	for (size_t i = 0; i < host->n_files; i++)
		file_done(&host->files[i]);
	for (size_t i = 0; i < host->n_doors; i++)
		file_done(&host->doors[i]);
	for (size_t i = 0; i < host->n_drivers; i++) {
		free(host->drivers[i].name);
		free(host->drivers[i].module);
	}
	evidence_free(host->evidence, host->n_evidence);
	generators_free(host->generators, host->n_generators);
	kernels_free(host->kernels, host->n_kernels);
	claims_done(&host->claims);
	places_done(&host->places);
	reach_done(&host->reach);
	renames_done(&host->renames);
	firmware_done(&host->firmware);
	uses_done(&host->uses);
	details_done(&host->details);
	strv_free(host->notes);
	strv_free(host->unread);
	strv_free(host->doubts);
	free(host->devices);
	free(host->drivers);
	free(host->groups);
	free(host->files);
	free(host->doors);
	free(host->watches.list);
	free(host->running);
	free(host->cmdline);
	free(host);
}

void host_freep(struct host **host)
{
	host_free(*host);
}

static int compare_address(const void *at, const void *device)
{
	return pci_address_compare(at, &((const struct device *)device)->at);
}

struct device *host_device(const struct host *host, const char *address)
{
	struct pci_address at;
	struct device *d = NULL;

	if (host->n_devices && pci_address_parse(address, &at) == 0)
		d = bsearch(
			&at, host->devices, host->n_devices, sizeof(*d), compare_address);
	return d && streq(d->address, address) ? d : NULL;
}

const struct group *host_group(const struct host *host, const struct device *d)
{
	for (size_t i = 0; i < host->n_groups; i++)
		if (host->groups[i].number == d->group)
			return &host->groups[i];
	return NULL;
}

const struct driver *host_driver(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->n_drivers; i++)
		if (streq(host->drivers[i].name, name))
			return &host->drivers[i];
	return NULL;
}

static int find_by_id(
	const struct host *host, const char *word, struct device **ret, struct err *err)
{
	autostrv char **at = NULL;
	autofree char *list = NULL;

	for (size_t i = 0; i < host->n_devices; i++) {
		struct device *d = &host->devices[i];
		char id[DEVICE_ID_SIZE];

		if (strcasecmp(device_id(d, id), word) != 0)
			continue;
		*ret = d;
		strv_add(&at, d->address);
	}
	if (strv_len(at) == 1)
		return 0;
	if (!at)
		return err_set(err, -ENOENT,
			"No device here has the ID %s: see pciferry list.", word);
	list = strv_join(at, ", ");
	return err_set(err, -EINVAL,
		"Several devices have the ID %s: say which by address, one of %s.", word,
		list);
}

int host_find(
	const struct host *host, const char *word, struct device **ret, struct err *err)
{
	struct device *found = NULL;
	struct pci_address at;
	int r;

	if (host->disk)
		return err_set(err, -EPERM,
			"%s cannot be looked up: " NOT_VISIBLE
			". pciferry undo takes back what was set up there.",
			word);
	if (pci_address_parse(word, &at) == 0) {
		for (size_t i = 0; i < host->n_devices; i++)
			if (pci_address_compare(&host->devices[i].at, &at) == 0) {
				*ret = &host->devices[i];
				return 0;
			}
		return err_set(err, -ENOENT,
			"No device here has the address %s: see pciferry list.", word);
	}
	if (strlen(word) != 9 || word[4] != ':' ||
		strspn(word, "0123456789abcdefABCDEF:") != 9)
		return err_set(err, -EINVAL,
			"%s is no device: an address such as 0000:01:00.0 or 01:00.0, or an ID such as 10de:2684.",
			word);
	r = find_by_id(host, word, &found, err);
	if (r == 0)
		*ret = found;
	return r;
}

void host_note(struct host *host, const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	strv_add(&host->notes, text);
}

static uint32_t routing_id(const struct pci_address *at)
{
	return (uint32_t)at->bus << 8 | (uint32_t)at->slot << 3 | at->function;
}

/* Virtual functions follow their physical one, on its bus or the next (PCIe base
 * specification, "First VF Offset"). */
static bool may_make(const struct device *pf, const struct claim *claim)
{
	struct pci_address at;
	char id[DEVICE_ID_SIZE];

	if (claim->physfn)
		return pf->vfs_total > 0 && streq(claim->physfn, pf->address);
	return pf->vfs_total > 0 && pf->vfs_now <= 0 &&
	       strncmp(device_id(pf, id), claim->id, strlen("8086:")) == 0 &&
	       !streq(id, claim->id) && pci_address_parse(claim->address, &at) == 0 &&
	       at.domain == pf->at.domain && routing_id(&at) > routing_id(&pf->at) &&
	       at.bus - pf->at.bus <= 2;
}

const struct device *host_waits_for(const struct host *host, const struct claim *claim)
{
	for (size_t i = 0; i < host->n_devices; i++)
		if (may_make(&host->devices[i], claim) &&
			!host_device(host, claim->address))
			return &host->devices[i];
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/pcilib.h"

#include <pci/pci.h>
#include <setjmp.h>

struct pci_names {
	struct pci_access *access;
	int ids_fd; /* of the root's pci.ids, -1 for this system's */
};

/* libpci's error callback must not return and gets no data of ours: one way out. */
static jmp_buf failed;

static void fail(char *msg UNUSED, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(char *msg UNUSED, ...)
{
	longjmp(failed, 1);
}

static void quiet(char *msg UNUSED, ...) __attribute__((format(printf, 1, 2)));
static void quiet(char *msg UNUSED, ...)
{
}

static struct pci_access *access_new(void)
{
	struct pci_access *access = pci_alloc();

	access->error = fail;
	access->warning = access->debug = quiet;
	return access;
}

/* Where distributions put pci.ids, below a root. */
static const char *const ids_paths[] = { "/usr/share/misc/pci.ids",
	"/usr/share/hwdata/pci.ids" };

struct pci_names *pci_names_open(const struct root *root)
{
	struct pci_names *names = xcalloc(1, sizeof(*names));
	char path[64];

	names->ids_fd = -1;
	names->access = access_new();
	for (size_t i = 0; i < ARRAY_SIZE(ids_paths) && names->ids_fd < 0; i++)
		names->ids_fd = root_open_regular(root, ids_paths[i]);
	if (names->ids_fd >= 0) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", names->ids_fd);
		pci_set_name_list_path(names->access, xstrdup(path), 1);
	}
	return names;
}

void pci_names_closep(struct pci_names **names)
{
	if (!*names)
		return;
	pci_cleanup((*names)->access);
	closep(&(*names)->ids_fd);
	free(*names);
}

static void fill_names(struct pci_access *access, struct device *d)
{
	char text[512];
	char *name;

	if (d->vendor >= 0 && d->device >= 0) {
		name = pci_lookup_name(access, text, sizeof(text),
			PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB,
			d->vendor, d->device);
		if (name)
			d->name = xstrdup(name);
	}
	if (d->class >= 0) {
		name = pci_lookup_name(access, text, sizeof(text),
			PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_HWDB, d->class >> 8);
		if (name)
			d->class_name = xstrdup(name);
	}
}

void pci_names_fill(struct pci_names *names, struct device *d)
{
	if (!setjmp(failed)) /* a damaged pci.ids: numbers are all we can show */
		fill_names(names->access, d);
}

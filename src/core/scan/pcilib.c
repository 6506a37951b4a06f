// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/pcilib.h"
#include "core/base/strv.h"

#include <fcntl.h>
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

int pci_names_open(const struct root *root, struct pci_names **ret)
{
	struct pci_names *names = calloc(1, sizeof(*names));
	char path[64];

	if (!names)
		return -ENOMEM;
	names->ids_fd = -1;
	names->access = access_new();
	for (size_t i = 0; i < ARRAY_SIZE(ids_paths) && names->ids_fd < 0; i++)
		names->ids_fd = root_openat(root, ids_paths[i], O_RDONLY, 0);
	if (names->ids_fd >= 0) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", names->ids_fd);
		pci_set_name_list_path(names->access, strdup(path), 1);
	}
	*ret = names;
	return 0;
}

void pci_names_closep(struct pci_names **names)
{
	if (!*names)
		return;
	pci_cleanup((*names)->access);
	closep(&(*names)->ids_fd);
	free(*names);
}

static int fill_names(struct pci_access *access, struct device *d)
{
	char text[512];
	char *name;

	if (d->vendor >= 0 && d->device >= 0) {
		name = pci_lookup_name(access, text, sizeof(text),
			PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB,
			d->vendor, d->device);
		if (name && !(d->name = strdup(name)))
			return -ENOMEM;
	}
	if (d->class >= 0) {
		name = pci_lookup_name(access, text, sizeof(text),
			PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_HWDB, d->class >> 8);
		if (name && !(d->class_name = strdup(name)))
			return -ENOMEM;
	}
	return 0;
}

int pci_names_fill(struct pci_names *names, struct device *d)
{
	if (setjmp(failed)) /* a damaged pci.ids: numbers are all we can show */
		return 0;
	return fill_names(names->access, d);
}

/* Those a user of passthrough asks for; names as lspci(8) and the PCI standards write
 * them. */
static const struct {
	unsigned int type;
	unsigned int id;
	const char *name;
} capability_names[] = {
	{ PCI_CAP_NORMAL, PCI_CAP_ID_PM, "power management" },
	{ PCI_CAP_NORMAL, PCI_CAP_ID_MSI, "MSI" },
	{ PCI_CAP_NORMAL, PCI_CAP_ID_MSIX, "MSI-X" },
	{ PCI_CAP_NORMAL, PCI_CAP_ID_EXP, "PCI Express" },
	{ PCI_CAP_NORMAL, PCI_CAP_ID_AF, "advanced features (FLR)" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_AER, "AER" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_ACS, "ACS" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_ARI, "ARI" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_ATS, "ATS" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_SRIOV, "SR-IOV" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_PRI, "PRI" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_REBAR, "resizable BAR" },
	{ PCI_CAP_EXTENDED, PCI_EXT_CAP_ID_PASID, "PASID" },
};

static int list_capabilities(
	struct pci_access *access, const struct device *d, char ***list)
{
	struct pci_dev *dev;
	int r = 0;

	pci_init(access);
	dev = pci_get_dev(
		access, (int)d->at.domain, d->at.bus, d->at.slot, d->at.function);
	(void)pci_fill_info(dev, PCI_FILL_CAPS | PCI_FILL_EXT_CAPS);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(capability_names); i++)
		if (pci_find_cap(dev, capability_names[i].id, capability_names[i].type))
			r = strv_add(list, capability_names[i].name);
	pci_free_dev(dev);
	return r;
}

int pci_capabilities(const struct root *root, const struct device *d, char ***ret)
{
	autoclose int bus = root_openat(root, "/sys/bus/pci", O_PATH | O_DIRECTORY, 0);
	struct pci_access *access;
	char **volatile list = NULL; /* kept across longjmp */
	char path[64];
	volatile int r = 0;

	if (bus < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", bus);
	access = access_new();
	access->method = PCI_ACCESS_SYS_BUS_PCI;
	if (pci_set_param(access, (char *)"sysfs.path", path) < 0) {
		pci_cleanup(access);
		return 0;
	}
	if (!setjmp(failed))
		r = list_capabilities(access, d, (char ***)&list);
	pci_cleanup(access);
	if (r < 0)
		strv_free(list);
	else
		*ret = list;
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that methods share: one modprobe.d file, one set of udev rules, one list of
 * modules to load at boot. */
#include "core/method/dropins.h"
#include "core/base/strv.h"
#include "core/format/modlist.h"
#include "core/format/kargs.h"
#include "core/method/method.h"
#include "core/method/methods.h"

#define MODPROBE "/etc/modprobe.d/pciferry.conf"
#define RULES "/etc/udev/rules.d/10-pciferry.rules"
#define MODULES_LOAD "/etc/modules-load.d/pciferry.conf"

/* The methods' own lines go nowhere else. */
void dropins_watch(struct watches *watches)
{
	static const struct watched files[] = {
		{ .path = "/etc/modules" },
		{ .path = MODPROBE },
		{ .path = RULES },
		{ .path = MODULES_LOAD },
		{ .path = "/etc/modules-load.d/", .suffix = ".conf" },
		{ 0 },
	};

	watch(watches, files);
}

/* Calls a method's writer for every claimed device that is there. */
static void write_lines(const struct draft *draft, bool udev, struct buf *out)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct claim *claim = &draft->plan->claims.list[i];
		const struct method *method = method_find(claim->method);
		const struct device *d = draft_device(draft, claim);
		void (*writer)(const struct draft *, const struct device *, struct buf *);

		if (!method || !d)
			continue;
		writer = udev ? method->udev : method->modprobe;
		if (writer)
			writer(draft, d, out);
	}
}

static char *modprobe_text(struct draft *draft)
{
	autobuf struct buf conf = { 0 }, lines = { 0 };
	autofree char *ids = strv_join(draft->ids, ",");

	write_lines(draft, false, &lines);
	if (strlen(ids) > VFIO_IDS_MAX)
		draft_finding(draft, FINDING_REFUSAL, FOUND_IDS_TOO_LONG, NULL,
			"The list of IDs for vfio-pci has %zu characters, the kernel takes %d: use the method override for some.",
			strlen(ids), VFIO_IDS_MAX);
	if ((!draft->ids || !draft->vfio_loadable) && !lines.len)
		return NULL;
	buf_puts(&conf, MADE_BY);
	if (draft->ids && draft->vfio_loadable)
		buf_printf(&conf,
			"# vfio-pci takes the devices with these IDs.\noptions vfio-pci ids=%s\n",
			ids);
	if (lines.len)
		buf_printf(
			&conf, "# The modules that want them too give way.\n%s", lines.s);
	return buf_take(&conf);
}

static char *dropins_rules_text(struct draft *draft)
{
	autobuf struct buf rules = { 0 }, lines = { 0 };

	write_lines(draft, true, &lines);
	if (!lines.len)
		return NULL;
	buf_puts(&rules, MADE_BY
		"# A device is named by its address, and left alone where its IDs are others or it\n# has no IOMMU group. Any PCI device's event sets it, before a driver is loaded;\n# its own has vfio-pci take it.\n"
		"ACTION!=\"add\", GOTO=\"pciferry_end\"\n"
		"SUBSYSTEM!=\"pci\", GOTO=\"pciferry_end\"\n"
		"# The way out: with pciferry.off on the kernel command line nothing is taken.\n"
		"IMPORT{cmdline}=\"pciferry.off\"\n"
		"ENV{pciferry.off}==\"?*\", GOTO=\"pciferry_end\"\n");
	buf_printf(&rules, "%sLABEL=\"pciferry_end\"\n", lines.s);
	return buf_take(&rules);
}

/* Which devices are left to the images' own script. */
static void list_early(struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct claim *claim = &draft->plan->claims.list[i];
		const struct method *method = method_find(claim->method);
		const struct device *d = draft_device(draft, claim);

		if (method && method->needs_early && d && method->needs_early(draft, d))
			strv_add(&draft->early, d->address);
	}
}

/* Whether the user's own files load vfio-pci at boot. */
static bool existing_load(const struct draft *draft)
{
	bool has = false;

	for (size_t i = 0; i < draft->host->n_files && !has; i++) {
		const struct file *f = &draft->host->files[i];

		if (streq(f->path, MODULES_LOAD) ||
			!(streq(f->path, "/etc/modules") ||
				strstr(f->path, "/modules-load.d/")))
			continue;
		has = module_list_has(f->text, "vfio-pci");
	}
	return has;
}

void dropins_write(struct draft *draft)
{
	autofree char *conf = NULL, *rules = NULL;
	bool wanted = draft->plan->claims.n && !draft->enable_only;
	bool listed = wanted && draft->vfio_loadable && !existing_load(draft);

	if (wanted) {
		conf = modprobe_text(draft);
		rules = dropins_rules_text(draft);
		list_early(draft);
	}
	draft_own(draft, MODPROBE, conf,
		"which devices vfio-pci takes, and before which modules");
	draft_own(draft, RULES, rules, "which addresses vfio-pci takes");
	draft_change(draft, MODULES_LOAD, listed ? MADE_BY "vfio-pci\n" : NULL,
		wanted ? "loads vfio-pci at every boot" : "no claim needs it any more");
}

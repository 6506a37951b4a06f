// SPDX-License-Identifier: GPL-2.0-or-later
/* What every generator's images need: our files, the early script, and making them anew.
 */
#include "core/initramfs/images.h"
#include "assets.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"

/* What goes into an image: a change there is not effective before the images are new. */
static const char *const inside[] = {
	"/etc/modprobe.d/",
	"/etc/udev/rules.d/",
	"/etc/initramfs-tools/",
	"/etc/dracut.conf", /* and its directory */
	"/usr/lib/dracut/modules.d/",
	"/etc/mkinitcpio.conf",
	"/etc/initcpio/",
	"/etc/booster.yaml",
};

/* The script for the devices that need it; NULL for none. */
static char *early_text(const struct draft *draft)
{
	const struct initramfs *row = draft->generator->row;
	autobuf struct buf lines = { 0 };

	for (size_t i = 0; i < draft->plan->claims.n && !draft->enable_only; i++) {
		const struct claim *claim = &draft->plan->claims.list[i];
		const struct device *d = draft_device(draft, claim);

		if (d && strv_has(draft->early, d->address))
			buf_printf(&lines, "take %s 0x%04x 0x%04x\n", d->address,
				(unsigned)d->vendor, (unsigned)d->device);
	}
	if (!lines.len)
		return NULL;
	return text_printf("%s%s%s%s", row->early_head ?: "", asset_early_boot_sh,
		lines.s, row->early_tail ?: "");
}

static void set_early(struct draft *draft)
{
	const struct initramfs *row = draft->generator->row;
	autofree char *text = early_text(draft);
	const char *why =
		text ? "takes devices away from drivers that are part of the kernel"
		     : "no claim needs it any more";

	draft_script(draft, row->early_script, text, why);
	if (row->early_file)
		draft_script(
			draft, row->early_file, text ? row->early_file_text : NULL, why);
}

char **initramfs_files(const struct draft *draft)
{
	static const char *const files[] = {
		"/etc/modprobe.d/pciferry.conf",
		"/etc/udev/rules.d/10-pciferry.rules",
	};
	char **left = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (draft_leaves(draft, files[i]))
			strv_add(&left, files[i]);
	return left;
}

/* "modprobe.d/pciferry.conf": initramfs-tools puts /etc/udev/rules.d into
 * lib/udev/rules.d (udev's hook). */
static const char *last_two_names(const char *path)
{
	const char *name = strrchr(path, '/');

	while (name > path && name[-1] != '/')
		name--;
	return name;
}

/* What the image of this kernel must hold, as listings have it. */
static char **image_holds(const struct draft *draft, const struct kernel *k)
{
	const struct initramfs *row = draft->generator->row;
	const char *early = row->early_script;
	autostrv char **files = row->no_files ? NULL : initramfs_files(draft);
	char **holds = NULL;

	if (early && draft_leaves(draft, early))
		strv_add(&holds, row->early_held ?: strrchr(early, '/') + 1);
	strv_foreach (file, files)
		strv_add(&holds, last_two_names(file));
	if (k->modules && module_place(k->modules, "vfio_pci") == MODULE_LOADABLE)
		strv_add(&holds, "vfio-pci.ko");
	return holds;
}

static void add_images(struct draft *draft, bool wanted)
{
	const struct generator *g = draft->generator;

	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		autostrv char **holds = NULL;

		if (!g->images[i][0])
			continue;
		if (wanted)
			holds = image_holds(draft, &draft->host->kernels[i]);
		draft_artifact(draft, draft->plan->steps.n_commands - 1, g->images[i],
			g->row->list, holds, "the initramfs of a kernel");
	}
}

static void no_generator(struct draft *draft)
{
	autobuf struct buf list = { 0 };

	if (!draft->host->n_generators) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_INITRAMFS, NULL,
			"No initramfs generator that pciferry knows builds this host's images: it could not be told to take vfio-pci in.");
		return;
	}
	for (size_t i = 0; i < draft->host->n_generators; i++)
		buf_printf(&list, "%s%s (%s)", i ? ", or " : "",
			draft->host->generators[i].row->id,
			draft->host->generators[i].why);
	draft_finding(draft, FINDING_REFUSAL, FOUND_TWO_GENERATORS, NULL,
		"Which program makes this host's initramfs is not clear: %s. Say so with --initramfs and one of these names.",
		list.s);
}

void images_write(struct draft *draft)
{
	const struct initramfs *row = draft->generator ? draft->generator->row : NULL;
	bool wanted = draft->plan->claims.n && !draft->enable_only;

	if (!row) {
		if (wanted && draft->vfio_loadable)
			no_generator(draft);
		return;
	}
	if (row->early_script)
		set_early(draft);
	if (row->write)
		row->write(draft, wanted);
	for (size_t i = 0; row->refresh && i < ARRAY_SIZE(inside); i++)
		if (draft_changes(draft, inside[i])) {
			if (draft->generator->off)
				draft_finding(draft, FINDING_REFUSAL, FOUND_GENERATOR_OFF,
					NULL, "%s %s", draft->generator->off,
					draft->generator->off_fix);
			draft_command(draft, row->refresh, row->refresh_why);
			add_images(draft, wanted);
			return;
		}
}

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
	"/etc/dracut.conf.d/",
	"/usr/lib/dracut/modules.d/",
	"/etc/mkinitcpio.conf",
	"/etc/initcpio/",
	"/etc/booster.yaml",
};

/* The script for the devices that need it; NULL for none. */
static int early_text(const struct draft *draft, char **ret)
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
		return *ret = NULL, 0;
	return text_set(ret, "%s%s%s%s", row->early_head ?: "", asset_early_boot_sh,
		lines.s, row->early_tail ?: "");
}

static int set_early(struct draft *draft)
{
	const struct initramfs *row = draft->generator->row;
	autofree char *text = NULL;
	const char *why;
	int r = early_text(draft, &text);

	why = text ? "takes devices away from drivers that are part of the kernel"
		   : "no claim needs it any more";
	if (r == 0)
		r = draft_script(draft, row->early_script, text, why);
	if (r == 0 && row->early_file)
		r = draft_script(
			draft, row->early_file, text ? row->early_file_text : NULL, why);
	return r;
}

int initramfs_files(const struct draft *draft, char ***ret)
{
	static const char *const files[] = {
		"/etc/modprobe.d/pciferry.conf",
		"/etc/udev/rules.d/10-pciferry.rules",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (draft_leaves(draft, files[i]) && strv_add(ret, files[i]) < 0)
			return -ENOMEM;
	return 0;
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
static int image_holds(const struct draft *draft, const struct kernel *k, char ***ret)
{
	const struct initramfs *row = draft->generator->row;
	const char *early = row->early_script;
	autostrv char **files = NULL;

	if (early && draft_leaves(draft, early) &&
		strv_add(ret, row->early_held ?: strrchr(early, '/') + 1) < 0)
		return -ENOMEM;
	if (!row->no_files && initramfs_files(draft, &files) < 0)
		return -ENOMEM;
	strv_foreach (file, files)
		if (strv_add(ret, last_two_names(file)) < 0)
			return -ENOMEM;
	return k->modules && module_place(k->modules, "vfio_pci") == MODULE_LOADABLE
		       ? strv_add(ret, "vfio-pci.ko")
		       : 0;
}

static int add_images(struct draft *draft, bool wanted)
{
	const struct generator *g = draft->generator;

	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		autostrv char **holds = NULL;

		if (!g->images[i][0])
			continue;
		if ((wanted &&
			    image_holds(draft, &draft->host->kernels[i], &holds) < 0) ||
			draft_artifact(draft, draft->plan->steps.n_commands - 1,
				g->images[i], g->row->list, holds,
				"the initramfs of a kernel") < 0)
			return -ENOMEM;
	}
	return 0;
}

static int no_generator(struct draft *draft)
{
	autobuf struct buf list = { 0 };

	if (!draft->host->n_generators)
		return draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_INITRAMFS,
			NULL,
			"No initramfs generator that pciferry knows builds this host's images: it could not be told to take vfio-pci in.");
	for (size_t i = 0; i < draft->host->n_generators; i++)
		buf_printf(&list, "%s%s (%s)", i ? ", or " : "",
			draft->host->generators[i].row->id,
			draft->host->generators[i].why);
	if (list.failed)
		return -ENOMEM;
	return draft_finding(draft, FINDING_REFUSAL, FOUND_TWO_GENERATORS, NULL,
		"Which program makes this host's initramfs is not clear: %s. Say so with --initramfs and one of these names.",
		list.s);
}

int images_write(struct draft *draft)
{
	const struct initramfs *row = draft->generator ? draft->generator->row : NULL;
	bool wanted = draft->plan->claims.n && !draft->enable_only;
	int r;

	if (!row)
		return wanted && draft->vfio_loadable ? no_generator(draft) : 0;
	r = row->early_script ? set_early(draft) : 0;
	if (r == 0 && row->write)
		r = row->write(draft, wanted);
	for (size_t i = 0; r == 0 && row->refresh && i < ARRAY_SIZE(inside); i++)
		if (draft_changes(draft, inside[i])) {
			r = draft_command(draft, row->refresh, row->refresh_why);
			return r < 0 ? r : add_images(draft, wanted);
		}
	return r;
}

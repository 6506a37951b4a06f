// SPDX-License-Identifier: GPL-2.0-or-later
#include "assets.h"
#include "core/base/strv.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/method/method.h"

/* First match wins. */
static const struct initramfs *const generators[] = {
	&initramfs_tools,
};

const struct initramfs *initramfs_detect(const struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(generators); i++)
		if (generators[i]->builds(host))
			return generators[i];
	return NULL;
}

/* What goes into an image: a change there is not effective before the images are new. */
static const char *const inside[] = {
	"/etc/modprobe.d/",
	"/etc/udev/rules.d/",
	"/etc/initramfs-tools/",
};

/* The script for the devices that need it; NULL for none. */
static int early_text(const struct build *b, char **ret)
{
	autobuf struct buf lines = { 0 };

	for (size_t i = 0; i < b->plan->claims.n && !b->enable_only; i++) {
		const struct claim *claim = &b->plan->claims.list[i];
		const struct device *d = build_device(b, claim);

		if (d && method_needs_early(b, claim, d))
			buf_printf(&lines, "take %s 0x%04x 0x%04x\n", d->address,
				(unsigned)d->vendor, (unsigned)d->device);
	}
	if (!lines.len)
		return *ret = NULL, 0;
	return asprintf(ret, "%s%s", asset_early_boot_sh, lines.s) < 0
		       ? (*ret = NULL, -ENOMEM)
		       : 0;
}

static int set_early(struct build *b)
{
	autofree char *text = NULL;
	int r = early_text(b, &text);

	return r < 0 ? r
		     : build_script(b, b->host->initramfs->early_script, text,
			       text ? "takes devices away from drivers that are part of "
				      "the kernel"
				    : "no claim needs it any more");
}

/*
 * Files of ours that an image has: those that are there now. By their last two names, for
 * initramfs-tools puts /etc/udev/rules.d into lib/udev/rules.d (udev's hook).
 */
static const char *const copied[] = {
	"/etc/modprobe.d/pciferry.conf",
	"/etc/udev/rules.d/10-pciferry.rules",
};

/* "modprobe.d/pciferry.conf" */
static const char *last_two_names(const char *path)
{
	const char *name = strrchr(path, '/');

	while (name > path && name[-1] != '/')
		name--;
	return name;
}

/* What the image of this kernel must hold, as listings have it. */
static int image_holds(const struct build *b, const struct kernel *k, char ***ret)
{
	const char *early = b->host->initramfs->early_script;

	if (early && build_leaves(b, early) && strv_add(ret, strrchr(early, '/') + 1) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(copied); i++)
		if (build_leaves(b, copied[i]) &&
			strv_add(ret, last_two_names(copied[i])) < 0)
			return -ENOMEM;
	return k->modules && module_place(k->modules, "vfio_pci") == MODULE_LOADABLE
		       ? strv_add(ret, "vfio-pci.ko")
		       : 0;
}

static int add_images(struct build *b, bool wanted)
{
	const struct initramfs *generator = b->host->initramfs;

	for (size_t i = 0; i < b->host->n_kernels; i++) {
		const struct kernel *k = &b->host->kernels[i];
		autofree char *path = NULL;
		autostrv char **holds = NULL;

		if (generator->image(b, k, &path) < 0 ||
			(wanted && image_holds(b, k, &holds) < 0) ||
			build_product(b, path, generator->list, holds,
				"the initramfs of a kernel") < 0)
			return -ENOMEM;
	}
	return 0;
}

int build_initramfs(struct build *b)
{
	const struct initramfs *generator = b->host->initramfs;
	bool wanted = b->plan->claims.n && !b->enable_only;
	bool module = wanted && b->vfio_loadable;
	int r;

	if (!generator)
		return module ? build_finding(b, FINDING_REFUSAL, "unknown-initramfs",
					"No initramfs generator that pciferry knows "
					"builds this host's images: it could not be told "
					"to take vfio-pci in.")
			      : 0;
	r = generator->set(b, module);
	if (r == 0 && generator->early_script)
		r = set_early(b);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(inside); i++)
		if (build_changes(b, inside[i])) {
			r = build_command(b, generator->refresh, generator->refresh_why);
			return r < 0 ? r : add_images(b, wanted);
		}
	return r;
}

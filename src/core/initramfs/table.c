// SPDX-License-Identifier: GPL-2.0-or-later
#include "assets.h"
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

int build_initramfs(struct build *b)
{
	const struct initramfs *generator = b->host->initramfs;
	bool wanted = b->plan->claims.n && !b->enable_only;
	int r;

	if (!generator)
		return wanted ? build_finding(b, FINDING_REFUSAL, "unknown-initramfs",
					"No initramfs generator that pciferry knows "
					"builds this host's images: it could not be told "
					"to take vfio-pci in.")
			      : 0;
	r = generator->set(b, wanted);
	if (r == 0 && generator->early_script)
		r = set_early(b);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(inside); i++)
		if (build_changes(b, inside[i]))
			return build_command(
				b, generator->refresh, generator->refresh_why);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/initramfs/initramfs.h"

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

int build_initramfs(struct build *b)
{
	const struct initramfs *generator = b->host->initramfs;
	bool wanted = b->plan->claims.n && !b->enable_only;
	int r;

	if (!generator)
		return wanted ? build_finding(b, FINDING_REFUSAL, "unknown-initramfs",
					"No initramfs generator that pciferry knows builds this host's images: it could not be told to take vfio-pci in.")
			      : 0;
	r = generator->set(b, wanted);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(inside); i++)
		if (build_changes(b, inside[i]))
			return build_command(b, generator->refresh, generator->refresh_why);
	return r;
}

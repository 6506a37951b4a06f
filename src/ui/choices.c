// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/choices.h"
#include "core/base/text.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/scan/scan.h"

char *choose_loader(const struct probe *p, struct claims *claims)
{
	const struct host *host = p->host;
	const struct evidence *now = loader_pick(host, claims->loader);
	size_t next = now && claims->loader ? (size_t)(now - host->evidence) + 1 : 0;
	const struct evidence *e = next < host->n_evidence ? &host->evidence[next] : NULL;

	claims_set_loader(claims, e ? e->loader->id : NULL);
	return e ? text_printf(
			   "Words for the kernel go to %s. %s", e->loader->title, e->why)
		 : xstrdup("No boot loader is chosen.");
}

char *choose_initramfs(const struct probe *p, struct claims *claims)
{
	const struct host *host = p->host;
	const struct generator *now = initramfs_pick(host, claims->initramfs);
	size_t next = now && claims->initramfs ? (size_t)(now - host->generators) + 1 : 0;
	const struct generator *g =
		next < host->n_generators ? &host->generators[next] : NULL;

	claims_set_initramfs(claims, g ? g->row->id : NULL);
	return g ? text_printf("The initramfs is made by %s (%s).", g->row->title, g->why)
		 : xstrdup("No initramfs generator is chosen.");
}

char *choose_acs_override(const struct probe *p, struct claims *claims)
{
	const struct host *host = p->host;
	static const char *const values[] = { NULL, "downstream", "multifunction",
		"downstream,multifunction" };
	size_t at = 0;

	scan_more(p, &(struct more){ .acs = true });
	if (host->acs_patch != ACS_THERE && !claims->acs_override)
		return xstrdup(
			host->acs_patch == ACS_UNKNOWN
				? "Whether the running kernel reads pcie_acs_override= cannot be seen (/proc/kallsyms)."
				: "The running kernel reads no pcie_acs_override=: it lacks the patch for it.");
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (streq_null(values[i], claims->acs_override))
			at = i;
	at = host->acs_patch == ACS_THERE ? (at + 1) % ARRAY_SIZE(values) : 0;
	claims_set_acs_override(claims, values[at]);
	return values[at] ? text_printf("pcie_acs_override=%s is asked for.", values[at])
			  : xstrdup("pcie_acs_override= is not asked for.");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel command line: the words this host needs, and no others. */
#include "core/base/strv.h"
#include "core/edit/words.h"
#include "core/host/module.h"
#include "core/loader/loader.h"

#define INTGPU_CLASS 0x03

/* Intel's integrated graphics is a display controller on bus 0. */
static bool claims_integrated_gpu(const struct build *b)
{
	for (size_t i = 0; i < b->plan->claims.n; i++) {
		const struct device *d = build_device(b, &b->plan->claims.list[i]);

		if (d && d->vendor == 0x8086 && d->class >> 16 == INTGPU_CLASS &&
			!d->at.bus)
			return true;
	}
	return false;
}

/*
 * Whether a kernel leaves Intel's IOMMU off unless told: its configuration says so.
 * Debian has a third default, on for all but the integrated GPU. Without a configuration
 * file what is active now decides.
 */
static bool kernel_needs_on(const struct build *b, const struct kernel *k)
{
	autostrv char **running = NULL;

	if (kernel_config(k, "CONFIG_INTEL_IOMMU_DEFAULT_ON") == 'y')
		return false;
	if (kernel_config(k, "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF") == 'y')
		return claims_integrated_gpu(b);
	if (k->config || b->host->iommu != IOMMU_ACTIVE)
		return true;
	return b->host->cmdline && words_split(b->host->cmdline, &running) == 0 &&
	       words_value_has(running, "intel_iommu", "on");
}

bool build_needs_intel_on(const struct build *b)
{
	if (b->host->cpu != CPU_INTEL ||
		words_value_has(b->user_words, "intel_iommu", "on"))
		return false;
	for (size_t i = 0; i < b->host->n_kernels; i++)
		if (kernel_needs_on(b, &b->host->kernels[i]))
			return true;
	return !b->host->n_kernels && b->host->iommu != IOMMU_ACTIVE;
}

static bool vfio_builtin_somewhere(const struct build *b)
{
	for (size_t i = 0; i < b->host->n_kernels; i++)
		if (b->host->kernels[i].modules &&
			module_place(b->host->kernels[i].modules, "vfio_pci") ==
				MODULE_BUILTIN)
			return true;
	return false;
}

/* The user's ids= that would be read after ours: in a later file, or on the command line.
 */
static const struct modprobe_line *later_ids(const struct build *b)
{
	for (size_t i = b->modprobe.n; i-- > 0;) {
		const struct modprobe_line *line = &b->modprobe.list[i];
		const char *name = strrchr(line->file->path, '/') + 1;

		if (strcmp(name, "pciferry.conf") <= 0)
			break;
		for (size_t j = 2;
			modprobe_is(line, "options", "vfio-pci") && line->words[j]; j++)
			if (after_prefix(line->words[j], "ids="))
				return line;
	}
	return NULL;
}

/* Modprobe.d cannot say it all: the command line has the last word, also for a vfio-pci
 * that is built in. */
static int add_ids(struct build *b, char ***words)
{
	const char *users = words_value(b->user_words, "vfio-pci.ids");
	const struct modprobe_line *later = later_ids(b);
	autofree char *list = NULL, *word = NULL;

	if (!b->ids || (!users && !later && !vfio_builtin_somewhere(b)))
		return 0;
	if (strv_join(b->ids, ",", &list) < 0)
		return -ENOMEM;
	if (users && streq(users, list))
		return 0;
	if (later && !users &&
		build_finding(b, FINDING_INFO, "ids-on-cmdline",
			"%s:%zu is read after our file and its ids= would win: the whole "
			"list goes on the kernel command line, which wins over both.",
			later->file->path, later->line) < 0)
		return -ENOMEM;
	if (asprintf(&word, "vfio-pci.ids=%s", list) < 0)
		return word = NULL, -ENOMEM;
	return strv_add(words, word);
}

static int wanted_words(struct build *b, char ***ret)
{
	autostrv char **words = NULL;

	if (b->plan->claims.n == 0)
		return 0;
	if (build_needs_intel_on(b) && strv_add(&words, "intel_iommu=on") < 0)
		return -ENOMEM;
	if (b->plan->claims.iommu_pt && !strv_has(b->user_words, "iommu=pt") &&
		strv_add(&words, "iommu=pt") < 0)
		return -ENOMEM;
	if (add_ids(b, &words) < 0)
		return -ENOMEM;
	*ret = TAKE(words);
	return 0;
}

/* The user's own words that work against this. */
static int check_users_words(struct build *b)
{
	if (b->plan->claims.n && claims_integrated_gpu(b) &&
		words_value_has(b->user_words, "intel_iommu", "igfx_off"))
		return build_finding(b, FINDING_REFUSAL, "igfx-off",
			"intel_iommu=igfx_off on your kernel command line keeps the "
			"integrated GPU out of the IOMMU: take igfx_off out to hand this "
			"GPU over.");
	return 0;
}

static int no_loader(struct build *b, char *const *words)
{
	autofree char *line = NULL;

	if (!words)
		return 0;
	if (strv_join(words, " ", &line) < 0)
		return -ENOMEM;
	return build_finding(b, FINDING_REFUSAL, "unknown-loader",
		"No boot loader that pciferry knows boots this host. Add this to its "
		"kernel command line yourself: %s",
		line);
}

int build_cmdline(struct build *b)
{
	const struct loader *loader = b->host->loader;
	autostrv char **words = NULL;
	size_t before = b->plan->n_changes;
	int r = wanted_words(b, &words);

	if (r == 0)
		r = check_users_words(b);
	if (r < 0)
		return r;
	if (!loader)
		return no_loader(b, words);
	if (strv_copy(words, &b->plan->words) < 0)
		return -ENOMEM;
	/* Unread, the user's own words may work against ours. */
	if (b->words_problem && b->plan->claims.n)
		return build_finding(b, words ? FINDING_REFUSAL : FINDING_WARNING,
			"unreadable-config", "%s", b->words_problem);
	r = loader->set(b, words);
	if (r == 0 && b->plan->n_changes > before)
		r = build_command(b, loader->refresh, loader->refresh_why) < 0
			    ? -ENOMEM
			    : build_product(b, loader->product, NULL, words,
				      "the boot loader's menu");
	return r;
}

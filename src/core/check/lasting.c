// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check/lasting.h"
#include "core/check/check.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loaders.h"

/* What every plan writes, and where its set lies. */
static const char *const always[] = { CLAIMS_PATH, "/etc/modprobe.d/pciferry.conf",
	"/etc/udev/rules.d/10-pciferry.rules", "/var/lib/pciferry/sets" };

static void judge_images(const struct host *host, struct place_problems *problems)
{
	const struct generator *g = initramfs_pick(host, host->claims.initramfs);

	for (size_t i = 0; g && i < host->n_kernels; i++)
		if (g->images[i][0])
			places_judge(&host->places, g->images[i], problems);
}

static void judge_loader(const struct host *host, const struct loader *row,
	struct place_problems *problems)
{
	if (row && row->artifact)
		places_judge(&host->places, row->artifact, problems);
	if (row && row->variable)
		places_judge(&host->places, row->variable->main, problems);
}

static bool is_worse(const struct place_problem *a, const struct place_problem *b)
{
	return !b || a->state > b->state;
}

void check_lasting(const struct probe *p, struct check *c)
{
	CLEANUP(place_problems_done) struct place_problems problems = { 0 };
	const struct evidence *e = loader_pick(p->host, p->host->claims.loader);
	const struct place_problem *worst = NULL;

	if (e && e->loader->instruct && !e->loader->words_only) {
		check_say(c, CHECK_OK,
			"pciferry writes nothing on this host, which is kept by %s.",
			e->loader->title);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		places_judge(&p->host->places, always[i], &problems);
	judge_images(p->host, &problems);
	judge_loader(p->host, e ? e->loader : NULL, &problems);
	for (size_t i = 0; i < problems.n; i++)
		if (is_worse(&problems.list[i], worst))
			worst = &problems.list[i];
	if (worst) {
		check_say(c, worst->state == LASTS_NOT ? CHECK_FAIL : CHECK_WARN, "%s",
			worst->text);
		check_fix(c, "%s", worst->fix);
	} else if (!p->host->places.known) {
		check_say(c, CHECK_UNKNOWN,
			"Whether what is written here outlives a reboot is not known: /proc/self/mountinfo does not tell what is mounted.");
	} else {
		check_say(c, CHECK_OK,
			"What is written here outlives a reboot, as far as /proc/self/mountinfo and /etc/fstab tell.");
	}
}

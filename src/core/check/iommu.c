// SPDX-License-Identifier: GPL-2.0-or-later
/* The IOMMU: whether this boot uses it, and for which devices. */
#include "core/check/iommu.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/check/check.h"
#include "core/loader/boots.h"
#include "core/loader/loaders.h"
#include "core/loader/unread.h"

/* A word that would turn it on, or off, but stands where nothing reads it. */
static void say_unread(const struct host *host, struct check *c)
{
	const struct evidence *e = loader_pick(host, host->claims.loader);
	CLEANUP(unread_done) struct unread unread = { 0 };
	autostrv char **has = NULL;
	struct err err;

	if (!e || loader_any_kargs(host, e, true, &has, &err) < 0)
		return;
	unread_find(host, e, has, &unread);
	for (size_t i = 0; i < unread.n; i++) {
		autofree char *sentence = NULL, *text = NULL, *fix = TAKE(c->fix);

		if (strstr(unread.list[i].word, "iommu")) {
			sentence = unread_sentence(&unread, i);
			text = TAKE(c->text);
			check_say(c, c->state, "%s %s", text, sentence);
		}
		c->fix = TAKE(fix);
	}
}

void check_iommu(const struct host *host, const struct facts *facts, struct check *c)
{
	const struct fact *fact = fact_find(facts, FOUND_IOMMU_OFF, NULL)
					  ?: fact_find(facts, FOUND_NO_GROUP, NULL);
	autofree char *names = NULL;
	int flags = host->firmware.dmar_flags;
	size_t n = 0;

	if (fact) {
		check_fact(c, fact);
		if (host->iommu != IOMMU_ACTIVE)
			say_unread(host, c);
		return;
	}
	for (size_t i = 0; i < host->n_groups; i++)
		n += host->groups[i].number >= 0;
	names = strv_join(host->firmware.units, ", ");
	check_say(c, CHECK_OK, "The IOMMU is on: %zu group%s in " GROUPS_PATH "%s%s%s.%s",
		n, n == 1 ? "" : "s", names[0] ? " (" : "", names, names[0] ? ")" : "",
		flags > 0 && (flags & DMAR_OPT_IN)
			? " The firmware asks for that by itself (platform opt-in)."
			: "");
}

static void say_groupless(struct check *c, char *const *list, const struct fact *why)
{
	size_t n = strv_len(list);
	autobuf struct buf b = { 0 };
	autofree char *text = NULL;

	for (size_t i = 0; i < n && i < 4; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", list[i]);
	text = buf_take(&b);
	check_say(c, CHECK_WARN,
		"The IOMMU is on, but %s%s %s in no group: what is in none cannot be handed over.%s%s",
		text, n > 4 ? " and others" : "", n > 1 ? "are" : "is", why ? " " : "",
		why ? why->text : "");
	if (why && why->fix)
		check_fix(c, "%s", why->fix);
	if (why && why->plan == FACT_PLAN_IOMMU)
		c->plan = CHECK_PLAN_IOMMU;
}

/* Devices that the IOMMU does not translate for, although it is on. */
void check_groupless(const struct host *host, const struct facts *facts, struct check *c)
{
	autostrv char **list = NULL, **units = NULL;
	const struct fact *why = NULL;
	autofree char *itself = NULL;

	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *fact = &facts->list[i];

		if (!fact->address ||
			(fact->id != FOUND_NO_GROUP && fact->id != FOUND_IGFX_OFF))
			continue;
		if (fact->weight != FACT_DOOMS) {
			strv_add(&units, fact->address);
			continue;
		}
		strv_add(&list, fact->address);
		if (!why && fact->id == FOUND_IGFX_OFF)
			why = fact;
	}
	itself = strv_join(units, ", ");
	if (host->iommu != IOMMU_ACTIVE)
		check_say(c, CHECK_UNKNOWN,
			"Which devices get a group shows once the IOMMU is on.");
	else if (list)
		say_groupless(c, list, why);
	else if (units)
		check_say(c, CHECK_OK,
			"Every device is in a group, but for the IOMMU itself, which never is (%s).",
			itself);
	else
		check_say(c, CHECK_OK, "Every device is in a group.");
}

void check_interrupts(const struct host *host, const struct facts *facts, struct check *c)
{
	const struct fact *fact =
		fact_find(facts, FOUND_INTERRUPTS, NULL)
			?: fact_find(facts, FOUND_UNSAFE_INTERRUPTS, NULL);

	if (fact)
		check_fact(c, fact);
	else if (host->firmware.remapping == REMAPPING_UNKNOWN ||
		 (host->cpu != CPU_INTEL && host->cpu != CPU_AMD))
		check_say(c, CHECK_UNKNOWN,
			"Whether interrupts are remapped could not be read from /proc/interrupts.");
	else if (host->firmware.remapping == REMAPPING_ON)
		check_say(c, CHECK_OK,
			"Interrupts are remapped (IR- in /proc/interrupts).");
	else
		check_say(c, CHECK_UNKNOWN,
			"Interrupt remapping comes with the IOMMU, which is off.");
}

/* drivers/vfio: no translation at all, the kernel is tainted; of no use for guests. */
void check_noiommu(
	const struct host *host, const struct facts *facts UNUSED, struct check *c)
{
	const struct firmware *f = &host->firmware;
	autofree char *list = NULL;

	if (!f->noiommu_mode && !f->noiommu) {
		check_say(c, CHECK_OK,
			"vfio's no-IOMMU mode is off or not there (" UNSAFE_NOIOMMU_PATH
			"); pciferry never uses it.");
		return;
	}
	list = strv_join(f->noiommu, ", ");
	check_say(c, CHECK_WARN,
		"vfio's no-IOMMU mode is on (%s): devices reach all memory in it, and virtual machines cannot use it.%s%s%s",
		f->noiommu_mode ? UNSAFE_NOIOMMU_PATH : GROUPS_PATH,
		f->noiommu ? " Groups and devices of it: " : "", list,
		f->noiommu ? "." : "");
	check_fix(c,
		"Take enable_unsafe_noiommu_mode out of /etc/modprobe.d and of the kernel command line.");
}

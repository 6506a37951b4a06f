// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/verify/verify.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/facts/facts.h"
#include "core/format/kargs.h"
#include "core/verify/reason.h"
#include "core/verify/repair.h"

void results_done(struct results *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->list[i].why);
	free(v->list);
	strv_free(v->missing);
	free(v->iommu);
	*v = (struct results){ 0 };
}

bool results_good(const struct results *v)
{
	return !v->n_wrong && !v->missing && !v->iommu;
}

/* What the parts of verify() share. */
struct look {
	const struct probe *p;
	const struct host *host;
	const struct expectations *e;
	struct lost_claims lost;
	struct klog log; /* empty where it cannot be read */
	struct results out;
};

static void look_done(struct look *l)
{
	lost_claims_done(&l->lost);
	klog_done(&l->log);
	results_done(&l->out);
}

/* Words that the kernel that runs now was not given; an unknown command line has all. */
static void find_missing(struct look *l)
{
	autostrv char **running = NULL;

	if (!l->host->cmdline)
		return;
	running = kargs_split(l->host->cmdline);
	strv_foreach (word, l->e->kargs)
		if (!strv_has(running, word))
			strv_add(&l->out.missing, word);
}

/* A member of its group that makes the group useless for VFIO, or NULL. */
static const struct device *spoiler(const struct host *host, const struct device *d)
{
	const struct group *g = d->group >= 0 ? host_group(host, d) : NULL;

	for (size_t i = 0; g && i < g->n_devices; i++) {
		const struct device *other = &host->devices[g->devices[i]];

		if (!driver_keeps_viable(other->driver))
			return other;
	}
	return NULL;
}

static bool is_vfio(const char *driver)
{
	return streq_null(driver, "vfio-pci");
}

static char *why_wrong(
	const struct look *l, const struct expectation *row, const struct device *d)
{
	const struct device *spoils = row->chosen ? spoiler(l->host, d) : NULL;

	if (is_vfio(row->after) && is_vfio(d->driver) && spoils)
		return text_printf(
			"%s in its group is on %s, so no guest can have the group: give %s away as well",
			spoils->address, spoils->driver, spoils->address);
	if (is_vfio(row->after))
		return reason_not_bound(l->p, &l->log, d);
	return xstrdup(
		is_vfio(d->driver)
			? "vfio-pci has it although no claim asks for that any more: another file may name its ID"
			: "its driver is another one than expected");
}

/* What was released may get any driver of its own: a forecast need not know its name. */
static bool as_expected(
	const struct host *host, const struct expectation *row, const struct device *d)
{
	if (!row->chosen && is_vfio(row->before))
		return !is_vfio(d->driver) || is_vfio(row->after);
	return streq_null(row->after, d->driver) &&
	       !(row->chosen && is_vfio(row->after) && spoiler(host, d));
}

static struct result *add_result(
	struct look *l, const char *address, const char *expected)
{
	struct result *v;

	GROW(l->out.list, l->out.n);
	v = &l->out.list[l->out.n++];
	v->address = address;
	v->expected = expected;
	v->certain = true;
	return v;
}

/* A claim without its device: whatever is at the address does not matter. */
static void add_lost(struct look *l, const struct lost_claim *lost, const char *expected)
{
	struct result *v = add_result(l, lost->address, expected);

	l->out.n_wrong++;
	l->out.n_lost++;
	v->actual = lost->now ? lost->now->driver : NULL;
	v->moved_to = lost->now ? lost->now->address : NULL;
	v->why = xstrdup(lost->why);
}

static bool is_same(const struct device *d, const struct expectation *row)
{
	char id[DEVICE_ID_SIZE], subsystem[DEVICE_ID_SIZE];

	return (!row->id[0] || streq(device_id(d, id), row->id)) &&
	       (!row->subsystem[0] || !device_subsystem_id(d, subsystem)[0] ||
		       streq(subsystem, row->subsystem));
}

/* The physical function of a claimed virtual one that is not there, or NULL. */
static const struct device *not_made(
	const struct host *host, const struct expectation *row)
{
	const struct claim *claim = claims_find(&host->claims, row->address);

	return claim && row->chosen ? host_waits_for(host, claim) : NULL;
}

/* Nothing was promised of it: it is told where somebody chose it, or where it changed. */
static void add_unknown(
	struct look *l, const struct expectation *row, const struct device *d)
{
	struct result *v;

	if (!row->chosen && streq_null(row->before, d->driver))
		return;
	v = add_result(l, row->address, NULL);
	v->certain = false;
	v->actual = d->driver;
	l->out.n_unknown++;
}

static void verify_judge(struct look *l, const struct expectation *row)
{
	const struct device *d = host_device(l->host, row->address);
	const struct lost_claim *lost = lost_claims_find(&l->lost, row->address);
	bool same = d && is_same(d, row);
	const struct device *pf = not_made(l->host, row);
	bool right = pf ? !row->after : same && as_expected(l->host, row, d);
	struct result *v;

	if (lost && row->chosen) {
		add_lost(l, lost, row->certain ? row->after : "vfio-pci");
		return;
	}
	if (same && !row->certain) {
		add_unknown(l, row, d);
		return;
	}
	/* A device that went away and that nobody chose is no promise broken. */
	if (!row->chosen && (right || !same))
		return;
	v = add_result(l, row->address, row->after);
	v->actual = same ? d->driver : NULL;
	if (right)
		return;
	l->out.n_wrong++;
	v->why =
		same ? why_wrong(l, row, d)
		: pf ? text_printf(
			       "%s has %d virtual functions now, and this is none of them: pciferry vfs %s NUMBER has them made, at every boot too",
			       pf->address, pf->vfs_now, pf->address)
		     : text_printf("the device %s is not there any more", row->id);
}

/* The kernel whose rows are compared, or NULL. One that was installed later was promised
 * nothing, but is built into the same files: as the newest of then. */
static const char *kernel_of(struct look *l)
{
	const char *running = l->host->running;

	for (size_t i = 0; i < l->e->n; i++) {
		const char *kernel = l->e->list[i].kernel;

		if (!kernel[0] || streq_null(kernel, running))
			return kernel;
	}
	if (!running || !l->e->n)
		return NULL;
	l->out.later = true;
	return l->e->list[0].kernel;
}

/* Claims that the set tells nothing of, such as those written by hand. */
static void judge_rest(struct look *l)
{
	for (size_t i = 0; i < l->lost.n; i++) {
		const struct lost_claim *lost = &l->lost.list[i];
		const char *expected = "vfio-pci";
		bool judged = false;

		for (size_t j = 0; j < l->out.n; j++)
			judged |= streq(l->out.list[j].address, lost->address);
		if (lost->vfs)
			expected = lost->now ? lost->now->driver : NULL;
		if (!judged)
			add_lost(l, lost, expected);
	}
}

/* As check says it. */
static char *why_still_off(const struct look *l)
{
	CLEANUP(facts_done) struct facts facts = { 0 };
	const struct fact *fact;
	autofree char *why = NULL;

	if (l->out.missing)
		return xstrdup(
			"The IOMMU is still off: this boot did not have the words that turn it on.");
	facts_find(l->host, &l->host->claims, &facts);
	fact = fact_find(&facts, FOUND_IOMMU_OFF, NULL);
	why = fact ? fact_sentence(fact) : xstrdup("");
	return text_printf("The IOMMU is still off. %s", why);
}

/* The first of two steps promises nothing but the IOMMU. */
static void judge_iommu(struct look *l)
{
	bool handed = false;

	for (size_t i = 0; i < l->e->n; i++)
		handed |= l->e->list[i].chosen &&
			  (!l->e->list[i].certain || is_vfio(l->e->list[i].after));
	if (!l->host->claims.n && !l->host->claims.iommu_on)
		return;
	if (l->host->iommu == IOMMU_ACTIVE)
		l->out.second_step = l->host->claims.n && !handed;
	else
		l->out.iommu = why_still_off(l);
}

static void verify_look(struct look *l, const char *kernel)
{
	claims_lost(l->host, &l->host->claims, l->e, &l->lost);
	if (klog_read(l->p->root, &l->log) < 0)
		l->log.n = 0;
	for (size_t i = 0; i < l->e->n; i++)
		if (streq(l->e->list[i].kernel, kernel))
			verify_judge(l, &l->e->list[i]);
	judge_rest(l);
	find_missing(l);
	judge_iommu(l);
}

int verify(const struct probe *p, const struct expectations *e, struct results *ret,
	struct err *err)
{
	CLEANUP(look_done) struct look l = { .p = p, .host = p->host, .e = e };
	const char *kernel = kernel_of(&l);

	if (p->host->disk)
		return err_set(
			err, -ENODATA, "Nothing can be verified: " NOT_VISIBLE ".");
	if (!kernel)
		return err_set(err, -ENODATA,
			"Which kernel runs is not known, so nothing can be verified.");
	verify_look(&l, kernel);
	*ret = l.out;
	l.out = (struct results){ 0 };
	return 0;
}

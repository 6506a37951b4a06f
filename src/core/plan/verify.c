// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/verify.h"
#include "core/base/strv.h"
#include "core/edit/words.h"

#include <stdarg.h>

void expectations_done(struct expectations *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->list[i].kernel);
		free(e->list[i].address);
		free(e->list[i].id);
		free(e->list[i].before);
		free(e->list[i].after);
	}
	free(e->list);
	strv_free(e->words);
	*e = (struct expectations){ 0 };
}

/* Copies the row; NULL drivers stay NULL. */
static int add(struct expectations *e, const struct expectation *row)
{
	struct expectation *new;

	if (GROW(e->list, e->n) < 0)
		return -ENOMEM;
	new = &e->list[e->n++];
	new->kernel = strdup(row->kernel);
	new->address = strdup(row->address);
	new->id = strdup(row->id);
	new->before = row->before ? strdup(row->before) : NULL;
	new->after = row->after ? strdup(row->after) : NULL;
	new->chosen = row->chosen;
	return new->kernel &&new->address &&new->id && !new->before == !row->before &&
			       !new->after == !row->after
		       ? 0
		       : -ENOMEM;
}

int expectations_from(
	const struct host *host, const struct plan *plan, struct expectations *ret)
{
	CLEANUP(expectations_done) struct expectations e = { 0 };

	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];
		char id[DEVICE_ID_SIZE];
		const struct expectation row = {
			.kernel = (char *)f->kernel,
			.address = f->address,
			.id = (char *)device_id(host_device(host, f->address), id),
			.before = f->now,
			.after = f->after,
			.chosen = f->chosen,
		};

		if (add(&e, &row) < 0)
			return -ENOMEM;
	}
	if (strv_copy(plan->words, &e.words) < 0)
		return -ENOMEM;
	*ret = e;
	e = (struct expectations){ 0 };
	return 0;
}

int expectations_copy(
	const struct expectations *from, bool reversed, struct expectations *ret)
{
	CLEANUP(expectations_done) struct expectations e = { 0 };

	for (size_t i = 0; i < from->n; i++) {
		struct expectation row = from->list[i];

		if (reversed) {
			row.before = from->list[i].after;
			row.after = from->list[i].before;
		}
		if (add(&e, &row) < 0)
			return -ENOMEM;
	}
	if (!reversed && strv_copy(from->words, &e.words) < 0)
		return -ENOMEM;
	*ret = e;
	e = (struct expectations){ 0 };
	return 0;
}

void verdicts_done(struct verdicts *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->list[i].why);
	free(v->list);
	strv_free(v->missing);
	*v = (struct verdicts){ 0 };
}

bool verdicts_good(const struct verdicts *v)
{
	return !v->n_wrong && !v->missing;
}

static char *because(const char *fmt, ...) PRINTF(1, 2);
static char *because(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return n < 0 ? NULL : text;
}

/* A device with that ID at another address that nothing was expected of. */
static const struct device *moved_to(
	const struct host *host, const struct expectations *e, const char *id)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];
		char own[DEVICE_ID_SIZE];
		bool known = false;

		for (size_t j = 0; j < e->n; j++)
			known |= streq(e->list[j].address, d->address) &&
				 streq(e->list[j].id, id);
		if (!known && streq(device_id(d, own), id))
			return d;
	}
	return NULL;
}

static char *why_absent(const struct host *host, const struct expectations *e,
	const struct expectation *row, const struct device *there)
{
	const struct device *moved = moved_to(host, e, row->id);
	char id[DEVICE_ID_SIZE];

	if (moved)
		return because("the device %s is at %s now: addresses have moved",
			row->id, moved->address);
	if (there)
		return because("another device, %s, has this address now; %s is gone",
			device_id(there, id), row->id);
	return because("the device %s is not there any more", row->id);
}

/* Words that the kernel that runs now was not given; an unknown command line has all. */
static int find_missing(
	const struct host *host, const struct expectations *e, char ***ret)
{
	autostrv char **running = NULL;

	if (!host->cmdline)
		return 0;
	if (words_split(host->cmdline, &running) < 0)
		return -ENOMEM;
	strv_foreach (word, e->words)
		if (!strv_has(running, word) && strv_add(ret, word) < 0)
			return -ENOMEM;
	return 0;
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

static char *why_wrong(const struct expectation *row, const struct device *d)
{
	if (row->after && streq(row->after, "vfio-pci"))
		return d->group < 0 ? because("it is in no IOMMU group, so vfio-pci "
					      "refuses it")
				    : because("vfio-pci did not get it: see the kernel's "
					      "messages of vfio-pci and %s (dmesg), and "
					      "whether this boot used the new initramfs",
					      d->driver ?: "its driver");
	if (d->driver && streq(d->driver, "vfio-pci"))
		return because("vfio-pci has it although nothing asked for that any "
			       "more: another file may name its ID");
	return because("its driver is another one than expected");
}

/* What was released may get any driver of its own: a forecast need not know its name. */
static bool as_expected(const struct expectation *row, const struct device *d)
{
	if (!row->chosen && streq_null(row->before, "vfio-pci"))
		return !streq_null(d->driver, "vfio-pci") ||
		       streq_null(row->after, "vfio-pci");
	return streq_null(row->after, d->driver);
}

static int judge(const struct host *host, const struct expectations *e,
	const struct expectation *row, struct verdicts *out)
{
	const struct device *d = host_device(host, row->address);
	char id[DEVICE_ID_SIZE];
	bool same = d && (!row->id[0] || streq(device_id(d, id), row->id));
	const struct device *spoils = row->chosen && same ? spoiler(host, d) : NULL;
	bool right = same && as_expected(row, d) &&
		     !(spoils && streq_null(row->after, "vfio-pci"));
	struct verdict *v;

	/* A device that went away and that nobody chose is no promise broken. */
	if (!row->chosen && (right || !same))
		return 0;
	if (GROW(out->list, out->n) < 0)
		return -ENOMEM;
	v = &out->list[out->n++];
	v->address = row->address;
	v->expected = row->after;
	v->actual = same ? d->driver : NULL;
	if (right)
		return 0;
	out->n_wrong++;
	if (same && spoils && streq_null(row->after, d->driver))
		v->why = because(
			"%s in its group is on %s, so no guest can have the group",
			spoils->address, spoils->driver);
	else
		v->why = same ? why_wrong(row, d) : why_absent(host, e, row, d);
	return v->why ? 0 : -ENOMEM;
}

int verify(const struct host *host, const struct expectations *e, struct verdicts *ret,
	struct err *err)
{
	CLEANUP(verdicts_done) struct verdicts out = { 0 };
	size_t rows = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct expectation *row = &e->list[i];

		if (row->kernel[0] &&
			!(host->running && streq(row->kernel, host->running)))
			continue;
		rows++;
		if (judge(host, e, row, &out) < 0)
			return err_oom(err);
	}
	if (find_missing(host, e, &out.missing) < 0)
		return err_oom(err);
	if (!rows)
		return err_set(err, -ENODATA,
			"Nothing was promised for the kernel %s: it was not installed "
			"when the plan was made.",
			host->running ?: "that runs");
	*ret = out;
	out = (struct verdicts){ 0 };
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lifeline/walk.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/lifeline/trace.h"

#include <stdarg.h>

/* Stacks are a few layers deep; a RAID has a branch for each of its disks. */
#define DEPTH_MAX 24
#define STEPS_MAX 4096
#define PATH_SIZE 320

void lifeline_add(struct device *d, const char *name, const char *fmt, ...)
{
	struct lifeline new;
	va_list ap;

	for (size_t i = 0; i < d->n_lifelines; i++)
		if (streq(d->lifelines[i].name, name))
			return;
	va_start(ap, fmt);
	new = (struct lifeline){ xstrdup(name), text_vprintf(fmt, ap) };
	va_end(ap);
	GROW(d->lifelines, d->n_lifelines);
	d->lifelines[d->n_lifelines++] = new;
}

bool path_is_virtual(const char *path)
{
	return strstr(path, "devices/virtual/");
}

void walk_done(struct walk *w)
{
	strv_free(TAKE(w->trail));
}

bool walk_enter(struct walk *w, const char *layer)
{
	if (w->steps++ >= STEPS_MAX || strv_len(w->trail) >= DEPTH_MAX ||
		strv_has(w->trail, layer))
		return false;
	strv_add(&w->trail, layer);
	return true;
}

void walk_leave(struct walk *w)
{
	size_t n = strv_len(w->trail);

	free(TAKE(w->trail[n - 1]));
}

/* Bridges on the way are no endpoints, and never claimed. A VMD controller is one. */
static bool add_on_path(
	struct trace *t, const char *path, const char *lifeline, const char *why)
{
	autostrv char **parts = strv_split(path, "/");
	bool found = false;

	strv_foreach (part, parts) {
		struct device *d = host_device(t->host, part);

		if (!d || device_is_bridge(d))
			continue;
		found = true;
		lifeline_add(d, lifeline, "%s", why);
	}
	return found;
}

bool walk_arrive(struct walk *w, const char *path)
{
	autofree char *trail = strv_join(w->trail, ", on ");
	autofree char *why = text_printf("%s is on %s, on this device", w->user, trail);

	return add_on_path(w->trace, path, w->trace->lifeline, why);
}

bool doubt_path(
	struct trace *t, const struct doubt *doubt, const char *class, const char *name)
{
	autofree char *target = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/%.200s", class, name);
	return root_readlink(t->root, path, &target) == 0 &&
	       add_on_path(t, target, doubt->lifeline, doubt->why);
}

static const struct {
	const char *what, *so;
} doubts[] = {
	[SUSPECT_DISKS] = { "disk", "storage controller" },
	[SUSPECT_CARDS] = { "network card", "network card with a link" },
	[SUSPECT_USB] = { "USB controller", "USB controller" },
};

void walk_lost(struct walk *w, enum suspects who, const char *fmt, ...)
{
	autofree char *trail = strv_join(w->trail, ", on "), *reason = NULL;
	struct trace *t = w->trace;
	char *why;
	va_list ap;

	va_start(ap, fmt);
	reason = text_vprintf(fmt, ap);
	va_end(ap);
	why = text_printf(
		"it could not be told which %s %s is on (%s%s%s), so every %s counts",
		doubts[who].what, w->user, trail, trail[0] ? ": " : "", reason,
		doubts[who].so);
	GROW(t->doubts, t->n_doubts);
	t->doubts[t->n_doubts++] = (struct doubt){ who, t->lifeline, why };
}

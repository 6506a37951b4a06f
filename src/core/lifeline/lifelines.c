// SPDX-License-Identifier: GPL-2.0-or-later
/* The kinds of lifelines. Names are stable: --accept and scripts take them. */
#include "core/lifeline/lifelines.h"
#include "core/lifeline/bmc.h"
#include "core/lifeline/disk.h"
#include "core/lifeline/display.h"
#include "core/lifeline/input.h"
#include "core/lifeline/lifelines.h"
#include "core/lifeline/network.h"
#include "core/lifeline/session.h"
#include "core/lifeline/sriov.h"
#include "core/lifeline/trace.h"

static const struct {
	const char *lifeline;
	void (*trace)(struct trace *t);
} tracers[] = {
	{ "disk", trace_disks },
	{ "network", trace_default_routes },
	{ "network", trace_session },
	{ "display", trace_display },
	{ "input", trace_keyboard },
	{ "bmc", trace_bmc },
	{ "sriov", trace_physical_functions },
};

static void (*const settle[])(struct trace *t, const struct doubt *doubt) = {
	[SUSPECT_DISKS] = suspect_disks,
	[SUSPECT_CARDS] = suspect_cards,
	[SUSPECT_USB] = suspect_usb,
};

void trace_run(struct trace *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(tracers); i++) {
		t->lifeline = tracers[i].lifeline;
		tracers[i].trace(t);
	}
	for (size_t i = 0; i < t->n_doubts; i++)
		settle[t->doubts[i].who](t, &t->doubts[i]);
	for (size_t i = 0; i < t->n_doubts; i++)
		free(t->doubts[i].why);
	free(TAKE(t->doubts));
	t->n_doubts = 0;
	mounts_done(&t->mounts);
}

void lifelines_trace(const struct probe *p)
{
	struct trace t = {
		.root = p->root, .host = p->host, .live = root_kind(p->root) == ROOT_LIVE
	};

	trace_run(&t);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What to do next: the reboot, what to look at after it, and the ways back. */
#include "ui/changes.h"
#include "core/base/text.h"
#include "core/format/kargs.h"
#include "ui/page_apply.h"
#include "ui/page_export.h"
#include "ui/text_page.h"

struct state {
	struct text_page page;
	enum way way;
	const struct plan *plan; /* of a page below; NULL: a set was put back */
};

static void item(struct styled *t, const char *sign, const char *s)
{
	styled_column(t, 3);
	styled_add(t, ROLE_STRONG, sign);
	styled_column(t, 6);
	styled_add(t, ROLE_TEXT, s);
	styled_end(t, 6);
}

static void command_line(struct styled *t, const char *s)
{
	styled_column(t, 8);
	styled_add(t, ROLE_KEY, s);
	styled_end_exact(t, 8);
}

static void add_by_hand(struct styled *t, const struct apply_arg *did, bool no_run)
{
	const struct command *commands =
		did->plan ? did->plan->steps.commands : did->set->steps.commands;
	size_t n = did->plan ? did->plan->steps.n_commands : did->set->steps.n_commands;

	if (!no_run || !n)
		return;
	item(t, "•", "Run these commands on that host; until then nothing takes effect:");
	for (size_t i = 0; i < n; i++) {
		styled_column(t, 8);
		command_add(t, ROLE_KEY, &commands[i]);
		styled_end_exact(t, 8);
	}
}

static void add_reboot(struct styled *t, const struct wizard *w)
{
	switch (root_kind(w->root)) {
	case ROOT_LIVE:
		item(t, "•",
			"Reboot when it suits you. Until then nothing changes on the running system.");
		command_line(t, "systemctl reboot");
		break;
	case ROOT_OFFLINE:
		item(t, "•", "Boot that host. What was written takes effect then.");
		break;
	case ROOT_SAMPLE:
		item(t, "•",
			"On a real host, you would reboot now. This is a private copy of the sample host: it goes away when you quit.");
		break;
	}
}

static void add_checks(struct styled *t, const struct host *host, const struct plan *plan)
{
	if (plan_find(plan, FOUND_TWO_STEPS, NULL)) {
		item(t, "•",
			"Then run pciferry again: with the IOMMU on the groups are known, and it goes on with the devices you chose.");
		return;
	}
	if (plan_find(plan, FOUND_IOMMU_ON, NULL)) {
		item(t, "•",
			"Then run pciferry again: with the IOMMU on its groups show, and devices can be chosen.");
		return;
	}
	if (!plan->n_chosen) {
		item(t, "•",
			"Then look: every released device is on its own driver again.");
		command_line(t, "pciferry list");
		return;
	}
	item(t, "•", "Then look: these must be on vfio-pci, and the rest as forecast.");
	command_line(t, "pciferry verify");
	for (size_t i = 0; i < plan->n_chosen; i++) {
		const struct device *d = host_device(host, plan->chosen[i].address);

		styled_column(t, 8);
		styled_add(t, ROLE_STRONG, plan->chosen[i].address);
		styled_addf(t, ROLE_DIM, "  %s", d ? d->name ?: "" : "");
		styled_end(t, 22);
	}
}

static void add_way_back(struct styled *t, const char *set, const char *way_out)
{
	autofree char *script =
		text_printf("sh " SETS_PATH "/%s/restore.sh", set ?: "NNNN");

	styled_heading(t, "The ways back, also months later");
	item(t, "•", "Here: u. On the command line, then reboot:");
	command_line(t, "pciferry undo");
	item(t, "•",
		"The host does not come up well: at the boot menu, edit the entry (e in GRUB) and add these words to the line that starts with linux. That one boot runs with the drivers the host had before.");
	command_line(t, way_out);
	item(t, "•",
		"From a rescue shell, without pciferry. It only tells what it would do until --yes is added; where the disk is mounted elsewhere, that goes before the path.");
	command_line(t, script);
}

static int next_fill(
	struct wizard *w, struct styled *t, const void *arg, struct err *err UNUSED)
{
	static const char *const done[] = {
		[WAY_APPLY] = "Everything is written, as set",
		[WAY_UNDO] = "Everything is put back; that is kept as set",
		[WAY_REDO] = "Everything is done again; that is kept as set",
	};
	const struct apply_arg *did = arg;
	autostrv char **running = NULL, **words = NULL;
	autofree char *way_out = NULL;

	styled_addf(t, ROLE_GOOD, " %s %s.", done[did->way], w->last.set ?: "?");
	styled_end(t, 1);
	styled_heading(t, "Now");
	add_by_hand(t, did, w->options->no_run);
	add_reboot(t, w);
	if (did->plan)
		add_checks(t, w->host, did->plan);
	if (did->way == WAY_UNDO)
		return 0;
	running = kargs_split(w->host->cmdline ?: "");
	words = kargs_way_out(running);
	way_out = strv_join(words, " ");
	add_way_back(t, w->last.set,
		did->plan && did->plan->way_out ? did->plan->way_out : way_out);
	return 0;
}

static int next_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	const struct apply_arg *did = arg;
	struct state *s = state;

	s->way = did->way;
	s->plan = did->plan;
	return text_page_enter(w, next_fill, state, arg, err);
}

static void next_page_key(struct wizard *w, void *state, enum action action)
{
	const struct state *s = state;

	text_page_key(w, state, action);
	if (action == ACTION_NEXT)
		wizard_home(w);
	else if (action == ACTION_EXPORT && s->plan)
		wizard_open(w, &page_export, &(struct export_arg){ .plan = s->plan });
	else if (action == ACTION_UNDO)
		wizard_open(w, &page_undo, NULL);
}

static bool next_offers(
	const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	if (action == ACTION_EXPORT)
		return s->plan && s->plan->n_chosen;
	return action != ACTION_UNDO || s->way != WAY_UNDO;
}

static enum way next_way(const void *state)
{
	return ((const struct state *)state)->way;
}

const struct page page_next = {
	.title = "What comes next",
	.keys = KEYS_NEXT,
	.state_size = sizeof(struct state),
	.enter = next_enter,
	.draw = text_page_draw,
	.key = next_page_key,
	.leave = text_page_leave,
	.offers = next_offers,
	.way = next_way,
};

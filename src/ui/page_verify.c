// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether what was promised came true: each device with its reason, and missing words. */
#include "core/base/strv.h"
#include "core/verify/repair.h"
#include "ui/set_words.h"
#include "ui/text_page.h"
#include "backup/set.h"

struct state {
	struct text_page page;
	const struct tree_row *row; /* for the plan */
};

#define ITEM_X 10
#define TEXT_X 25

static const struct {
	enum role role;
	const char *word; /* for one device, or one word */
	const char *text; /* for all of it */
} headlines[] = {
	[EXPECTATION_PENDING] = { ROLE_WARN, "later",
		"Not rebooted since: what was written is not in force yet." },
	[EXPECTATION_MET] = { ROLE_GOOD, "ok",
		"All as promised: every device has the driver that was forecast." },
	[EXPECTATION_STEP] = { ROLE_GOOD, "ok",
		"The IOMMU is on, as promised. Enter and Enter again plans the second step for the devices that were chosen." },
	[EXPECTATION_UNMET] = { ROLE_BAD, "wrong",
		"Not as promised: each line below says what is wrong and what to look at. u on the first page takes back what was written last." },
};

static void add_word(struct styled *t, enum role role, const char *word, const char *item)
{
	styled_column(t, 3);
	styled_add(t, role, word);
	styled_column(t, ITEM_X);
	styled_add(t, ROLE_STRONG, item);
}

static void add_item(struct styled *t, enum expectation_state result, const char *item)
{
	add_word(t, headlines[result].role, headlines[result].word, item);
}

/* Before the reboot, what is wrong is only not there yet, and its reason none. */
static void add_result(
	struct styled *t, const struct result *v, enum expectation_state expectation)
{
	if (v->certain)
		add_item(t, v->why ? expectation : EXPECTATION_MET, v->address);
	else
		add_word(t, ROLE_WARN, "unknown", v->address);
	styled_column(t, TEXT_X);
	styled_add(t, ROLE_TEXT, v->actual ?: "no driver");
	styled_end(t, TEXT_X);
	if (!v->why)
		return;
	styled_column(t, TEXT_X);
	if (expectation == EXPECTATION_PENDING)
		styled_addf(
			t, ROLE_TEXT, "%s with the reboot", v->expected ?: "no driver");
	else
		styled_addf(t, ROLE_TEXT, "promised was %s: %s.",
			v->expected ?: "no driver", v->why);
	styled_end(t, TEXT_X);
}

static void add_words(
	struct styled *t, char *const *missing, enum expectation_state expectation)
{
	if (!missing)
		return;
	styled_heading(t, "Kernel command line");
	strv_foreach (word, missing) {
		add_item(t, expectation, word);
		styled_end(t, ITEM_X);
		styled_line(t, ROLE_TEXT, TEXT_X,
			expectation == EXPECTATION_PENDING
				? "comes with the reboot"
				: "this boot did not have it: the boot loader did not get it, or another entry was booted.");
	}
}

static void add_names(struct styled *t, const struct renames *renames)
{
	if (renames->n)
		styled_heading(t, "Network interfaces with another name now");
	for (size_t i = 0; i < renames->n; i++) {
		styled_column(t, 3);
		styled_addf(t, ROLE_TEXT, "%s:%zu names %s; new is ",
			renames->list[i].path, renames->list[i].line,
			renames->list[i].from);
		strv_foreach (name, renames->list[i].to)
			styled_addf(t, ROLE_STRONG, "%s ", name);
		styled_end(t, 3);
	}
}

static void add_set(struct styled *t, const struct wizard *w, const struct set *set)
{
	autofree char *words = set_words(&w->sets, set);
	char when[32];

	time_show(set->time, when, sizeof(when));
	styled_addf(t, ROLE_HEADING, " What set %s of %s promised", set->id, when);
	styled_end(t, 1);
	styled_column(t, 3);
	styled_add(t, ROLE_DIM, words);
	styled_end(t, 3);
}

static int verify_fill(
	struct wizard *w, struct styled *t, const void *arg UNUSED, struct err *err)
{
	CLEANUP(results_done) struct results results = { 0 };
	const struct set *set = sets_in_force(&w->sets);
	enum expectation_state expectation = w->expectation;
	int r;

	if (!set)
		return err_set(err, -ENOENT,
			"Nothing to verify: nothing that pciferry wrote is in force here.");
	r = verify(&(struct probe){ w->root, w->host }, &set->expects, &results, err);
	if (r < 0)
		return r;
	add_set(t, w, set);
	styled_column(t, 3);
	styled_add(t, headlines[expectation].role,
		expectation == EXPECTATION_MET && results.n_unknown
			? "All that was promised is so. Of what is marked unknown nothing was: its driver was not known before."
			: headlines[expectation].text);
	styled_end(t, 3);
	if (results.n)
		styled_heading(t, "Devices");
	for (size_t i = 0; i < results.n; i++)
		add_result(t, &results.list[i], expectation);
	add_words(t, results.missing, expectation);
	add_names(t, &w->host->renames);
	if (results.iommu && expectation == EXPECTATION_UNMET) {
		styled_heading(t, "IOMMU");
		styled_line(t, ROLE_TEXT, 3, results.iommu);
	}
	return 0;
}

/* The claims that moved, as a choice of their own; the plan shows what it means. */
static void on_repair(struct wizard *w, const struct state *s)
{
	CLEANUP(lost_claims_done) struct lost_claims lost = { 0 };
	const struct set *set = sets_in_force(&w->sets);
	struct err err;

	claims_lost(w->host, &w->host->claims, set ? &set->expects : NULL, &lost);
	if (!lost.n && !w->host->renames.n)
		wizard_say(w, ROLE_TEXT, "Every claim points at its device.");
	else if (request_repair(w->host, &lost, &w->request, &err) < 0)
		wizard_say(w, ROLE_BAD, "%s", err.text);
	else
		wizard_replace(w, &page_plan, s->row);
}

static void verify_key(struct wizard *w, void *state, enum action action)
{
	if (action == ACTION_REPAIR)
		on_repair(w, state);
	else
		text_page_key_or_back(w, state, action);
}

static bool verify_offers(
	const struct wizard *w, const void *state UNUSED, enum action action)
{
	return action != ACTION_REPAIR || w->n_lost || w->host->renames.n;
}

static int verify_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	struct state *s = state;

	s->row = arg;
	return text_page_enter(w, verify_fill, state, arg, err);
}

const struct page page_verify = {
	.title = "Verify",
	.keys = KEYS_VERIFY,
	.state_size = sizeof(struct state),
	.enter = verify_enter,
	.draw = text_page_draw,
	.key = verify_key,
	.leave = text_page_leave,
	.offers = verify_offers,
};

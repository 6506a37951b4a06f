// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan: how each device goes, what stands against it, what the host is like after. */
#include "core/base/strv.h"
#include "core/initramfs/generators.h"
#include "core/loader/loaders.h"
#include "core/plan/request.h"
#include "core/planner/planner.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "ui/choices.h"
#include "ui/methods.h"
#include "ui/names.h"
#include "ui/session.h"
#include "ui/prompt.h"
#include "ui/tree.h"
#include "backup/drift.h"

struct state {
	struct plan *plan; /* for the request */
	struct styled text;
	struct pager pager;
	char marked[24]; /* the chosen device whose method is changed by a key */
	size_t marked_line; /* where it is in the text */
};

/* -- the text -------------------------------------------------------------------- */

static void plan_add_device(struct styled *t, const struct host *host,
	const char *address, const char *word, enum role role)
{
	const struct device *d = host_device(host, address);
	autofree char *name = d && d->name ? name_brief(d->name) : NULL;

	styled_column(t, 3);
	styled_add(t, ROLE_STRONG, address);
	styled_column(t, 18);
	styled_add(t, role, word);
	styled_column(t, 29);
	styled_add(t, ROLE_TEXT, d ? name ?: "unknown device" : "not in this host now");
	styled_end(t, 29);
}

static void add_claims(struct styled *t, const struct wizard *w, struct state *s)
{
	const struct plan *plan = s->plan;

	if (!plan->n_chosen)
		return;
	styled_heading(t, "Hand over to virtual machines");
	for (size_t i = 0; i < plan->n_chosen; i++) {
		const struct plan_claim *c = &plan->chosen[i];

		if (streq(c->address, s->marked)) {
			s->marked_line = t->n;
			styled_column(t, 1);
			styled_add(t, ROLE_KEY, "→");
		}
		plan_add_device(t, w->host, c->address, c->method, ROLE_CHOSEN);
		styled_column(t, 29);
		styled_addf(t, ROLE_DIM, "%s%s",
			method_is_auto(w, c->address) ? "auto: " : "", c->why);
		styled_end(t, 29);
	}
}

static void add_released(
	struct styled *t, const struct wizard *w, const struct plan *plan)
{
	bool any = false;

	for (size_t i = 0; i < w->host->claims.n; i++) {
		const char *address = w->host->claims.list[i].address;

		if (claims_find(&plan->claims, address))
			continue;
		if (!any)
			styled_heading(t, "Give back to this host");
		any = true;
		plan_add_device(t, w->host, address, "released", ROLE_WARN);
	}
}

static const struct {
	const char *letter;
	enum role role;
} severities[] = {
	[FINDING_INFO] = { "i", ROLE_DIM },
	[FINDING_WARNING] = { "!", ROLE_WARN },
	[FINDING_REFUSAL] = { "R", ROLE_BAD },
};

static void add_findings(struct styled *t, const struct plan *plan, enum severity from,
	enum severity to, const char *heading)
{
	bool any = false;

	for (size_t i = 0; i < plan->n_findings; i++) {
		const struct finding *f = &plan->findings[i];

		if (f->severity < from || f->severity > to)
			continue;
		if (!any)
			styled_heading(t, heading);
		any = true;
		styled_column(t, 3);
		styled_add(
			t, severities[f->severity].role, severities[f->severity].letter);
		styled_addf(t, severities[f->severity].role, " %s",
			severity_to_string(f->severity));
		styled_column(t, 14);
		styled_add(t, ROLE_TEXT, f->text);
		styled_end(t, 14);
	}
}

/* -- forecast: one row a device, or one a kernel where kernels differ ------------ */

static const struct forecast *same_everywhere(
	const struct plan *plan, const char *address)
{
	const struct forecast *first = NULL;

	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];

		if (!streq(f->address, address))
			continue;
		if (first && !forecast_same(first, f))
			return NULL;
		first = first ?: f;
	}
	return first;
}

/* Nobody chose it, and it keeps its driver, whichever that is in each kernel. */
static bool stays(const struct plan *plan, const char *address)
{
	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];

		if (streq(f->address, address) && (f->chosen || !forecast_stays(f)))
			return false;
	}
	return true;
}

static void add_forecast(struct styled *t, const struct forecast *f, bool kernel)
{
	bool kept = f->certain && streq_null(f->now, f->after);

	styled_column(t, 3);
	styled_add(t, f->chosen ? ROLE_CHOSEN : ROLE_STRONG, f->address);
	styled_column(t, 18);
	styled_add(t, ROLE_TEXT, f->now ?: "no driver");
	styled_add(t, ROLE_DIM, kept ? " stays" : " → ");
	if (!f->certain)
		styled_addf(t, ROLE_WARN, "not known: %s", f->doubt);
	else if (!kept)
		styled_add(t,
			f->after && streq(f->after, "vfio-pci") ? ROLE_PASSED
								: ROLE_STRONG,
			f->after ?: "no driver");
	if (kernel)
		styled_addf(t, ROLE_DIM, " with kernel %s", f->kernel);
	if (kernel && f->entry)
		styled_addf(t, ROLE_DIM, ", boot entry \"%s\"", f->entry);
	if (f->certain && (!f->chosen || kernel))
		styled_addf(t, ROLE_DIM, " (%s)", f->why);
	styled_end(t, 18);
}

static void add_forecasts(
	struct styled *t, const struct wizard *w, const struct plan *plan)
{
	size_t same = 0;

	styled_heading(t, "Drivers after the reboot");
	for (size_t i = 0; i < w->host->n_devices; i++) {
		const char *address = w->host->devices[i].address;
		const struct forecast *f = same_everywhere(plan, address);

		if (stays(plan, address)) {
			same++;
			continue;
		}
		if (f) {
			add_forecast(t, f, false);
			continue;
		}
		for (size_t j = 0; j < plan->n_forecasts; j++)
			if (streq(plan->forecasts[j].address, address))
				add_forecast(t, &plan->forecasts[j], true);
	}
	styled_column(t, 3);
	if (same == w->host->n_devices)
		styled_add(t, ROLE_TEXT, "Every device keeps the driver it has.");
	else
		styled_addf(t, ROLE_TEXT,
			"All other devices (%zu) keep the driver they have.", same);
	styled_end(t, 3);
}

/* Whether there are lines or words of the user's that a clean-up would take out. */
static bool does_nothing(const struct plan *plan)
{
	return plan_find(plan, FOUND_FOLKLORE, NULL) ||
	       plan_find(plan, FOUND_MISPLACED, NULL);
}

static void add_what(struct styled *t, const struct wizard *w, const struct plan *plan)
{

	styled_heading(t, "What will be done");
	styled_column(t, 3);
	if (plan->instructions && plan_is_empty(plan))
		styled_add(t, ROLE_WARN,
			"Nothing by pciferry: see what is to be done by hand.");
	else if (plan_is_empty(plan))
		styled_add(
			t, ROLE_GOOD, "Nothing to change: this host is as you want it.");
	else
		styled_addf(t, ROLE_TEXT,
			"%zu file%s to write and %zu command%s to run; Enter shows every line.",
			PLURAL(plan->steps.n_changes), PLURAL(plan->steps.n_commands));
	styled_end(t, 3);
	styled_column(t, 3);
	if (plan->existing_pt)
		styled_add(t, ROLE_DIM, "iommu=pt is on your own kernel command line.");
	else
		styled_addf(t, ROLE_DIM, "iommu=pt is %s (i changes it).",
			w->request.claims.iommu_pt ? "asked for" : "not asked for");
	styled_end(t, 3);
	if (w->request.claims.acs_override) {
		styled_column(t, 3);
		styled_addf(t, ROLE_DIM, "pcie_acs_override=%s is asked for.",
			w->request.claims.acs_override);
		styled_end(t, 3);
	}
	if (does_nothing(plan))
		styled_line(t, ROLE_DIM, 3,
			w->request.clean
				? "What of yours does nothing is taken out (c leaves it)."
				: "What of yours does nothing is left (c takes it out).");
}

static void add_instructions(struct styled *t, const struct plan *plan)
{
	if (plan->instructions)
		styled_heading(t, "To be done by hand");
	strv_foreach (text, plan->instructions)
		for (const char *line = text; *line;
			line += strcspn(line, "\n"), line += *line == '\n') {
			styled_column(t, 3);
			styled_addf(t, *line == '#' ? ROLE_DIM : ROLE_STRONG, "%.*s",
				(int)strcspn(line, "\n"), line);
			styled_end(t, 5);
		}
}

static void add_notes(struct styled *t, const struct host *host)
{
	if (host->notes)
		styled_heading(t, "Seen while reading this host");
	strv_foreach (note, host->notes)
		styled_line(t, ROLE_TEXT, 3, note);
}

static void plan_fill(struct wizard *w, struct state *s)
{
	const struct plan *plan = s->plan;
	struct styled *t = &s->text;

	styled_done(t);
	add_findings(t, plan, FINDING_REFUSAL, FINDING_REFUSAL,
		"This stands against it: nothing can be written");
	add_instructions(t, plan);
	if (plan_is_empty(plan))
		add_what(t, w, plan);
	add_claims(t, w, s);
	add_released(t, w, plan);
	add_findings(t, plan, FINDING_WARNING, FINDING_WARNING, "Mind this");
	add_forecasts(t, w, plan);
	if (!plan_is_empty(plan))
		add_what(t, w, plan);
	add_findings(t, plan, FINDING_INFO, FINDING_INFO, "Good to know");
	add_notes(t, w->host);
}

/* -- the page -------------------------------------------------------------------- */

static const struct plan_claim *marked_claim(const struct state *s)
{
	for (size_t i = 0; i < s->plan->n_chosen; i++)
		if (streq(s->plan->chosen[i].address, s->marked))
			return &s->plan->chosen[i];
	return NULL;
}

/* The chosen device that is next after the marked one (step 1 or -1), if any is there. */
static void mark(struct state *s, size_t step)
{
	const struct plan *plan = s->plan;
	const struct plan_claim *now = marked_claim(s);
	size_t at = now ? (size_t)(now - plan->chosen) : plan->n_chosen - 1;

	for (size_t i = 0; i < plan->n_chosen; i++) {
		at = (at + plan->n_chosen + step) % plan->n_chosen;
		if (!plan->chosen[at].present)
			continue;
		(void)snprintf(
			s->marked, sizeof(s->marked), "%s", plan->chosen[at].address);
		return;
	}
}

static int rebuild(struct wizard *w, struct state *s, struct err *err)
{
	int r;

	plan_free(s->plan);
	s->plan = plan_build(w->host, &w->request);
	r = backup_warn(w->root, s->plan, err);
	if (r < 0)
		return r;
	if (!marked_claim(s))
		mark(s, 1);
	plan_fill(w, s);
	return 0;
}

static void again(struct wizard *w, struct state *s)
{
	struct err err;
	int r = rebuild(w, s, &err);

	if (r < 0) {
		wizard_say(w, ROLE_BAD, "%s", err.text);
		wizard_fail(w, r);
	}
}

static void on_iommu_pt(struct wizard *w, struct state *s)
{
	w->request.claims.iommu_pt = !w->request.claims.iommu_pt;
	again(w, s);
	if (s->plan && s->plan->existing_pt)
		return wizard_say(w, ROLE_TEXT,
			"iommu=pt is on your own kernel command line, and stays there.");
	wizard_say(w, ROLE_TEXT,
		w->request.claims.iommu_pt
			? "iommu=pt is asked for: devices of the host skip translation, which is faster."
			: "iommu=pt is not asked for.");
}

static void on_clean(struct wizard *w, struct state *s)
{
	w->request.clean = !w->request.clean;
	again(w, s);
	wizard_say(w, ROLE_TEXT,
		w->request.clean ? "What of yours does nothing is taken out."
				 : "What of yours does nothing is left as it is.");
}

/* The boot loader's next candidate; after the last one, none is chosen again. */
static void on_choice(struct wizard *w, struct state *s, choose_fn *choose)
{
	autofree char *say =
		choose(&(struct probe){ w->root, w->host }, &w->request.claims);

	again(w, s);
	wizard_say(w, ROLE_TEXT, "%s", say);
}

static void show_marked(struct wizard *w, struct state *s)
{
	int width = term_size().w;

	again(w, s);
	pager_reveal_line(&s->pager, &s->text, s->marked_line, width);
}

static void on_device_next(struct wizard *w, struct state *s)
{
	mark(s, 1);
	show_marked(w, s);
}

static void on_device_back(struct wizard *w, struct state *s)
{
	mark(s, (size_t)-1);
	show_marked(w, s);
}

static void on_method(struct wizard *w, struct state *s)
{
	const struct finding *unfit;

	if (!marked_claim(s)) {
		wizard_say(w, ROLE_TEXT,
			"No device is chosen: there is no method to choose.");
		return;
	}
	method_cycle(w, s->marked);
	show_marked(w, s);
	unfit = plan_find(s->plan, FOUND_METHOD_UNFIT, s->marked);
	if (unfit)
		wizard_say(w, ROLE_BAD, "%s", unfit->text);
}

static void accept_word(struct wizard *w, struct state *s, const char *word)
{
	for (size_t i = 0; i < s->plan->n_findings; i++) {
		const char *name = finding_accept_name(&s->plan->findings[i]);

		if (!name || !streq(name, word))
			continue;
		strv_add_new(&w->request.accepted, name);
		again(w, s);
		wizard_say(w, ROLE_WARN, "Accepted by its word, \"%s\".", word);
		return;
	}
	wizard_say(
		w, ROLE_WARN, "Nothing accepted: \"%s\" is not one of the words.", word);
}

static void add_refusals(struct styled *t, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++) {
		const char *word = finding_accept_name(&plan->findings[i]);

		if (!word)
			continue;
		styled_add(t, ROLE_STRONG, word);
		styled_column(t, 12);
		styled_add(t, ROLE_TEXT, plan->findings[i].text);
		styled_end(t, 12);
	}
}

static void on_accept(struct wizard *w, struct state *s)
{
	autostyled struct styled t = { 0 };
	char answer[PROMPT_SIZE];

	styled_line(&t, ROLE_BAD, 0, "This stands against it:");
	add_refusals(&t, s->plan);
	if (t.n == 1)
		wizard_say(w, ROLE_TEXT,
			plan_refusal(s->plan)
				? "What stands against this plan cannot be accepted away."
				: "Nothing stands against this plan.");
	else if (ask_word(w, &t, "Type the word of the one that may go:", answer))
		accept_word(w, s, answer);
}

/* "alice", "@kvm" for a group, "-" for nobody. */
static bool give(struct wizard *w, const char *who)
{
	const char *group = after_prefix(who, "@"), *user = group ? NULL : who;

	if (!claim_account_valid(group ?: who) && !streq(who, "-"))
		return false;
	if (streq(who, "-"))
		user = NULL;
	request_give(w->host, &w->request, NULL, user, group);
	return true;
}

static void on_access(struct wizard *w, struct state *s)
{
	char who[PROMPT_SIZE], memory[PROMPT_SIZE];

	if (!ask_line(w, "User who may use them (@NAME: a group, -: nobody):", who))
		return;
	if (!give(w, who)) {
		wizard_say(w, ROLE_WARN, "\"%s\" is no name of a user or group.", who);
		return;
	}
	if (!streq(who, "-") &&
		ask_line(w, "Memory of their virtual machine, such as 16G:", memory) &&
		!claims_parse_memory(memory, &w->request.claims.memory_mib)) {
		again(w, s);
		wizard_say(
			w, ROLE_WARN, "\"%s\" is no size such as 16G or 512M.", memory);
		return;
	}
	again(w, s);
}

static void on_next(struct wizard *w, struct state *s)
{
	if (plan_is_empty(s->plan))
		wizard_say(w, ROLE_TEXT, "Nothing to change, so nothing to review.");
	else
		wizard_open(w, &page_diff, s->plan);
}

static const struct {
	enum action action;
	void (*act)(struct wizard *w, struct state *s);
	choose_fn *choose; /* or this, and the plan anew */
} acts[] = {
	{ ACTION_IOMMU_PT, on_iommu_pt, NULL },
	{ ACTION_CLEAN, on_clean, NULL },
	{ ACTION_LOADER, NULL, choose_loader },
	{ ACTION_INITRAMFS, NULL, choose_initramfs },
	{ ACTION_ACS_OVERRIDE, NULL, choose_acs_override },
	{ ACTION_ACCEPT, on_accept, NULL },
	{ ACTION_ACCESS, on_access, NULL },
	{ ACTION_METHOD, on_method, NULL },
	{ ACTION_DEVICE_NEXT, on_device_next, NULL },
	{ ACTION_DEVICE_BACK, on_device_back, NULL },
	{ ACTION_NEXT, on_next, NULL },
};

static void plan_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (pager_move(&s->pager, action))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (acts[i].action == action && acts[i].act)
			return acts[i].act(w, s);
		else if (acts[i].action == action)
			return on_choice(w, s, acts[i].choose);
}

static void plan_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text, body);
	(void)pager_position(&s->pager, w->position);
}

static void plan_leave(void *state)
{
	struct state *s = state;

	styled_done(&s->text);
	plan_free(s->plan);
}

static int plan_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	const struct tree_row *row = arg;
	const struct device *d = row ? row->device : NULL;
	struct state *s = state;

	if (d && request_has(&w->request, d->address))
		(void)snprintf(s->marked, sizeof(s->marked), "%s", d->address);
	return rebuild(w, s, err);
}

static bool has_acceptable(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (finding_accept_name(&plan->findings[i]))
			return true;
	return false;
}

static bool plan_offers(const struct wizard *w, const void *state, enum action action)
{
	const struct state *s = state;

	switch (action) {
	case ACTION_NEXT:
		return !plan_is_empty(s->plan);
	case ACTION_ACCESS:
	case ACTION_METHOD:
		return s->plan->n_chosen > 0;
	case ACTION_DEVICE_NEXT:
		return s->plan->n_chosen > 1;
	case ACTION_ACCEPT:
		return has_acceptable(s->plan);
	case ACTION_LOADER:
		return loader_conflict(w->host);
	case ACTION_INITRAMFS:
		return initramfs_conflict(w->host);
	default:
		return true;
	}
}

const struct page page_plan = {
	.title = "Plan",
	.keys = KEYS_PLAN,
	.state_size = sizeof(struct state),
	.enter = plan_enter,
	.draw = plan_draw,
	.key = plan_key,
	.leave = plan_leave,
	.offers = plan_offers,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* Without a reboot: the group under the cursor to vfio-pci, or back from there. */
#include "core/base/strv.h"
#include "core/planner/bind.h"
#include "core/scan/scan.h"
#include "ui/changes.h"
#include "ui/page_apply.h"
#include "ui/session.h"
#include "ui/prompt.h"
#include "ui/tree.h"
#include "backup/set.h"

struct state {
	struct styled text;
	struct pager pager;
	struct plan *plan;
	bool back;
};

static void bind_leave(void *state)
{
	struct state *s = state;

	styled_done(&s->text);
	plan_free(s->plan);
}

/* -- the text ---------------------------------------------------------------------- */

static void add_findings(struct styled *t, const struct plan *plan)
{
	static const struct {
		const char *word;
		enum role role;
	} severities[] = {
		[FINDING_INFO] = { "Note: ", ROLE_DIM },
		[FINDING_WARNING] = { "Warning: ", ROLE_WARN },
		[FINDING_REFUSAL] = { "Refused: ", ROLE_BAD },
	};

	if (plan->n_findings)
		styled_heading(t, "What is to be said");
	for (size_t i = 0; i < plan->n_findings; i++) {
		const struct finding *f = &plan->findings[i];

		styled_column(t, 3);
		styled_add(t, severities[f->severity].role, severities[f->severity].word);
		styled_add(t, ROLE_TEXT, f->text);
		styled_end(t, 5);
	}
}

static void bind_fill(struct state *s)
{
	struct styled *t = &s->text;

	styled_add(t, ROLE_HEADING,
		s->back ? " Back to the host's own driver" : " To vfio-pci");
	styled_end(t, 1);
	changes_text_moves(t, s->plan->steps.moves, s->plan->steps.n_moves);
	if (!s->plan->steps.n_moves)
		styled_line(t, ROLE_TEXT, 3, "Nothing to move: it is so already.");
	add_findings(t, s->plan);
	styled_heading(t, "What happens");
	styled_line(t, ROLE_TEXT, 3,
		"All of these move, or none: where one fails, the others go back. It lasts until the next boot, which goes by the claims; u undoes it.");
}

/* -- the plan ---------------------------------------------------------------------- */

static int bind_make_plan(
	struct wizard *w, const struct device *d, struct state *s, struct err *err)
{
	CLEANUP(bind_request_done)
	struct bind_request request = { .back = device_is_passed(d) };
	int r = bind_choose(w->host, &request, d, err);

	if (r < 0)
		return r;
	request.request.accepted = strv_copy(w->request.accepted);
	if (request.back)
		request.homes = sets_homes(&w->sets, &request.request.claims);
	scan_more(&(struct probe){ w->root, w->host },
		&(struct more){ .uses_of = &request.request.claims });
	s->back = request.back;
	s->plan = bind_build(w->host, &request);
	return 0;
}

static int bind_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	const struct device *d = tree_row_device(w->host, arg);
	int r;

	if (!d)
		return err_set(err, -ENOENT, "Go to a device, or a group with one.");
	r = bind_make_plan(w, d, state, err);
	if (r == 0)
		bind_fill(state);
	return r;
}

/* -- keys -------------------------------------------------------------------------- */

static void bind_on_write(struct wizard *w, struct state *s)
{
	autostyled struct styled t = { 0 };

	if (wizard_refuses(w, s->plan, "move it"))
		return;
	styled_addf(&t, ROLE_STRONG, "%zu device%s will move now.",
		PLURAL(s->plan->steps.n_moves));
	styled_end(&t, 0);
	if (!ask_to_go_on(w, &t, "moved"))
		return;
	wizard_open(w, &page_apply, &(struct apply_arg){ .plan = s->plan });
}

static void bind_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (pager_move(&s->pager, action))
		return;
	if (action == ACTION_WRITE)
		bind_on_write(w, s);
	else if (action == ACTION_WRITE_HINT)
		wizard_say(w, ROLE_TEXT, "To move it takes the capital W.");
}

static void bind_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text, body);
	(void)pager_position(&s->pager, w->position);
}

static bool bind_offers(
	const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	return action != ACTION_WRITE ||
	       (s->plan->steps.n_moves && !plan_refusal(s->plan));
}

const struct page page_bind = {
	.title = "Without a reboot",
	.keys = KEYS_BIND,
	.state_size = sizeof(struct state),
	.enter = bind_enter,
	.draw = bind_draw,
	.key = bind_key,
	.leave = bind_leave,
	.offers = bind_offers,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* The review: every line that would be written, every command, and the question. */
#include "ui/changes.h"
#include "ui/page_apply.h"
#include "ui/session.h"
#include "ui/prompt.h"
#include "backup/artifact.h"

struct state {
	const struct plan *plan; /* of the page below */
	struct changes_text text;
	struct pager pager;
};

static void diff_leave(void *state)
{
	struct state *s = state;

	changes_text_done(&s->text);
}

static int diff_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	struct state *s = state;
	const struct plan *plan = arg;
	const char *way_back = backup_way_back(w->root, plan);
	int r = changes_text_add(
		&s->text, plan->steps.changes, plan->steps.n_changes, err);

	s->plan = plan;
	if (r < 0)
		return r;
	changes_text_commands(&s->text, plan->steps.commands, plan->steps.n_commands);
	if (way_back)
		styled_line(&s->text.text, ROLE_TEXT, 3, way_back);
	changes_text_moves(&s->text.text, plan->steps.moves, plan->steps.n_moves);
	return 0;
}

static void diff_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text.text, body);
	(void)pager_position(&s->pager, w->position);
}

static void diff_on_write(struct wizard *w, const struct plan *plan)
{
	autostyled struct styled t = { 0 };

	if (wizard_refuses(w, plan, "write"))
		return;
	styled_addf(&t, ROLE_STRONG, "%zu file%s will be written",
		PLURAL(plan->steps.n_changes));
	if (plan->steps.n_commands)
		styled_addf(&t, ROLE_STRONG,
			w->options->no_run ? ", and %zu command%s listed for you to run"
					   : ", then %zu command%s run",
			PLURAL(plan->steps.n_commands));
	styled_add(&t, ROLE_STRONG, ".");
	styled_end(&t, 0);
	styled_line(&t, ROLE_TEXT, 0,
		"A backup of every file is kept first. If anything fails, all of it is put back; later, u undoes it.");
	if (!ask_to_go_on(w, &t, "written"))
		return;
	wizard_open(w, &page_apply, &(struct apply_arg){ .plan = plan });
}

static void diff_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;
	int width = term_size().w;

	if (pager_move(&s->pager, action))
		return;
	if (action == ACTION_WRITE)
		diff_on_write(w, s->plan);
	else if (action == ACTION_WRITE_HINT)
		wizard_say(w, ROLE_TEXT, "To write it takes the capital W.");
	else if (action == ACTION_FILE_NEXT || action == ACTION_FILE_BACK)
		changes_text_jump(
			&s->text, &s->pager, action == ACTION_FILE_NEXT ? 1 : -1, width);
}

static bool diff_offers(
	const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	return action != ACTION_FILE_NEXT || s->text.n_files > 1;
}

const struct page page_diff = {
	.title = "Review",
	.keys = KEYS_DIFF,
	.state_size = sizeof(struct state),
	.enter = diff_enter,
	.draw = diff_draw,
	.key = diff_key,
	.leave = diff_leave,
	.offers = diff_offers,
};

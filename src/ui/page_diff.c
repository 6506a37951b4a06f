// SPDX-License-Identifier: GPL-2.0-or-later
/* The review: every line that would be written, every command, and the question. */
#include "ui/changes.h"
#include "ui/page.h"
#include "ui/prompt.h"

struct state {
	struct changes_text text;
	struct pager pager;
};

static void leave(void *state)
{
	struct state *s = state;

	changes_text_done(&s->text);
	free(s);
}

static int fill(const struct wizard *w, struct state *s, struct err *err)
{
	int r = changes_text_add(&s->text, w->plan->changes, w->plan->n_changes, err);

	if (r < 0)
		return r;
	changes_text_commands(&s->text, w->plan->commands, w->plan->n_commands);
	changes_text_moves(&s->text.text, w->plan->moves, w->plan->n_moves);
	return styled_check(&s->text.text, err);
}

static int enter(struct wizard *w, void **ret, struct err *err)
{
	struct state *s = calloc(1, sizeof(*s));
	int r = s ? fill(w, s, err) : err_oom(err);

	if (r < 0) {
		if (s)
			leave(s);
		return r;
	}
	*ret = s;
	return 0;
}

static void draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text.text, body);
	(void)pager_position(&s->pager, w->position);
}

/* Why it cannot be written now, said; false where it can. */
static bool refused(struct wizard *w)
{
	const struct finding *f = plan_refusal(w->plan);

	if (f)
		wizard_say(w, ROLE_BAD, "Refused: %s", f->text);
	else if (!w->host->root_user)
		wizard_say(w, ROLE_WARN,
			"Only root can write: quit, and start it with \"sudo "
			"pciferry\".");
	else
		return false;
	return true;
}

static void on_write(struct wizard *w)
{
	const struct plan *plan = w->plan;
	autostyled struct styled t = { 0 };
	char answer[PROMPT_SIZE];

	if (refused(w))
		return;
	styled_addf(
		&t, ROLE_STRONG, "%zu file%s will be written", PLURAL(plan->n_changes));
	styled_addf(&t, ROLE_STRONG,
		w->options->no_run ? ", and %zu command%s listed for you to run."
				   : ", then %zu command%s run.",
		PLURAL(plan->n_commands));
	styled_end(&t, 0);
	styled_line(&t, ROLE_TEXT, 0,
		"A backup of every file is kept first. If anything fails, all of it is "
		"put back; "
		"later, u undoes it.");
	if (!ask_word(w, &t, "Type yes to go on:", answer))
		wizard_say(w, ROLE_TEXT, "Nothing was written.");
	else if (!streq(answer, "yes"))
		wizard_say(w, ROLE_WARN,
			"Nothing was written: it takes the whole word \"yes\".");
	else {
		w->job.restore = w->job.again = false;
		wizard_push(w, &page_apply);
	}
}

static void key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;
	int width = term_size().w;

	if (pager_move(&s->pager, action))
		return;
	if (action == ACTION_WRITE)
		on_write(w);
	else if (action == ACTION_WRITE_HINT)
		wizard_say(w, ROLE_TEXT, "To write it takes the capital W.");
	else if (action == ACTION_FILE_NEXT || action == ACTION_FILE_BACK)
		changes_text_jump(
			&s->text, &s->pager, action == ACTION_FILE_NEXT ? 1 : -1, width);
}

static bool offers(const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	return action != ACTION_FILE_NEXT || s->text.n_files > 1;
}

const struct page page_diff = {
	.title = "Review",
	.keys = KEYS_DIFF,
	.enter = enter,
	.draw = draw,
	.key = key,
	.leave = leave,
	.offers = offers,
};

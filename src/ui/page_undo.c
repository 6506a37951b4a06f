// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Undo: what the newest set changed, or the one picked in the history, how it will be
 * again, and the question. To undo an undo is to do again what that had taken back.
 */
#include "backup/preview.h"
#include "ui/changes.h"
#include "ui/page.h"
#include "ui/prompt.h"
#include "ui/set_words.h"

struct state {
	struct changes_text text;
	struct pager pager;
	const struct set *set; /* in w->sets */
	size_t n_changes, n_moves;
	bool blocked; /* it cannot be put back as it is; the text says why */
};

static void leave(void *state)
{
	struct state *s = state;

	changes_text_done(&s->text);
	free(s);
}

static void add_row(
	struct styled *t, const char *label, enum role role, const char *value)
{
	styled_column(t, 3);
	styled_add(t, ROLE_DIM, label);
	styled_column(t, 13);
	styled_add(t, role, value);
	styled_end(t, 13);
}

static void add_heading(struct styled *t, struct wizard *w, const struct set *set)
{
	const char *origin;
	enum set_deed deed = set_deed(&w->sets, set, &origin);

	w->redo = deed == SET_UNDOES;
	if (deed == SET_UNDOES)
		styled_addf(t, ROLE_HEADING,
			" Redo: do again what set %s changed; its undo, set %s, is taken "
			"back",
			origin, set->id);
	else if (deed == SET_REDOES)
		styled_addf(t, ROLE_HEADING,
			" Put back what set %s did again: the changes of set %s", set->id,
			origin);
	else
		styled_addf(t, ROLE_HEADING, " Put back what set %s changed", set->id);
	styled_end(t, 1);
}

static int add_set(
	struct styled *t, struct wizard *w, const struct set *set, struct err *err)
{
	autofree char *words = set_words(&w->sets, set);
	char when[32];

	if (!words)
		return err_oom(err);
	time_show(set->time, when, sizeof(when));
	add_heading(t, w, set);
	add_row(t, "Written", ROLE_TEXT, when);
	add_row(t, "What for", ROLE_TEXT, words);
	add_row(t, "State", set->state == SET_APPLIED ? ROLE_TEXT : ROLE_WARN,
		set_state_shown(set));
	return 0;
}

/* Without a diff, at least what it is about. */
static int add_problem(struct styled *t, const struct set *set, const struct err *problem,
	struct err *err)
{
	styled_heading(t, "It cannot be put back as it is");
	styled_line(t, ROLE_BAD, 3, problem->text);
	if (set->n_files)
		styled_heading(t, "Its files");
	for (size_t i = 0; i < set->n_files; i++) {
		styled_column(t, 3);
		styled_add(t, ROLE_TEXT, set->files[i].path);
		styled_addf(t, ROLE_DIM, "  %s", set->files[i].why ?: "");
		styled_end(t, 5);
	}
	return styled_check(t, err);
}

/* What it changes; 0 with "blocked" where it cannot be done. */
static int add_preview(
	struct wizard *w, struct state *s, const struct preview *preview, struct err *err)
{
	struct err problem;
	int r = preview_clean(w->root, s->set, preview, &problem);

	if (r < 0) {
		s->blocked = true;
		return add_problem(&s->text.text, s->set, &problem, err);
	}
	s->n_changes = preview->n_changes;
	s->n_moves = preview->n_moves;
	r = changes_text_add(&s->text, preview->changes, preview->n_changes, err);
	if (r < 0)
		return r;
	if (!s->n_changes && !s->n_moves)
		styled_heading(&s->text.text, "Every file is already as it was before");
	changes_text_commands(&s->text, s->set->commands, s->set->n_commands);
	changes_text_moves(&s->text.text, preview->moves, preview->n_moves);
	return styled_check(&s->text.text, err);
}

static int fill(struct wizard *w, struct state *s, struct err *err)
{
	const struct backup_options options = { .no_run = w->options->no_run };
	CLEANUP(preview_done) struct preview preview = { 0 };
	struct err problem;
	int r = add_set(&s->text.text, w, s->set, err);

	if (r < 0)
		return r;
	r = set_is_settled(&w->sets, s->set, &problem);
	if (r == 0)
		r = backup_preview(w->root, s->set, &options, &preview, &problem);
	if (r == -ENOMEM)
		return err_oom(err);
	if (r < 0) {
		s->blocked = true;
		return add_problem(&s->text.text, s->set, &problem, err);
	}
	return add_preview(w, s, &preview, err);
}

/* Sets as they are now: one may have been made since the host was read. */
static int find_set(struct wizard *w, struct state *s, struct err *err)
{
	char pick[sizeof(w->pick)];
	int r = wizard_rescan_sets(w, err);

	memcpy(pick, w->pick, sizeof(pick));
	w->pick[0] = '\0';
	if (r < 0)
		return r;
	s->set = pick[0] ? sets_find(&w->sets, pick) : sets_newest(&w->sets);
	if (s->set)
		return 0;
	return pick[0] ? err_set(err, -ENOENT, "Set %s is not there any more.", pick)
		       : err_set(err, -ENOENT, "There is nothing to undo.");
}

static int enter(struct wizard *w, void **ret, struct err *err)
{
	struct state *s = calloc(1, sizeof(*s));
	int r = s ? find_set(w, s, err) : err_oom(err);

	if (r == 0)
		r = fill(w, s, err);
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

static void on_write(struct wizard *w, struct state *s)
{
	autostyled struct styled t = { 0 };
	char answer[PROMPT_SIZE];

	if (s->blocked) {
		wizard_say(w, ROLE_BAD, "It cannot be put back as it is: see above.");
		return;
	}
	if (!w->host->root_user) {
		wizard_say(w, ROLE_WARN,
			"Only root can put it back: quit, and start it with \"sudo "
			"pciferry\".");
		return;
	}
	styled_addf(&t, ROLE_STRONG,
		w->redo ? "%zu file%s will be written again, then %zu command%s run."
			: "%zu file%s will be put back, then %zu command%s run.",
		PLURAL(s->n_changes), PLURAL(s->set->n_commands));
	if (s->n_moves)
		styled_addf(&t, ROLE_STRONG, " %zu device%s will move now.",
			PLURAL(s->n_moves));
	styled_end(&t, 0);
	if (!ask_word(w, &t, "Type yes to go on:", answer))
		wizard_say(w, ROLE_TEXT, "Nothing was changed.");
	else if (!streq(answer, "yes"))
		wizard_say(w, ROLE_WARN,
			"Nothing was changed: it takes the whole word \"yes\".");
	else {
		w->job.restore = true;
		w->job.what = s->set;
		w->job.again = w->redo;
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
		on_write(w, s);
	else if (action == ACTION_WRITE_HINT)
		wizard_say(w, ROLE_TEXT, "To put it back it takes the capital W.");
	else if (action == ACTION_FILE_NEXT || action == ACTION_FILE_BACK)
		changes_text_jump(
			&s->text, &s->pager, action == ACTION_FILE_NEXT ? 1 : -1, width);
}

static bool offers(const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	if (action == ACTION_FILE_NEXT)
		return s->text.n_files > 1;
	return action != ACTION_WRITE || !s->blocked;
}

const struct page page_undo = {
	.title = "Undo",
	.keys = KEYS_UNDO,
	.enter = enter,
	.draw = draw,
	.key = key,
	.leave = leave,
	.offers = offers,
};

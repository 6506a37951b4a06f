// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Undo: what the newest set changed, or the one picked in the history, how it will be
 * again, and the question. To undo an undo is to do again what that had taken back.
 */
#include "backup/restore_plan.h"
#include "core/planner/planner.h"
#include "ui/changes.h"
#include "ui/page_apply.h"
#include "ui/session.h"
#include "ui/prompt.h"
#include "ui/set_words.h"
#include "backup/restore.h"
#include "backup/resume.h"
#include "backup/store.h"

struct state {
	struct changes_text text;
	struct pager pager;
	char id[24]; /* of the set; "": the newest */
	const struct set *set; /* in w->sets */
	bool redo; /* it is an undo, and what that took back is done again */
	size_t n_changes, n_commands, n_moves;
	bool resume; /* it was cut short: the work on it goes on, ... */
	enum resume where; /* ... to its end or back, never RESUME_UNDO */
	bool blocked; /* it cannot be put back as it is; the text says why */
	struct choice *choices; /* for files that others have changed since, owned */
	size_t n_choices, choice_at;
};

static void drop_choices(struct state *s)
{
	for (size_t i = 0; i < s->n_choices; i++)
		free((char *)s->choices[i].path);
	free(TAKE(s->choices));
	s->n_choices = s->choice_at = 0;
}

static void undo_leave(void *state)
{
	struct state *s = state;

	changes_text_done(&s->text);
	drop_choices(s);
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

static void add_cut_short(struct styled *t, const struct state *s)
{
	bool finish = s->where == RESUME_FINISH;

	styled_addf(t, ROLE_HEADING, " Set %s was cut short: %s", s->set->id,
		finish ? "finish it" : "put it back");
	styled_end(t, 1);
	styled_addf(t, ROLE_TEXT,
		" This is what %s changes; f shows the other way. Nothing else can be written before.",
		finish ? "finishing it" : "putting it back");
	styled_end(t, 1);
}

static void add_heading(struct styled *t, const struct set *set)
{
	enum set_deed deed = set_deed(set);

	if (deed == SET_UNDOES)
		styled_addf(t, ROLE_HEADING,
			" Redo: do again what set %s changed; its undo, set %s, is taken back",
			set->origin, set->id);
	else if (deed == SET_REDOES)
		styled_addf(t, ROLE_HEADING,
			" Put back what set %s did again: the changes of set %s", set->id,
			set->origin);
	else
		styled_addf(t, ROLE_HEADING, " Put back what set %s changed", set->id);
	styled_end(t, 1);
}

static void add_set(const struct wizard *w, struct state *s)
{
	struct styled *t = &s->text.text;
	const struct set *set = s->set;
	autofree char *words = set_words(&w->sets, set);
	char when[32];

	time_show(set->time, when, sizeof(when));
	if (s->resume)
		add_cut_short(t, s);
	else
		add_heading(t, set);
	add_row(t, "Written", ROLE_TEXT, when);
	add_row(t, "What for", ROLE_TEXT, words);
	add_row(t, "State", set->state == SET_APPLIED ? ROLE_TEXT : ROLE_WARN,
		set_state_shown(set));
}

/* What it changed when it was written; without a diff, at least which files. */
static int add_problem(const struct wizard *w, struct state *s, const struct err *problem,
	struct err *err)
{
	const struct set *set = s->set;
	struct styled *t = &s->text.text;
	CLEANUP(steps_done) struct steps steps = { 0 };
	struct err damage;
	int r = store_read_steps(w->root, set, &steps, &damage);

	styled_heading(t, "It cannot be put back as it is");
	styled_line(t, ROLE_BAD, 3, problem->text);
	if (set->n_files)
		styled_heading(t, r < 0 ? "Its files" : "What it changed");
	for (size_t i = 0; r < 0 && i < set->n_files; i++)
		styled_line(t, ROLE_TEXT, 3, set->files[i].path);
	return changes_text_add(&s->text, steps.changes, steps.n_changes, err);
}

/* Adds the files in conflict to the choices. They stay there when the choice is made, so
 * that it can still be changed. */
static void note_conflicts(struct state *s, const struct restore_plan *restore_plan)
{
	for (size_t i = 0; i < restore_plan->n_conflicts; i++) {
		const char *path = restore_plan->conflicts[i].path;
		bool known = false;

		for (size_t j = 0; j < s->n_choices; j++)
			known |= streq(s->choices[j].path, path);
		if (known)
			continue;
		GROW(s->choices, s->n_choices);
		s->choices[s->n_choices].path = xstrdup(path);
		s->n_choices++;
	}
}

static const struct {
	const char *words;
	enum role role;
} resolutions[] = {
	[RESOLVE_NOT] = { "not chosen yet: press c", ROLE_BAD },
	[RESOLVE_THEIRS] = { "theirs: these lines stay as they are now", ROLE_TEXT },
	[RESOLVE_OURS] = { "ours: their change of these lines is lost", ROLE_WARN },
	[RESOLVE_LEAVE] = { "leave: the whole file stays as it is", ROLE_TEXT },
};

static void add_choices(struct styled *t, const struct state *s)
{
	if (!s->n_choices)
		return;
	styled_heading(
		t, "Others have changed lines of this set since; what counts there?");
	for (size_t i = 0; i < s->n_choices; i++) {
		const struct choice *c = &s->choices[i];

		styled_column(t, 1);
		styled_add(t, ROLE_STRONG, i == s->choice_at ? "►" : " ");
		styled_column(t, 3);
		styled_add(t, ROLE_TEXT, c->path);
		styled_addf(t, resolutions[c->resolution].role, "  %s",
			resolutions[c->resolution].words);
		styled_end(t, 5);
	}
}

static int add_preview(const struct wizard *w, struct state *s,
	const struct restore_plan *restore_plan, struct err *err)
{
	autostrv char **kept = NULL;
	int r;

	note_conflicts(s, restore_plan);
	s->blocked = restore_plan->n_conflicts;
	s->n_changes = restore_plan->steps.n_changes;
	s->n_moves = restore_plan->steps.n_moves;
	s->n_commands = restore_plan->steps.n_commands;
	add_choices(&s->text.text, s);
	r = changes_text_add(&s->text, restore_plan->steps.changes,
		restore_plan->steps.n_changes, err);
	if (r < 0)
		return r;
	if (!s->n_changes && !s->n_moves && !s->blocked)
		styled_heading(&s->text.text, "Every file is already as it is to be");
	changes_text_paths(&s->text.text, "Left as others made it, with lines of the set",
		restore_plan->kept);
	changes_text_commands(
		&s->text, restore_plan->steps.commands, restore_plan->steps.n_commands);
	changes_text_paths(&s->text.text, "Comes back from the copies in the set",
		restore_plan->copies);
	changes_text_moves(
		&s->text.text, restore_plan->steps.moves, restore_plan->steps.n_moves);
	kept = plan_users_keep(w->host, &restore_plan->steps);
	if (kept)
		styled_heading(&s->text.text, "Yours, and still there");
	strv_foreach (sentence, kept) {
		styled_column(&s->text.text, 3);
		styled_add(&s->text.text, ROLE_WARN, sentence);
		styled_end(&s->text.text, 5);
	}
	return 0;
}

static int make_preview(const struct wizard *w, const struct state *s,
	struct restore_plan *ret, struct err *err)
{
	const struct backup_options options = { .choices = s->choices,
		.n_choices = s->n_choices };

	if (s->resume)
		return backup_resume_plan(w->root, s->set, s->where, &options, ret, err);
	return backup_restore_plan(w->root, s->set, &options, ret, err);
}

/* Sets as they are now: one may have been made since the host was read. */
static int find_set(struct wizard *w, struct state *s, struct err *err)
{
	int r = wizard_rescan_sets(w, err);

	if (r < 0)
		return r;
	s->set = s->id[0] ? sets_find(&w->sets, s->id) : sets_newest(&w->sets);
	if (!s->set && s->id[0])
		return err_set(err, -ENOENT, "Set %s is not there any more.", s->id);
	if (!s->set)
		return err_set(err, -ENOENT, "There is nothing to undo.");
	(void)snprintf(s->id, sizeof(s->id), "%s", s->set->id);
	return 0;
}

/* A set that was cut short goes back to how the host was before it; an undo that was cut
 * short gets there by being finished. Unless the user has asked for the other way. */
static void take_way(struct state *s)
{
	bool on = s->set->direction == DIRECTION_BACK;

	s->resume = set_unfinished(s->set);
	s->where = s->where ?: on ? RESUME_FINISH : RESUME_BACK;
	s->redo = s->resume ? s->where == RESUME_FINISH && !on
			    : set_deed(s->set) == SET_UNDOES;
}

/* Where it cannot be done, "blocked", and the text says why. */
static int undo_fill(struct wizard *w, struct state *s, struct err *err)
{
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	struct err problem;
	int r = find_set(w, s, err);

	if (r < 0)
		return r;
	take_way(s);
	s->blocked = false;
	add_set(w, s);
	r = set_is_settled(&w->sets, s->set, &problem);
	if (r == 0)
		r = make_preview(w, s, &restore_plan, &problem);
	if (r < 0) {
		s->blocked = true;
		drop_choices(s);
		return add_problem(w, s, &problem, err);
	}
	return add_preview(w, s, &restore_plan, err);
}

static int undo_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	const char *id = arg;
	struct state *s = state;

	(void)snprintf(s->id, sizeof(s->id), "%s", id ?: "");
	return undo_fill(w, s, err);
}

static void undo_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text.text, body);
	(void)pager_position(&s->pager, w->position);
}

static void undo_on_write(struct wizard *w, struct state *s)
{
	autostyled struct styled t = { 0 };

	if (s->blocked) {
		wizard_say(w, ROLE_BAD,
			s->n_choices ? "First choose what counts in each file: c."
				     : "It cannot be put back as it is: see above.");
		return;
	}
	if (wizard_refuses(w, NULL, "put it back"))
		return;
	styled_addf(&t, ROLE_STRONG,
		s->redo ? "%zu file%s will be written again"
			: "%zu file%s will be put back",
		PLURAL(s->n_changes));
	if (s->n_commands)
		styled_addf(&t, ROLE_STRONG, ", then %zu command%s run",
			PLURAL(s->n_commands));
	styled_add(&t, ROLE_STRONG, ".");
	if (s->n_moves)
		styled_addf(&t, ROLE_STRONG, " %zu device%s will move now.",
			PLURAL(s->n_moves));
	styled_end(&t, 0);
	if (!ask_to_go_on(w, &t, "changed"))
		return;
	wizard_open(w, &page_apply,
		&(struct apply_arg){
			.way = s->redo ? WAY_REDO : WAY_UNDO,
			.set = s->set,
			.cut_short = s->resume,
			.resume = s->where,
			.choices = s->choices,
			.n_choices = s->n_choices,
		});
}

/* Fills the page anew for the same set. Where that fails, the page is left: s is gone
 * then. */
static void again(struct wizard *w, struct state *s)
{
	struct err err;
	int r;

	changes_text_done(&s->text);
	s->pager = (struct pager){ 0 };
	r = undo_fill(w, s, &err);
	if (r >= 0)
		return;
	wizard_back(w);
	wizard_say(w, ROLE_BAD, "%s", err.text);
}

static void on_other_way(struct wizard *w, struct state *s)
{
	s->where = s->where == RESUME_FINISH ? RESUME_BACK : RESUME_FINISH;
	again(w, s);
}

static void on_conflict(struct wizard *w, struct state *s)
{
	enum resolution *r = &s->choices[s->choice_at].resolution;

	*r = *r == RESOLVE_LEAVE ? RESOLVE_THEIRS : (enum resolution)(*r + 1);
	again(w, s);
}

static void on_file(struct wizard *w, struct state *s, int step)
{
	if (!s->n_choices)
		return changes_text_jump(&s->text, &s->pager, step, term_size().w);
	s->choice_at = (s->choice_at + s->n_choices + (size_t)step) % s->n_choices;
	again(w, s);
}

static void undo_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (pager_move(&s->pager, action))
		return;
	if (action == ACTION_WRITE)
		undo_on_write(w, s);
	else if (action == ACTION_WRITE_HINT)
		wizard_say(w, ROLE_TEXT, "To put it back it takes the capital W.");
	else if (action == ACTION_FILE_NEXT || action == ACTION_FILE_BACK)
		on_file(w, s, action == ACTION_FILE_NEXT ? 1 : -1);
	else if (action == ACTION_OTHER_WAY && s->resume)
		on_other_way(w, s);
	else if (action == ACTION_CONFLICT && s->n_choices)
		on_conflict(w, s);
}

static bool undo_offers(
	const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	if (action == ACTION_FILE_NEXT)
		return s->text.n_files > 1 || s->n_choices > 1;
	if (action == ACTION_OTHER_WAY)
		return s->resume;
	if (action == ACTION_CONFLICT)
		return s->n_choices;
	return action != ACTION_WRITE || !s->blocked;
}

static enum way undo_way(const void *state)
{
	return ((const struct state *)state)->redo ? WAY_REDO : WAY_UNDO;
}

const struct page page_undo = {
	.title = "Undo",
	.keys = KEYS_UNDO,
	.state_size = sizeof(struct state),
	.enter = undo_enter,
	.draw = undo_draw,
	.key = undo_key,
	.leave = undo_leave,
	.offers = undo_offers,
	.way = undo_way,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Applying a plan or putting a set back. The work is a process of its own (worker.h):
 * what happens to this page or its terminal does not touch it.
 */
#include "ui/frame.h"
#include "ui/page_apply.h"
#include "ui/session.h"
#include "ui/worker.h"
#include "backup/apply.h"
#include "backup/restore.h"
#include "backup/resume.h"
#include "backup/set.h"

#include <signal.h>

#define FRAME_MS 50 /* no more than twenty screens a second */
#define TICK_MS 100
#define OUTPUT_MAX 4000 /* lines kept; the set's log has all of them */
#define OUTPUT_DROP 1000

enum phase { RUNNING, SUCCEEDED, FAILED };

struct state {
	struct apply_arg arg;
	enum phase phase;
	struct styled steps, output;
	struct pager pager; /* of the output */
	size_t index, total; /* of the step under way */
	char failure[1024]; /* why it failed */
	int64_t started, ended, drawn;
	bool quit; /* as soon as it is done */
};

/* -- drawing --------------------------------------------------------------------- */

static const struct {
	const char *words[3]; /* by the way */
	enum role role;
} titles[] = {
	[RUNNING] = { { "Writing the plan", "Putting everything back",
			      "Doing everything again" },
		ROLE_HEADING },
	[SUCCEEDED] = { { "Done: everything is written", "Done: everything is put back",
				"Done: everything is written again" },
		ROLE_GOOD },
	[FAILED] = { { "It failed", "It failed", "It failed" }, ROLE_BAD },
};

static void draw_progress(const struct state *s, int y, int width)
{
	int64_t now = s->phase == RUNNING ? term_clock() : s->ended;
	long seconds = (long)((now - s->started) / 1000);
	size_t done = s->phase == SUCCEEDED ? s->total : s->index;
	int bar = width > 100 ? 40 : 24, x = 1, full;
	char text[96];

	full = s->total ? (int)((size_t)bar * done / s->total) : 0;
	full = full > bar ? bar : full;
	term_fill(y, x, full, s->phase == FAILED ? ROLE_BAD : ROLE_GOOD, "█");
	term_fill(y, x + full, bar - full, ROLE_RULE, "░");
	x += bar + 2;
	if (s->phase == RUNNING && s->total)
		(void)snprintf(text, sizeof(text), "step %zu of %zu, %ld:%02ld",
			s->index + 1, s->total, seconds / 60, seconds % 60);
	else
		(void)snprintf(text, sizeof(text), "%s, %ld:%02ld",
			s->phase == RUNNING ? "starting" : "finished", seconds / 60,
			seconds % 60);
	(void)term_text(y, x, width - x - 1, ROLE_STRONG, text);
}

/* The last steps; the one under way, or that failed, is marked. */
static void draw_steps(const struct state *s, struct area a)
{
	static const char *const signs[] = {
		[RUNNING] = "►", [SUCCEEDED] = "✓", [FAILED] = "!"
	};
	static const enum role roles[] = {
		[RUNNING] = ROLE_HEADING, [SUCCEEDED] = ROLE_GOOD, [FAILED] = ROLE_BAD
	};
	size_t from = s->steps.n > (size_t)a.h ? s->steps.n - (size_t)a.h : 0;

	for (size_t i = from; i < s->steps.n; i++, a.y++) {
		enum phase phase = i + 1 == s->steps.n ? s->phase : SUCCEEDED;

		(void)term_text(a.y, 3, 1, roles[phase], signs[phase]);
		(void)term_text(a.y, 5, a.w - 6,
			phase == SUCCEEDED ? ROLE_DIM : ROLE_STRONG,
			s->steps.lines[i].text);
	}
}

static void apply_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;
	struct area steps = body, output = body;

	(void)term_text(body.y, 1, body.w - 2, titles[s->phase].role,
		titles[s->phase].words[s->arg.way]);
	steps.y++;
	steps.h = body.h / 3;
	draw_steps(s, steps);
	output.y = steps.y + steps.h + 1;
	output.h = body.y + body.h - output.y - 2;
	term_fill(output.y - 1, 0, body.w, ROLE_RULE, "─");
	(void)term_text(output.y - 1, 2, body.w - 4, ROLE_DIM, " output ");
	output.x = 1;
	output.w -= 2;
	pager_draw(&s->pager, &s->output, output);
	draw_progress(s, body.y + body.h - 1, body.w);
	(void)pager_position(&s->pager, w->position);
}

/* -- the work -------------------------------------------------------------------- */

struct job {
	const struct wizard *w;
	const struct apply_arg *arg;
};

static int job_run(
	void *data, const struct progress *progress, char **ret_id, struct err *err)
{
	const struct job *job = data;
	const struct wizard *w = job->w;
	const struct apply_arg *arg = job->arg;
	const struct backup_options options = { .no_run = w->options->no_run,
		.choices = arg->choices,
		.n_choices = arg->n_choices };

	if (arg->plan)
		return backup_apply(
			w->root, w->host, arg->plan, &options, progress, ret_id, err);
	if (arg->cut_short)
		return backup_resume(
			w->root, arg->set, arg->resume, &options, progress, ret_id, err);
	return backup_restore(w->root, arg->set, &options, progress, ret_id, err);
}

static void add_output(struct state *s, const char *text)
{
	styled_add(&s->output, ROLE_TEXT, text);
	styled_end_exact(&s->output, 2);
	if (s->output.n > OUTPUT_MAX)
		styled_drop(&s->output, OUTPUT_DROP);
}

static void on_step(struct state *s, const struct worker_event *event)
{
	const char *command = after_prefix(event->text, "run ");

	s->index = event->index;
	s->total = event->total;
	styled_line(&s->steps, ROLE_TEXT, 0, event->text);
	if (command) { /* its output follows */
		styled_addf(&s->output, ROLE_STRONG, "$ %s", command);
		styled_end_exact(&s->output, 2);
	}
}

/* Devices were moved, and nothing was written: it is no matter of the next boot. */
static bool moved_only(const struct apply_arg *arg)
{
	return arg->plan ? arg->plan->steps.n_moves && !arg->plan->steps.n_changes
			 : set_only_moves(arg->set);
}

static void apply_finish(
	struct wizard *w, struct state *s, const struct worker_event *event)
{
	s->phase = event->code < 0 ? FAILED : SUCCEEDED;
	s->ended = term_clock();
	w->stale = true; /* sets were added, whatever came of them */
	w->last.done = s->phase == SUCCEEDED;
	w->last.way = s->arg.way;
	w->written = w->last.done && !moved_only(&s->arg);
	if (w->last.done) {
		free(w->last.set);
		w->last.set = xstrdup(event->id);
		if (moved_only(&s->arg)) {
			wizard_say(w, ROLE_GOOD,
				"Done, until the next boot. Enter goes on.");
			return;
		}
		w->expectation = EXPECTATION_PENDING;
		wizard_say(w, ROLE_GOOD, "Done. Enter shows what comes next.");
		return;
	}
	(void)snprintf(s->failure, sizeof(s->failure), "%.1023s", event->text);
	styled_line(&s->output, ROLE_BAD, 0, event->text);
	if (event->kind == WORKER_GONE)
		styled_line(&s->output, ROLE_BAD, 0,
			"It may be half done: u on the first page puts everything back.");
	wizard_say(
		w, ROLE_BAD, "It failed: the end of the output says why. Enter goes on.");
}

static void on_event(struct wizard *w, struct state *s, const struct worker_event *event)
{
	if (event->kind == WORKER_STEP)
		on_step(s, event);
	else if (event->kind == WORKER_OUTPUT)
		add_output(s, event->text);
	else
		apply_finish(w, s, event);
}

static void scroll(struct state *s, enum action action)
{
	if (!pager_move(&s->pager, action))
		return;
	s->pager.follow = s->pager.top + s->pager.page >= s->pager.rows;
}

static void key_while_running(struct wizard *w, struct state *s, int key)
{
	enum action action = key_action(KEYS_APPLY, key);

	if (action == ACTION_QUIT) {
		s->quit = true;
		wizard_say(w, ROLE_WARN,
			"It cannot stop half-way: it is finished first, then pciferry quits.");
	} else if (action == ACTION_NEXT) {
		wizard_say(w, ROLE_TEXT, "Not done yet.");
	} else {
		scroll(s, action);
	}
}

static void draw_sometimes(struct wizard *w, struct state *s, bool now)
{
	int64_t clock = term_clock();

	if (!now && clock && clock - s->drawn < FRAME_MS)
		return;
	s->drawn = clock;
	if (term_signal() != SIGHUP)
		frame_show(w);
}

static void follow(struct wizard *w, struct state *s, struct worker *worker)
{
	struct worker_event event;
	int key;

	while (s->phase == RUNNING) {
		key = term_signal() ? TERM_FD : term_key(worker->fd, TICK_MS);
		if (key == TERM_FD) {
			worker_next(worker, &event);
			on_event(w, s, &event);
		} else if (key > TERM_NONE && key != TERM_END) {
			key_while_running(w, s, key);
		}
		draw_sometimes(w, s, key != TERM_FD);
	}
}

static void work(struct wizard *w, void *state)
{
	struct state *s = state;
	struct job job = { w, &s->arg };
	struct worker worker;
	struct err err;

	s->started = term_clock();
	if (worker_start(&worker, job_run, &job, &err) < 0) {
		struct worker_event event = { .kind = WORKER_RESULT, .code = err.code };

		(void)snprintf(event.text, sizeof(event.text), "%s", err.text);
		apply_finish(w, s, &event);
		return;
	}
	follow(w, s, &worker);
	if (term_signal() || (s->quit && s->phase == SUCCEEDED))
		w->leave = true;
	if (term_signal() && s->phase == FAILED)
		wizard_fail(w, err_set(w->err, -ECANCELED, "%s", s->failure));
}

/* -- the page -------------------------------------------------------------------- */

static void apply_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (action == ACTION_NEXT && s->phase == SUCCEEDED && !moved_only(&s->arg))
		wizard_replace(w, &page_next, &s->arg);
	else if (action == ACTION_NEXT)
		wizard_home(w);
	else
		scroll(s, action);
}

static void apply_leave(void *state)
{
	struct state *s = state;

	styled_done(&s->steps);
	styled_done(&s->output);
}

static int apply_enter(
	struct wizard *w UNUSED, void *state, const void *arg, struct err *err UNUSED)
{
	struct state *s = state;

	s->arg = *(const struct apply_arg *)arg;
	s->pager.follow = true;
	return 0;
}

static bool apply_offers(
	const struct wizard *w UNUSED, const void *state, enum action action)
{
	const struct state *s = state;

	return action != ACTION_NEXT || s->phase != RUNNING;
}

static enum way apply_way(const void *state)
{
	return ((const struct state *)state)->arg.way;
}

const struct page page_apply = {
	.title = "Apply",
	.keys = KEYS_APPLY,
	.state_size = sizeof(struct state),
	.enter = apply_enter,
	.draw = apply_draw,
	.key = apply_key,
	.leave = apply_leave,
	.work = work,
	.offers = apply_offers,
	.way = apply_way,
};

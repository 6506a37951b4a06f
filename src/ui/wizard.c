// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/wizard.h"
#include "core/check/check.h"
#include "core/check/checks.h"
#include "core/plan/request.h"
#include "ui/frame.h"
#include "ui/script.h"
#include "backup/store.h"
#include "ui/session.h"
#include "backup/set.h"

#include <signal.h>

/* -- the loop -------------------------------------------------------------------- */

static void dispatch(struct wizard *w, enum action action)
{
	struct frame *f = &w->stack[w->depth - 1];

	switch (action) {
	case ACTION_NONE:
		break;
	case ACTION_QUIT:
		wizard_quit(w);
		break;
	case ACTION_BACK:
		wizard_back(w);
		break;
	case ACTION_HELP:
		wizard_open(w, &page_help, f->page);
		break;
	default:
		f->page->key(w, f->state, action);
	}
}

static void step(struct wizard *w)
{
	struct frame *f = &w->stack[w->depth - 1];
	enum action action;
	int key;

	frame_show(w);
	if (f->page->work && !f->worked) {
		f->worked = true;
		f->page->work(w, f->state);
		return;
	}
	key = term_key(-1, -1);
	if (key == TERM_RESIZE)
		return;
	if (key == TERM_END) {
		w->leave = true;
		return;
	}
	free(TAKE(w->message));
	action = key_action(f->page->keys, key);
	if (frame_fits() || action == ACTION_QUIT) /* no keys for what nobody sees */
		dispatch(w, action);
}

/*
 * The first page: what goes on after a reboot, or what is missing, without which nothing
 * can be handed over; else the devices.
 */
static void open_first(struct wizard *w)
{
	CLEANUP(checks_done) struct checks checks = { 0 };
	const struct set *newest = sets_newest(&w->sets);

	if (newest && set_unfinished(newest))
		wizard_open(w, &page_undo, NULL);
	else if (w->host->disk) {
		wizard_say(w, ROLE_WARN, "Of this host " NOT_VISIBLE ".");
		if (newest)
			wizard_open(w, &page_undo, NULL);
	} else if (w->expectation == EXPECTATION_STEP)
		wizard_open(w, &page_resume, NULL);
	else if (w->n_lost)
		wizard_say(w, ROLE_BAD,
			"Addresses have moved: a claim does not point at its device any more. v shows it and plans the repair.");
	else {
		checks_run(&(struct probe){ w->root, w->host }, &checks);
		if (!checks_ready(&checks))
			wizard_open(w, &page_check, NULL);
	}
}

static int run(struct wizard *w)
{
	int r;

	term_erase();
	(void)term_text(0, 1, 60, ROLE_TEXT, "Reading the host ...");
	term_show(0, 0, false);
	r = wizard_rescan(w, w->err);
	if (r < 0)
		return r;
	wizard_open(w, &page_tree, NULL);
	open_first(w);
	while (!w->leave)
		step(w);
	return w->result;
}

static const char *signal_words(int sig)
{
	return sig == SIGHUP   ? "The terminal is gone"
	       : sig == SIGINT ? "Interrupted"
			       : "Told to end by a signal";
}

/* What is worth saying once the screen is gone. */
static int farewell(const struct wizard *w, int r, struct err *err)
{
	const char *set = w->last.done ? w->last.set : NULL;
	char done[200] = "";

	if (set)
		(void)snprintf(done, sizeof(done),
			"Set %.8s is %s; it takes effect with the next reboot. \"pciferry undo\" takes it back.",
			set, w->last.way == WAY_UNDO ? "put back" : "written");
	if (r < 0)
		return r;
	if (term_signal())
		return err_set(err, -EINTR, "%s.%s%s", signal_words(term_signal()),
			done[0] ? " " : "", done);
	(void)err_set(err, 0, "%s", done);
	return 0;
}

int wizard_run(
	const struct root *root, const struct wizard_options *options, struct err *err)
{
	struct wizard w = { .root = root, .options = options, .err = err };
	struct term_options term = { .ascii = options->ascii,
		.no_color = options->no_color };
	autoscript struct script *script = NULL;
	int r;

	err->text[0] = '\0';
	if (options->keys_script && root_kind(root) != ROOT_LIVE) {
		r = script_open(options->keys_script, &script, err);
		if (r < 0)
			return r;
		term.script = script;
	}
	r = term_start(&term, err);
	if (r < 0)
		return r;
	r = run(&w);
	term_end();
	r = farewell(&w, r, err);
	if (script && r == 0)
		r = script_result(script, err);
	wizard_done(&w);
	return r;
}

void wizard_reraise(void)
{
	if (!term_signal())
		return;
	(void)signal(term_signal(), SIG_DFL);
	(void)raise(term_signal());
}

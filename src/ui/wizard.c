// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/wizard.h"
#include "core/base/text.h"
#include "core/check/check.h"
#include "core/check/checks.h"
#include "core/plan/request.h"
#include "core/scan/scan.h"
#include "core/verify/verify.h"
#include "ui/frame.h"
#include "ui/page.h"
#include "ui/prompt.h"
#include "ui/script.h"
#include "backup/store.h"

#include <signal.h>
#include <stdarg.h>

/* -- what pages share ------------------------------------------------------------ */

enum role mark_role(enum mark mark)
{
	static const enum role roles[] = {
		[MARK_ISOLATED] = ROLE_ISOLATED,
		[MARK_SHARED] = ROLE_SHARED,
		[MARK_BLOCKED] = ROLE_BLOCKED,
		[MARK_PASSED] = ROLE_PASSED,
		[MARK_NONE] = ROLE_NONE,
	};

	return roles[mark];
}

void time_show(const char *s, char *buf, size_t size)
{
	if (s && strlen(s) >= 16)
		(void)snprintf(buf, size, "%.10s %.5s UTC", s, s + 11);
	else
		(void)snprintf(buf, size, "at an unknown time");
}

void wizard_say(struct wizard *w, enum role role, const char *fmt, ...)
{
	autofree char *s = NULL;
	va_list args;

	va_start(args, fmt);
	s = text_vprintf(fmt, args);
	va_end(args);
	if (!s)
		return;
	free(w->message);
	w->message = text_escape(s);
	w->message_role = role;
}

bool wizard_refuses(struct wizard *w, const struct plan *plan, const char *deed)
{
	const struct finding *f = plan ? plan_refusal(plan) : NULL;

	if (f)
		wizard_say(w, ROLE_BAD, "Refused: %s", f->text);
	else if (!w->host->root_user)
		wizard_say(w, ROLE_WARN,
			"Only root can %s: quit, and start it with \"sudo pciferry\".",
			deed);
	else
		return false;
	return true;
}

void wizard_fail(struct wizard *w, int code)
{
	if (code == -ENOMEM)
		(void)err_oom(w->err);
	w->result = code;
	w->leave = true;
}

bool wizard_request_changed(const struct wizard *w)
{
	return !claims_equal(&w->request.claims, &w->started);
}

bool wizard_fits(void)
{
	struct area size = term_size();

	return size.w >= SCREEN_MIN_W && size.h >= SCREEN_MIN_H;
}

/* -- the host -------------------------------------------------------------------- */

static void host_forget(struct wizard *w)
{
	plan_free(TAKE(w->plan)); /* it borrows from the host */
	claims_done(&w->started);
	w->started = (struct claims){ 0 };
	host_free(TAKE(w->host));
}

/* A choice that is not written yet outlives a new look at the host. */
static int request_renew(struct wizard *w, bool keep, struct err *err)
{
	struct request fresh;

	if (request_start(w->host, &fresh) < 0)
		return err_oom(err);
	if (claims_copy(&fresh.claims, &w->started) < 0) {
		request_done(&fresh);
		return err_oom(err);
	}
	if (keep) {
		request_done(&fresh);
		return 0;
	}
	request_done(&w->request);
	w->request = fresh;
	return 0;
}

void wizard_drop_choices(struct wizard *w, const char *set)
{
	if (set && streq(w->choices_of, set))
		return;
	for (size_t i = 0; i < w->n_choices; i++)
		free((char *)w->choices[i].path);
	free(TAKE(w->choices));
	w->n_choices = w->choice_at = 0;
	(void)snprintf(w->choices_of, sizeof(w->choices_of), "%s", set ?: "");
}

int wizard_rescan_sets(struct wizard *w, struct err *err)
{
	struct sets sets;
	int r = sets_scan(w->root, &sets, err);

	if (r < 0)
		return r;
	sets_done(&w->sets);
	w->sets = sets;
	return 0;
}

/* What this wizard wrote was not booted since, whether or not the host tells its boots.
 */
static enum expectation_state expectation_now(struct wizard *w)
{
	CLEANUP(results_done) struct results results = { 0 };
	const struct set *set = sets_in_force(&w->sets);
	struct err ignored;

	w->n_lost = 0;
	if (!set)
		return EXPECTATION_NONE;
	if (streq_null(set->id, w->job.set) || set_pending(w->root, set))
		return EXPECTATION_PENDING;
	if (verify(&(struct probe){ w->root, w->host }, &set->expects, &results,
		    &ignored) < 0)
		return EXPECTATION_UNKNOWN;
	w->n_lost = results.n_lost;
	return !results_good(&results) ? EXPECTATION_UNMET
	       : results.second_step   ? EXPECTATION_STEP
				       : EXPECTATION_MET;
}

int wizard_rescan(struct wizard *w, struct err *err)
{
	struct host *host;
	struct err ignored;
	bool keep = wizard_request_changed(w) && !w->written;
	int r = host_scan(w->root, &host, err);

	if (r < 0)
		return r;
	host_forget(w);
	w->host = host;
	w->stale = w->written = false;
	/* Sets are root's own: without rights there is just nothing to tell of them. */
	if (wizard_rescan_sets(w, &ignored) < 0)
		sets_done(&w->sets);
	w->expectation = expectation_now(w);
	return request_renew(w, keep, err);
}

const struct device *wizard_device_here(const struct wizard *w)
{
	const struct group *g = w->at_group;

	if (w->at_device || !g || g->number < 0)
		return w->at_device;
	for (size_t i = 0; i < g->n_devices; i++)
		if (!device_is_bridge(&w->host->devices[g->devices[i]]))
			return &w->host->devices[g->devices[i]];
	return NULL;
}

/* -- the stack ------------------------------------------------------------------- */

static struct frame *top(struct wizard *w)
{
	return &w->stack[w->depth - 1];
}

static void drop(const struct frame *f)
{
	if (f->state && f->page->leave)
		f->page->leave(f->state);
	free(f->state);
}

static void pop(struct wizard *w)
{
	drop(top(w));
	w->depth--;
}

void wizard_push(struct wizard *w, const struct page *page)
{
	struct frame f = { .page = page };
	struct err err = { 0 };
	int r;

	if (w->depth == PAGES_MAX)
		return;
	f.state = calloc(1, page->state_size);
	r = f.state ? page->enter(w, f.state, &err) : -ENOMEM;
	if (r == 0) {
		w->stack[w->depth++] = f;
		return;
	}
	drop(&f);
	if (r == -ENOMEM)
		wizard_fail(w, r);
	else
		wizard_say(w, ROLE_BAD, "%s", err.text);
}

void wizard_back(struct wizard *w)
{
	if (w->depth > 1)
		pop(w);
}

void wizard_replace(struct wizard *w, const struct page *page)
{
	size_t depth = w->depth;
	struct frame new;

	wizard_push(w, page);
	if (w->depth == depth)
		return;
	new = w->stack[depth];
	w->depth = depth;
	pop(w);
	w->stack[w->depth++] = new;
}

void wizard_home(struct wizard *w)
{
	struct err err;
	bool stale = w->stale;
	int r;

	while (w->depth > (stale ? 0 : 1))
		pop(w);
	if (!stale)
		return;
	r = wizard_rescan(w, &err);
	if (r < 0) {
		(void)err_set(w->err, r, "%s", err.text);
		wizard_fail(w, r);
		return;
	}
	wizard_push(w, &page_tree);
}

void wizard_quit(struct wizard *w)
{
	if (!wizard_request_changed(w) || w->written || !wizard_fits() ||
		ask_key(w, "Your choice is not written yet. Quit all the same?"))
		w->leave = true;
}

bool wizard_offers(const struct wizard *w, enum action action)
{
	const struct frame *f = &w->stack[w->depth - 1];

	return !f->page->offers || f->page->offers(w, f->state, action);
}

/* -- the loop -------------------------------------------------------------------- */

void wizard_paint(struct wizard *w)
{
	struct frame *f = top(w);
	struct area body, size = term_size();

	term_erase();
	w->position[0] = '\0';
	w->cursor_y = size.h - 1;
	w->cursor_x = size.w - 1;
	if (!wizard_fits()) {
		frame_draw_too_small();
		return;
	}
	body = frame_draw(w);
	f->page->draw(w, f->state, body);
	frame_draw_message(w);
}

void wizard_draw(struct wizard *w)
{
	wizard_paint(w);
	term_show(w->cursor_y, w->cursor_x, false);
}

static void dispatch(struct wizard *w, enum action action)
{
	struct frame *f = top(w);

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
		wizard_push(w, &page_help);
		break;
	default:
		f->page->key(w, f->state, action);
	}
}

static void step(struct wizard *w)
{
	struct frame *f = top(w);
	enum action action;
	int key;

	wizard_draw(w);
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
	if (wizard_fits() || action == ACTION_QUIT) /* no keys for what nobody sees */
		dispatch(w, action);
}

static void wizard_done(struct wizard *w)
{
	while (w->depth)
		pop(w);
	host_forget(w);
	request_done(&w->request);
	sets_done(&w->sets);
	wizard_drop_choices(w, NULL);
	free(w->job.set);
	free(w->message);
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
		wizard_push(w, &page_undo);
	else if (w->expectation == EXPECTATION_STEP)
		wizard_push(w, &page_resume);
	else if (w->n_lost)
		wizard_say(w, ROLE_BAD,
			"Addresses have moved: a claim does not point at its device any more. v shows it and plans the repair.");
	else if (checks_run(&(struct probe){ w->root, w->host }, &checks) < 0)
		wizard_fail(w, -ENOMEM);
	else if (!checks_ready(&checks))
		wizard_push(w, &page_check);
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
	wizard_push(w, &page_tree);
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
	const char *set = w->job.done && w->job.set ? w->job.set : NULL;
	char done[200] = "";

	if (set)
		(void)snprintf(done, sizeof(done),
			"Set %.8s is %s; it takes effect with the next reboot. \"pciferry undo\" takes it back.",
			set, w->job.restore && !w->job.again ? "put back" : "written");
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

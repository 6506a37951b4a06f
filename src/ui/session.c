// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/session.h"
#include "core/base/text.h"
#include "core/plan/request.h"
#include "core/scan/scan.h"
#include "core/verify/verify.h"
#include "ui/frame.h"
#include "ui/prompt.h"
#include "backup/store.h"

#include <stdarg.h>

void wizard_say(struct wizard *w, enum role role, const char *fmt, ...)
{
	autofree char *s = NULL;
	va_list args;

	va_start(args, fmt);
	s = text_vprintf(fmt, args);
	va_end(args);
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
	w->result = code;
	w->leave = true;
}

bool wizard_request_changed(const struct wizard *w)
{
	return !claims_equal(&w->request.claims, &w->started);
}

/* -- the host -------------------------------------------------------------------- */

static void host_forget(struct wizard *w)
{
	claims_done(&w->started);
	w->started = (struct claims){ 0 };
	host_free(TAKE(w->host));
}

/* A choice that is not written yet outlives a new look at the host. */
static void request_renew(struct wizard *w, bool keep)
{
	struct request fresh;

	request_start(w->host, &fresh);
	claims_copy(&fresh.claims, &w->started);
	if (keep) {
		request_done(&fresh);
		return;
	}
	request_done(&w->request);
	w->request = fresh;
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
	if (streq_null(set->id, w->last.set) || set_pending(w->root, set))
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
	request_renew(w, keep);
	return 0;
}

/* -- the stack ------------------------------------------------------------------- */

static struct frame *top(struct wizard *w)
{
	return &w->stack[w->depth - 1];
}

static void drop(const struct frame *f)
{
	if (f->page->leave)
		f->page->leave(f->state);
	free(f->state);
}

static void pop(struct wizard *w)
{
	drop(top(w));
	w->depth--;
}

void wizard_open(struct wizard *w, const struct page *page, const void *arg)
{
	struct frame f = { .page = page };
	struct err err = { 0 };

	if (w->depth == PAGES_MAX)
		return;
	f.state = xcalloc(1, page->state_size);
	if (page->enter(w, f.state, arg, &err) == 0) {
		w->stack[w->depth++] = f;
		return;
	}
	drop(&f);
	wizard_say(w, ROLE_BAD, "%s", err.text);
}

void wizard_back(struct wizard *w)
{
	if (w->depth > 1)
		pop(w);
}

void wizard_replace(struct wizard *w, const struct page *page, const void *arg)
{
	size_t depth = w->depth;
	struct frame new;

	wizard_open(w, page, arg);
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
	wizard_open(w, &page_tree, NULL);
}

void wizard_quit(struct wizard *w)
{
	if (!wizard_request_changed(w) || w->written || !frame_fits() ||
		ask_key(w, "Your choice is not written yet. Quit all the same?"))
		w->leave = true;
}

bool wizard_offers(const struct wizard *w, enum action action)
{
	const struct frame *f = &w->stack[w->depth - 1];

	return !f->page->offers || f->page->offers(w, f->state, action);
}

void wizard_done(struct wizard *w)
{
	while (w->depth)
		pop(w);
	host_forget(w);
	request_done(&w->request);
	sets_done(&w->sets);
	free(w->last.set);
	free(w->message);
}

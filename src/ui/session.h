/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the wizard knows as long as it runs, and what its pages do with it. */
#pragma once

#include "backup/backup.h"
#include "core/plan/plan.h"
#include "ui/page.h"
#include "ui/pager.h"
#include "ui/wizard.h"

#define PAGES_MAX 8

struct frame {
	const struct page *page;
	void *state;
	bool worked;
};

/* What was written last: for the header, and for the words at the end. */
struct outcome {
	bool done; /* with success */
	enum way way;
	char *set; /* id of the last set that was made */
};

/* Whether what is in force came true: the header's word for it. */
enum expectation_state {
	EXPECTATION_NONE, /* nothing is in force */
	EXPECTATION_UNKNOWN, /* the host does not tell */
	EXPECTATION_PENDING, /* not booted since */
	EXPECTATION_MET,
	EXPECTATION_UNMET,
	EXPECTATION_STEP, /* step one of two was kept: the chosen devices can go now */
};

struct wizard {
	const struct root *root;
	const struct wizard_options *options;
	struct err *err; /* of wizard_run() */
	int result; /* a negative errno ends the wizard */
	bool leave;
	struct frame stack[PAGES_MAX];
	size_t depth;

	struct host *host;
	struct sets sets; /* empty where they cannot be read */
	enum expectation_state expectation;
	size_t n_lost; /* claims that do not point at their device any more */
	struct request request;
	struct claims started; /* the request as it was when the host was read */
	struct outcome last;
	bool stale; /* the host was changed: read it again before the next choice */
	bool written; /* the request is on disk: it is no choice that could get lost */

	char *message; /* a sentence above the footer, until the next key */
	enum role message_role;
	char position[POSITION_SIZE]; /* in a text that is longer than the screen */
	char cursor[24]; /* address of the device where the tree's cursor was last: it
			    outlives a new look at the host */
	int cursor_y, cursor_x; /* where the terminal's own cursor rests */
};

/* -- the stack ------------------------------------------------------------------- */
/* Opens a page over the one on top; see pages.def for its argument. */
void wizard_open(struct wizard *w, const struct page *page, const void *arg);
void wizard_back(struct wizard *w);
/* In place of the page on top. */
void wizard_replace(struct wizard *w, const struct page *page, const void *arg);
/* To the tree, from anywhere; reads the host again where it is stale. */
void wizard_home(struct wizard *w);
void wizard_quit(struct wizard *w);
/* An error nobody can go on after. */
void wizard_fail(struct wizard *w, int code);

/* -- what pages share ------------------------------------------------------------ */
/* A sentence above the footer; may hold anything, it is escaped. */
void wizard_say(struct wizard *w, enum role role, const char *fmt, ...) PRINTF(3, 4);
/* Whether the plan (or NULL) or the user forbids the deed ("write"); says why. */
bool wizard_refuses(struct wizard *w, const struct plan *plan, const char *deed);
/* Reads the host, and the request and the sets with it. */
int wizard_rescan(struct wizard *w, struct err *err) MUST_CHECK;
/* Reads the sets alone: one may have been made since. */
int wizard_rescan_sets(struct wizard *w, struct err *err) MUST_CHECK;
bool wizard_request_changed(const struct wizard *w);
/* Frees what it holds. */
void wizard_done(struct wizard *w);
bool wizard_offers(const struct wizard *w, enum action action);
/* Devices in the request. */
static inline size_t wizard_n_chosen(const struct wizard *w)
{
	return w->request.claims.n;
}

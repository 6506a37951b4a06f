/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal: the only code that knows curses, the signals and every way out.
 *
 * However the program ends after term_start() (return, exit, SIGTERM, SIGHUP, SIGINT, a
 * crash), the terminal is as it was before. There is one terminal, so there is no handle.
 *
 * Strings are UTF-8 and must be safe to show: see text.h. Positions count from 0.
 */
#pragma once

#include <stdint.h>

#include "core/base/err.h"

struct script;

struct area {
	int y, x, h, w;
};

enum role {
#define ROLE(name, ...) ROLE_##name,
#include "ui/roles.def"
#undef ROLE
	ROLE_COUNT,
	ROLE_AT = 0x80, /* added to a role: under the cursor */
};

/* What term_key() returns besides characters (Unicode). */
enum term_key {
	TERM_NONE = 0, /* the timeout passed */
	TERM_UP = 0x110000,
	TERM_DOWN,
	TERM_LEFT,
	TERM_RIGHT,
	TERM_PAGE_UP,
	TERM_PAGE_DOWN,
	TERM_HOME,
	TERM_LAST,
	TERM_ENTER,
	TERM_ESCAPE,
	TERM_BACKSPACE,
	TERM_DELETE,
	TERM_HELP, /* F1 */
	TERM_RESIZE, /* the size changed: draw again */
	TERM_FD, /* the descriptor given to term_key() is readable */
	TERM_END, /* a signal, or the terminal is gone: leave. Repeats for ever */
	TERM_OTHER, /* a key without a meaning here */
};

struct term_options {
	bool ascii; /* no character beyond ASCII, whatever the locale */
	bool no_color;
	struct script *script; /* keys come from it and no terminal is touched; or NULL */
};

/*
 * -ENOTTY without a terminal (err names the verbs that need none), -ENOTSUP for a TERM
 * that is unknown or cannot place text.
 */
int term_start(const struct term_options *options, struct err *err) MUST_CHECK;
void term_end(void);
/* In a forked child: the terminal is the parent's, and signals leave the work alone. */
void term_child(void);

struct area term_size(void);
void term_erase(void);
/*
 * Writes s into width cells and returns those it took; what does not fit ends in an
 * ellipsis. role may have ROLE_AT added.
 */
int term_text(int y, int x, int width, unsigned role, const char *s);
/* One sign, again and again. */
void term_fill(int y, int x, int width, unsigned role, const char *sign);
void term_blank(struct area area);
/* Shows what was drawn, with the terminal's cursor at y, x. */
void term_show(int y, int x, bool cursor);

/*
 * The next key. Waits at most timeout milliseconds (-1: for ever), and wakes for fd (-1:
 * none) when it is readable.
 */
int term_key(int fd, int timeout);
/* "Down" for TERM_DOWN and back, for scripts; 0 for an unknown name. */
int term_key_by_name(const char *name);
/* The signal that asked the program to end, or 0. */
int term_signal(void);
/* Milliseconds since some moment; stands still in a script. */
int64_t term_clock(void);

/* For scripts: what the screen holds. */
void term_resize(int width, int height);
bool term_shows(const char *s);
/* The screen as text, then the role of every cell; or what curses really set. */
void term_dump(FILE *out);
void term_dump_attributes(FILE *out);

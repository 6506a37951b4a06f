/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signals of the terminal's program, for term.c: a wish to end, a new size, a crash.
 */
#pragma once

#include "core/base/util.h"

/* Notes the terminal's modes, for a crash, and makes the pipe; 0, or -1 and errno. */
int signals_prepare(bool terminal) MUST_CHECK;
void signals_close(void);
/* What a crash sends to the terminal, in this order: strings of terminfo. */
void signals_crash_send(const char *s);
/* Sets the handlers, and puts back what was there before. */
void signals_start(void);
void signals_end(void);
/* See term_child(). */
void signals_child(void);

/* Readable after a signal. */
int signals_fd(void);
/* The signal that asked the program to end, or 0; it stays. */
int signals_end_wish(void);
/* The terminal is gone: as if SIGHUP had come. */
void signals_hang_up(void);
/* Whether the size may have changed since the last call. */
bool signals_resized(void);

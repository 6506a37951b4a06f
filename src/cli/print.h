/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people on standard output; whatever comes from the host is made harmless. */
#pragma once

#include "core/base/err.h"
#include "core/host/host.h"

/* printf() whose result is escaped line by line: arguments may come from anywhere. */
void print(const char *fmt, ...) PRINTF(1, 2);
/* "pciferry: " and the sentence, on standard error. */
void print_error(const struct err *err);
/* Colour for standard output, where it is a terminal that wants it; "" otherwise. */
const char *mark_colour(enum mark mark);
const char *no_colour(void);
/* Whether text is for a person at a terminal, who can be asked. */
bool can_ask(void);
/* Asks and reads one line; whether it was "yes". */
bool ask_yes(const char *question);

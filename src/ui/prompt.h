/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions: they take the keys until they are answered; Esc is always a no. */
#pragma once

#include "ui/session.h"

#define PROMPT_SIZE 128 /* bytes of an answer */

/* A line of text on the message's row. false: Esc, or nothing was typed. */
bool ask_line(struct wizard *w, const char *label, char answer[PROMPT_SIZE]);

/*
 * A sheet over the page, with a text and a line to type a word in. What was typed comes
 * back in answer; false: Esc.
 */
bool ask_word(struct wizard *w, const struct styled *text, const char *label,
	char answer[PROMPT_SIZE]);

/* The same for the word "yes". Else it is said that nothing was done: "written". */
bool ask_to_go_on(struct wizard *w, const struct styled *text, const char *done);

/* One key: y is yes, everything else no. */
bool ask_key(struct wizard *w, const char *question);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands that a shell script's text has, in its order and as they are written:
 * nothing is expanded. Comments and here-documents are left out.
 */
#pragma once

#include "core/base/util.h"

/* How a command hangs on the one before it. */
enum joint { JOINT_NONE, JOINT_AND, JOINT_OR, JOINT_PIPE };

/*
 * A word of structure stands alone: "if", "then", "do", "{", "(", "!" and their like;
 * "case WORD in", "for NAME in WORDS" and "NAME()" are one each; a pattern of case is
 * COMMAND_PATTERN and its text.
 */
#define COMMAND_PATTERN "\002"

struct command {
	size_t line; /* from 1 */
	enum joint joint;
	char **words; /* with their quotes; see strv.h */
	char **outs; /* files that its output goes to */
	bool reads; /* its input is a file's or a here-document's */
};

struct commands {
	struct command *list;
	size_t n;
};

void commands_done(struct commands *commands);
/* Adds those of a text, whose first line has that number. */
void commands_read(const char *text, size_t line, struct commands *ret);
/* Whether the word begins a structure that another one ends. */
bool commands_opens(const char *word);
/* The index of what ends the structure that begins at i; n where nothing does. */
size_t commands_end(const struct commands *commands, size_t i);

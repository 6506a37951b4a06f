/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the variables that a POSIX shell would have after sourcing a configuration
 * file such as /etc/default/grub: all quoting, "+=", continuation lines, references to
 * earlier variables. Nothing is run: what a command substitution would give is unknown.
 * Both branches of a condition count as taken.
 */
#pragma once

#include "core/base/err.h"

/*
 * Where the last assignment of a variable ends: bytes [start, end) of the text that was
 * sourced last are its last quoted part, without the quotes, or its last unquoted one.
 */
struct shell_tail {
	size_t start, end;
	bool quoted;
	bool whole; /* the part is the whole value */
};

struct shell_var {
	char *name;
	char *value;
	bool unknown; /* the value has parts that only running it would tell */
	bool appended; /* by "+=", which not every shell has */
	struct shell_tail tail;
};

/*
 * Words behind a value, as in NAME="a" b=c, or blanks around the '=': to a shell that is
 * a command, and the variable is set for it alone, if at all (POSIX, Shell Command
 * Language, 2.9.1).
 */
struct shell_stray {
	char *path, *name, *word; /* where the command begins */
	size_t line;
};

struct shell_vars {
	struct shell_var *list;
	size_t n;
	struct shell_stray *strays;
	size_t n_strays;
	bool commands; /* there was more than assignments: one may undo another */
};

void shell_vars_done(struct shell_vars *vars);
/* Sources text on top of vars. path is for messages: err names it and the line. */
int shell_source(struct shell_vars *vars, const char *path, const char *text,
	struct err *err) MUST_CHECK;
/*
 * -EINVAL where a file that was sourced has a command in place of an assignment that was
 * meant: of this variable or one whose name begins like it, up to the first '_'; or the
 * command looks like an assignment itself. No such command is there: with set -e, as in
 * grub-mkconfig, all ends at that line.
 */
int shell_check(
	const struct shell_vars *vars, const char *name, struct err *err) MUST_CHECK;
/* Whether text, on its own, sets the variable. */
bool shell_sets(const char *path, const char *text, const char *name);
/* The variable, or NULL where it was never set. */
const struct shell_var *shell_get(const struct shell_vars *vars, const char *name);
